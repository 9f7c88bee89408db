//! What decides whether a face can be compared at all, measured by the components that ISO/IEC 29794-5 names.
//!
//! [`Quality`] is what the detector and the aligned face tell and costs next to nothing; [`MeshQuality`] needs the face's
//! mesh. Neither knows what is good enough.

mod exposure;
mod eyes;
mod mouth;
mod on_mesh;
mod pose;
mod sharpness;
mod skin;

pub use self::exposure::Exposure;
pub use self::on_mesh::MeshQuality;
pub use self::pose::Pose;
use super::align::{ALIGNED_SIDE, AlignedFace};
use super::geometry::Face;
use crate::picture::Picture;

/// What the detector and the aligned face tell of a picture's most prominent face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Inter-eye distance: between the eyes' centres, in pixels of the picture.
    pub eye_distance: f32,
    /// Side of the square the face was aligned from, in pixels of the picture (see [`AlignedFace::crop_side`]).
    pub crop_side: f32,
    /// The face's part beyond the picture's border, as a share of its bounds, 0 to 1.
    pub cut_off: f32,
    /// Standard deviation of the Laplacian of the aligned face's inner part, in grey levels. About 0 for a flat area.
    pub sharpness: f32,
    /// How the face is lit.
    pub exposure: Exposure,
    /// The next face's visible area as a share of this one's, the largest of all others; 0 where there is no other.
    /// A face the picture's border cuts off counts with the part that is seen.
    pub second_face_share: f32,
    /// How many other faces there are that count.
    pub other_faces: usize,
}

impl Quality {
    /// Measures the first of `faces` (as [`crate::runtime::Bench::detect`] orders them); `None` without a face that
    /// can be aligned.
    pub fn measure(picture: &Picture, faces: &[Face]) -> Option<Self> {
        let (face, others) = faces.split_first()?;
        Some(Self::of_aligned(&AlignedFace::cut(picture, face)?, picture, face, others))
    }

    /// The same, where the face has been aligned already.
    pub fn of_aligned(aligned: &AlignedFace, picture: &Picture, face: &Face, others: &[Face]) -> Self {
        let seen = |face: &Face| face.bounds.area_within(picture);
        let confident = || others.iter().filter(|other| other.score >= CONFIDENT);
        let next = confident().map(seen).fold(0.0, f32::max);
        let grey = grey(aligned);
        Self {
            eye_distance: face.eye_distance(),
            crop_side: aligned.crop_side(),
            cut_off: (1.0 - seen(face) / face.bounds.area()).clamp(0.0, 1.0),
            sharpness: sharpness::of(&grey),
            exposure: Exposure::of(&grey),
            second_face_share: next / seen(face).max(1.0),
            other_faces: confident().count(),
        }
    }
}

/// Another face counts from this confidence on: patterns that look a little like a face are no second person.
const CONFIDENT: f32 = 0.75;

/// Columns and rows of an aligned face that show the face itself: eyes to mouth, no background, hair or collar.
const INNER_COLUMNS: std::ops::Range<usize> = 24..88;
const INNER_ROWS: std::ops::Range<usize> = 36..104;

/// The aligned face's luma, 0 to 255, row by row.
fn grey(aligned: &AlignedFace) -> Vec<f32> {
    aligned.rgb().as_chunks::<3>().0.iter().map(|rgb| luma(*rgb)).collect()
}

/// Luma by ITU-R BT.601, 0 to 255.
pub(crate) fn luma([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::{Bounds, Point};

    fn face(left: f32, side: f32, score: f32) -> Face {
        let at = |x: f32, y: f32| Point { x: left + x * side, y: y * side };
        let landmarks = [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)];
        Face { bounds: Bounds { left, top: 0.0, width: side, height: side }, landmarks, score }
    }

    /// The detector's box has no part in it: a face whose box is drawn wide is not told in more detail.
    #[test]
    fn the_crop_grows_with_the_distances_of_the_landmarks_alone() {
        let picture = striped(4, 40);
        let crop = |face: &Face| Quality::measure(&picture, &[*face]).expect("a face").crop_side;
        let of_template = |scale: f32| {
            let at = |x: f32, y: f32| Point { x: 10.0 + x * scale, y: 10.0 + y * scale };
            // Eyes, nose and corners of the mouth of an aligned face, in its pixels.
            let landmarks =
                [at(38.29, 51.7), at(73.53, 51.5), at(56.03, 71.74), at(41.55, 92.37), at(70.73, 92.2)];
            Face { landmarks, ..face(0.0, 100.0, 0.9) }
        };
        for (scale, side) in [(0.25, 28.0), (0.5, 56.0), (1.0, 112.0), (1.5, 168.0)] {
            let narrow = of_template(scale);
            let wide = Face { bounds: Bounds { width: 190.0, ..narrow.bounds }, ..narrow };
            assert!((crop(&narrow) - side).abs() < 0.1, "{scale}: {}", crop(&narrow));
            assert_eq!(crop(&narrow), crop(&wide), "{scale}");
        }
    }

    /// Grey with stripes of `period` pixels and `contrast` grey levels.
    fn striped(period: usize, contrast: u8) -> Picture {
        let stripe =
            |pixel: usize| if (pixel % 200 / period).is_multiple_of(2) { 128 } else { 128 + contrast };
        Picture::new(200, 200, (0..40_000).flat_map(|pixel| [stripe(pixel); 3]).collect()).expect("a picture")
    }

    #[test]
    fn sharpness_grows_with_detail_and_is_nothing_on_a_flat_face() {
        let of = |picture: &Picture| {
            Quality::measure(picture, &[face(40.0, 110.0, 0.9)]).expect("a face").sharpness
        };
        assert!(of(&striped(4, 0)) < 1e-3);
        assert!(of(&striped(4, 40)) > 2.0 * of(&striped(40, 40)));
        assert!(of(&striped(4, 80)) > 1.5 * of(&striped(4, 40)));
    }

    #[test]
    fn the_other_faces_count_by_what_is_seen_of_them() {
        let picture = striped(4, 40);
        let first = face(0.0, 100.0, 0.9);
        let table = [
            ("alone", vec![], 0.0),
            ("a smaller one", vec![face(120.0, 50.0, 0.9)], 0.25),
            ("the larger of two others", vec![face(120.0, 20.0, 0.9), face(150.0, 50.0, 0.9)], 0.25),
            ("half beyond the border", vec![face(150.0, 100.0, 0.9)], 0.5),
            ("not confident", vec![face(100.0, 100.0, 0.65)], 0.0),
        ];
        for (case, others, share) in table {
            let faces: Vec<Face> = std::iter::once(first).chain(others).collect();
            let quality = Quality::measure(&picture, &faces).expect("a face");
            assert!((quality.second_face_share - share).abs() < 1e-6, "{case}: {quality:?}");
            assert_eq!(quality.eye_distance, 40.0, "{case}");
        }
        assert_eq!(Quality::measure(&picture, &[]), None);
    }
}

//! What decides whether a face can be compared at all.

use super::align::{ALIGNED_SIDE, AlignedFace};
use super::geometry::Face;
use crate::picture::Picture;

/// Measurements of a picture's most prominent face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Distance between the eyes' centres, in pixels of the picture.
    pub eye_distance: f32,
    /// The shorter side of the face's bounds, in pixels of the picture.
    pub face_side: f32,
    /// Standard deviation of the Laplacian of the aligned face's inner part, in grey levels. About 0 for a flat area.
    pub sharpness: f32,
    /// Area of the second most prominent face as a share of this one's; 0 where there is no other.
    pub second_face_share: f32,
}

impl Quality {
    /// Measures the first of `faces` (as [`crate::runtime::Bench::detect`] orders them); `None` without a face that
    /// can be aligned.
    pub fn measure(picture: &Picture, faces: &[Face]) -> Option<Self> {
        let face = faces.first()?;
        Some(Self::of_aligned(&AlignedFace::cut(picture, face)?, faces.first()?, faces.get(1)))
    }

    /// The same, where the face has been aligned already.
    pub fn of_aligned(aligned: &AlignedFace, face: &Face, second: Option<&Face>) -> Self {
        Self {
            eye_distance: face.eye_distance(),
            face_side: face.bounds.width.min(face.bounds.height),
            sharpness: sharpness(aligned),
            second_face_share: second.map_or(0.0, |second| second.bounds.area() / face.bounds.area()),
        }
    }
}

/// Columns and rows of an aligned face that show the face itself: eyes to mouth, no background, hair or collar.
const INNER_COLUMNS: std::ops::Range<usize> = 24..88;
const INNER_ROWS: std::ops::Range<usize> = 36..104;

/// Standard deviation of the four-neighbour Laplacian in grey levels.
///
/// The face has always the same size here, so the measure does not depend on the picture's resolution beyond what the
/// face's own detail does: a face of fewer pixels than the template was enlarged and is smooth.
fn sharpness(aligned: &AlignedFace) -> f32 {
    let grey: Vec<f32> = aligned.rgb().as_chunks::<3>().0.iter().map(|rgb| luma(*rgb)).collect();
    let at = |column: usize, row: usize| grey.get(row * ALIGNED_SIDE + column).copied().unwrap_or_default();
    let (mut count, mut sum, mut squares) = (0.0_f64, 0.0_f64, 0.0_f64);
    for row in INNER_ROWS {
        for column in INNER_COLUMNS {
            let neighbours =
                at(column - 1, row) + at(column + 1, row) + at(column, row - 1) + at(column, row + 1);
            let laplacian = f64::from(neighbours - 4.0 * at(column, row));
            count += 1.0;
            sum += laplacian;
            squares += laplacian * laplacian;
        }
    }
    let mean = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt() as f32
}

/// Luma by ITU-R BT.601, 0 to 255.
fn luma([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}

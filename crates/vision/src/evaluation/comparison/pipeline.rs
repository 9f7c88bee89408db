//! Variants of the face pipeline, to be measured against the one that serves. None of them can be chosen for serving.

use absah_core::face::FaceTemplate;

use crate::face::{DetectorSettings, Face, Mesh, Pass, Point};
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

/// How a picture becomes a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pipeline {
    /// As the server does it.
    #[default]
    Shipped,
    /// The template is the sum, scaled to unit length, of the face's and of its mirror image's.
    Flip,
    /// Aligned by five points of the mesh instead of the detector's landmarks.
    Mesh,
    /// Both.
    MeshFlip,
    /// The detector looks once, the picture's longer side drawn 320 pixels long.
    Only320,
    /// The same, 640 pixels long.
    Only640,
    /// The detector's look with a replicated border is left out.
    NoBorder,
    /// The detector's look with a replicated border comes first.
    BorderFirst,
}

/// The longer side drawn 320 pixels long.
const PLAIN: Pass = Pass { side: 320, margin: 0.0 };
/// The same within a replicated border.
const BORDERED: Pass = Pass { side: 320, margin: 0.4 };
/// The longer side drawn 640 pixels long.
const LARGE: Pass = Pass { side: 640, margin: 0.0 };

impl Pipeline {
    /// All of them, the shipped one first.
    pub const ALL: [Self; 8] = [
        Self::Shipped,
        Self::Flip,
        Self::Mesh,
        Self::MeshFlip,
        Self::Only320,
        Self::Only640,
        Self::NoBorder,
        Self::BorderFirst,
    ];

    /// Its name on the command line and in reports.
    pub fn key(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Flip => "flip",
            Self::Mesh => "mesh",
            Self::MeshFlip => "mesh_flip",
            Self::Only320 => "only_320",
            Self::Only640 => "only_640",
            Self::NoBorder => "no_border",
            Self::BorderFirst => "border_first",
        }
    }

    /// The one of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pipeline| pipeline.key() == key)
    }

    /// How it looks for faces.
    pub(super) fn detector(self) -> DetectorSettings {
        let passes: &'static [Pass] = match self {
            Self::Shipped | Self::Flip | Self::Mesh | Self::MeshFlip => DetectorSettings::DEFAULT.passes,
            Self::Only320 => &[PLAIN],
            Self::Only640 => &[LARGE],
            Self::NoBorder => &[PLAIN, LARGE],
            Self::BorderFirst => &[BORDERED, PLAIN, LARGE],
        };
        DetectorSettings { passes, ..DetectorSettings::DEFAULT }
    }

    /// Whether the face is aligned by its mesh.
    pub(super) fn by_mesh(self) -> bool {
        matches!(self, Self::Mesh | Self::MeshFlip)
    }

    /// Whether the mirror image's template is added.
    pub(super) fn flips(self) -> bool {
        matches!(self, Self::Flip | Self::MeshFlip)
    }
}

/// The sum of a template and its mirror image's, of unit length; `None` where they cancel each other out.
pub(super) fn sum(template: &FaceTemplate, mirror: &FaceTemplate) -> Option<FaceTemplate> {
    let sum = template.features().iter().zip(mirror.features()).map(|(a, b)| a + b).collect();
    FaceTemplate::new(template.model().clone(), sum)
}

/// Below this presence the detector's landmarks are kept.
const SURE: f32 = 0.5;
/// The points whose mean is an eye: both corners, upper and lower lid; the eye on the left of the picture first.
const EYES: [[usize; 4]; 2] = [[33, 133, 159, 145], [362, 263, 386, 374]];
/// The tip of the nose.
const NOSE: usize = 1;
/// The corners of the mouth, the left of the picture first.
const MOUTH: [usize; 2] = [61, 291];

/// The face with five points of its mesh for landmarks; as it is where the mesh is no face's.
///
/// # Errors
/// The model failed.
pub(super) fn aligned_by_mesh(bench: &mut Bench, picture: &Picture, face: &Face) -> Result<Face, ModelError> {
    let mesh = match bench.mesh(picture, face) {
        Ok(mesh) if mesh.presence() >= SURE => mesh,
        Ok(_) | Err(ModelError::Output) => return Ok(*face),
        Err(error) => return Err(error),
    };
    let [left, right] = EYES.map(|points| middle(&mesh, points));
    let [mouth_left, mouth_right] = MOUTH.map(|number| mesh.landmark(number));
    Ok(Face { landmarks: [left, right, mesh.landmark(NOSE), mouth_left, mouth_right], ..*face })
}

fn middle<const N: usize>(mesh: &Mesh, points: [usize; N]) -> Point {
    let sum = points.iter().fold(Point { x: 0.0, y: 0.0 }, |sum, &number| {
        let Point { x, y } = mesh.landmark(number);
        Point { x: sum.x + x, y: sum.y + y }
    });
    Point { x: sum.x / N as f32, y: sum.y / N as f32 }
}

/// The picture with left and right exchanged, and the face in it.
pub(super) fn mirrored(picture: &Picture, face: &Face) -> Option<(Picture, Face)> {
    let width = picture.width() as usize;
    let rows = picture.rgb().as_chunks::<3>().0.chunks_exact(width);
    let rgb = rows.flat_map(|row| row.iter().rev()).flatten().copied().collect();
    let across = picture.width() as f32 - 1.0;
    let [left, right, nose, mouth_left, mouth_right] =
        face.landmarks.map(|Point { x, y }| Point { x: across - x, y });
    let mut mirror = Face { landmarks: [right, left, nose, mouth_right, mouth_left], ..*face };
    mirror.bounds.left = across - face.bounds.left - face.bounds.width;
    Some((Picture::new(picture.width(), picture.height(), rgb)?, mirror))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::{AlignedFace, Bounds};

    #[test]
    fn names_are_read_back() {
        for pipeline in Pipeline::ALL {
            assert_eq!(Pipeline::from_key(pipeline.key()), Some(pipeline));
        }
        assert_eq!(Pipeline::from_key("Shipped"), None);
    }

    #[test]
    fn only_the_variants_of_the_detector_look_otherwise_than_the_server() {
        for pipeline in Pipeline::ALL {
            let expected: &[(usize, f32)] = match pipeline {
                Pipeline::Only320 => &[(320, 0.0)],
                Pipeline::Only640 => &[(640, 0.0)],
                Pipeline::NoBorder => &[(320, 0.0), (640, 0.0)],
                Pipeline::BorderFirst => &[(320, 0.4), (320, 0.0), (640, 0.0)],
                _ => &[(320, 0.0), (320, 0.4), (640, 0.0)],
            };
            let found = pipeline.detector();
            let passes: Vec<_> = found.passes.iter().map(|pass| (pass.side, pass.margin)).collect();
            assert_eq!(passes, expected, "{pipeline:?}");
            assert_eq!(
                DetectorSettings { passes: &[], ..found },
                DetectorSettings { passes: &[], ..DetectorSettings::DEFAULT }
            );
        }
    }

    /// A picture of ramps and a face in it; mirrored twice both are what they were, and mirrored once the aligned face
    /// shows the same levels from the other side.
    #[test]
    fn a_mirror_image_has_its_landmarks_in_order() {
        let (width, height) = (160, 150);
        let level = |place: u32| [(place % width) as u8, (place / width) as u8, 9];
        let rgb = (0..width * height).flat_map(level).collect();
        let picture = Picture::new(width, height, rgb).expect("a picture");
        let at = |x: f32, y: f32| Point { x, y };
        // Symmetric about column 70, so the transform turns nothing.
        let landmarks = [at(52.0, 60.0), at(88.0, 60.0), at(70.0, 80.0), at(55.0, 101.0), at(85.0, 101.0)];
        let bounds = Bounds { left: 40.0, top: 30.0, width: 60.0, height: 80.0 };
        let face = Face { bounds, landmarks, score: 0.9 };

        let (mirror, there) = mirrored(&picture, &face).expect("a picture");
        assert_eq!((there.landmarks[0], there.landmarks[1]), (at(71.0, 60.0), at(107.0, 60.0)));
        assert_eq!(there.bounds, Bounds { left: 59.0, ..bounds });
        assert_eq!(mirrored(&mirror, &there).expect("a picture"), (picture.clone(), face));
        let [original, mirror] = [(&picture, &face), (&mirror, &there)]
            .map(|(picture, face)| AlignedFace::cut(picture, face).expect("aligned"));
        for row in [3, 60, 110] {
            let green = |aligned: &AlignedFace| aligned.rgb()[(row * 112 + 56) * 3 + 1];
            assert!(green(&original).abs_diff(green(&mirror)) <= 1, "rows stay");
            let red = |aligned: &AlignedFace, column: usize| aligned.rgb()[(row * 112 + column) * 3];
            assert!(red(&original, 20) < red(&original, 90) && red(&mirror, 20) > red(&mirror, 90));
        }
    }
}

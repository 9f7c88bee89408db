//! Eyes visible, eyes open.

use super::skin::{Colour, colours, degree, hue_distance, luma, median, quantile};
use crate::face::align::{Similarity, sample};
use crate::face::geometry::Point;
use crate::face::mesh::{Mesh, MeshPoint};
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

/// Each eye's outer and inner corner, upper and lower lid.
const EYES: [[usize; 4]; 2] = [[33, 133, 159, 145], [362, 263, 386, 374]];
/// What the eye model sees, as a multiple of the distance between an eye's corners.
const SURROUNDINGS: f64 = 1.6;
/// Skin that sunglasses leave free: forehead and cheeks.
const SKIN: [usize; 8] = [9, 151, 108, 337, 50, 280, 205, 425];
/// Skin that they cover: about both eyes.
const AROUND_EYES: [usize; 12] = [119, 348, 66, 296, 230, 450, 65, 295, 27, 257, 23, 253];

/// The cues' weights, by logistic regression on 250 press photographs with sunglasses of random size, colour, density and
/// reflections painted over the mesh, and 611 without.
const OPEN_WEIGHT: f32 = -0.25;
const LUMA_WEIGHT: f32 = -4.07;
const HUE_WEIGHT: f32 = 11.19;
const CONSTANT: f32 = -3.15;

/// What can be told of the eyes.
pub(super) struct Eyes {
    /// To what degree they are covered, 0 to 1.
    pub(super) covered: f32,
    /// To what degree the opener of the two is seen to be open, 0 to 1.
    pub(super) open: f32,
}

impl Bench {
    /// Looks at both eyes.
    pub(super) fn eyes(&mut self, mesh: &Mesh) -> Result<Eyes, ModelError> {
        let mut opener = f32::NEG_INFINITY;
        for eye in EYES {
            opener = opener.max(self.openness(mesh.crop(), eye.map(|number| mesh.point(number)))?);
        }
        let skin = median(&colours(mesh, &SKIN, 3));
        let around = colours(mesh, &AROUND_EYES, 2);
        let sum = CONSTANT
            + OPEN_WEIGHT * opener
            + LUMA_WEIGHT * log_luma(&around, skin)
            + HUE_WEIGHT * quantile(around.iter().map(|&colour| hue_distance(colour, skin)).collect(), 0.5);
        Ok(Eyes { covered: degree(sum), open: degree(opener) })
    }

    /// By how many natural logarithms an eye is likelier open than closed.
    fn openness(&mut self, crop: &Picture, eye: [MeshPoint; 4]) -> Result<f32, ModelError> {
        let (networks, scratch) = self.parts()?;
        let model = &mut networks.eye_state;
        let input = model.entry().input;
        let canvas = input.width as usize;
        let (x, y) = eye.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x / 4.0, y + point.y / 4.0));
        let [outer, inner, ..] = eye;
        let side = f64::from(outer.distance(inner)).max(1.0) * SURROUNDINGS;
        let square = Similarity::onto_square(Point { x, y }, side, 0.0, canvas).ok_or(ModelError::Output)?;
        input.fill_planes(&sample(crop, &square, canvas), &mut scratch.planes);
        match model.run_to_vector(&scratch.planes, canvas, canvas, 2)?.as_slice() {
            &[closed, open] => Ok(open - closed),
            _ => Err(ModelError::Output),
        }
    }
}

/// By how many natural logarithms the median luma of areas is above that of the skin; a little is added to both, so that
/// black counts as dark, not as nothing.
fn log_luma(around: &[Colour], skin: Colour) -> f32 {
    const LITTLE: f32 = 8.0;
    let around = quantile(around.iter().copied().map(luma).collect(), 0.5);
    ((around + LITTLE) / (luma(skin) + LITTLE)).ln()
}

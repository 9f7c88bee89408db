//! Mouth occlusion: a mask, a scarf or a hand over mouth and nose.

use super::skin::{colours, degree, hue_distance, luma, median, quantile};
use crate::face::mesh::Mesh;

/// Points of the forehead, which no mask covers.
const FOREHEAD: [usize; 9] = [151, 9, 108, 337, 69, 299, 67, 297, 8];
/// Points of nose, upper lip, lower cheeks and chin, which a mask covers together.
const LOWER_FACE: [usize; 12] = [1, 4, 164, 199, 200, 205, 425, 207, 427, 2, 98, 327];
/// Radius of the areas whose colour is compared, in crop pixels.
const RADIUS: usize = 3;
/// Corners of the mouth, the upper edge of the upper lip, the lower one of the lower.
const CORNERS: (usize, usize) = (61, 291);
const UPPER: usize = 0;
const LOWER: usize = 17;

/// The cues' weights, by logistic regression on 250 press photographs with masks of random cut, colour, pattern and
/// folds painted over the mesh, and 611 without.
const CONTRAST_WEIGHT: f32 = -11.28;
const HUE_WEIGHT: f32 = 6.36;
const CONFIDENCE_WEIGHT: f32 = -1.1;
const CONSTANT: f32 = 9.65;

/// To what degree mouth and nose are covered, 0 to 1.
///
/// Three cues: whether lips stand out from what is around them, whether even the quarter of the lower face most like the
/// forehead differs from it in hue, and how sure the mesh's model is that it sees a face.
pub(super) fn covered(mesh: &Mesh) -> f32 {
    let sum = CONSTANT
        + CONTRAST_WEIGHT * lip_contrast(mesh)
        + HUE_WEIGHT * hue_of_lower_face(mesh)
        + CONFIDENCE_WEIGHT * mesh.confidence();
    degree(sum)
}

/// By how much the darkest and the lightest line across the mouth differ, as a share of the luma around it.
fn lip_contrast(mesh: &Mesh) -> f32 {
    let (left, right) = (mesh.point(CORNERS.0), mesh.point(CORNERS.1));
    let margin = 0.15 * left.distance(right);
    let (first, last) = ((left.x + margin) as i64, (right.x - margin) as i64);
    let (top, bottom) = (mesh.point(UPPER).y as i64 - 2, mesh.point(LOWER).y as i64 + 3);
    let lines: Vec<f32> =
        (top..bottom).filter_map(|row| mean_luma(mesh, row..row + 1, first..last)).collect();
    let around = mean_luma(mesh, top - 40..bottom + 20, first - 30..last + 30).unwrap_or_default().max(20.0);
    let lightest = lines.iter().copied().fold(0.0, f32::max);
    let darkest = lines.iter().copied().fold(lightest, f32::min);
    (lightest - darkest) / around
}

fn hue_of_lower_face(mesh: &Mesh) -> f32 {
    let forehead = median(&colours(mesh, &FOREHEAD, RADIUS));
    let lower = colours(mesh, &LOWER_FACE, RADIUS);
    quantile(lower.into_iter().map(|colour| hue_distance(colour, forehead)).collect(), 0.25)
}

/// The mean luma of the part of a rectangle that lies in the crop; `None` where nothing of it does.
fn mean_luma(mesh: &Mesh, rows: std::ops::Range<i64>, columns: std::ops::Range<i64>) -> Option<f32> {
    let within = |place: i64| usize::try_from(place.max(0)).unwrap_or_default().min(mesh.side());
    let pixels = mesh.rgb().as_chunks::<3>().0;
    let (mut sum, mut count) = (0.0_f64, 0.0_f64);
    for row in within(rows.start)..within(rows.end) {
        let line = row * mesh.side();
        let seen = line + within(columns.start)..line + within(columns.end);
        for pixel in pixels.get(seen).unwrap_or_default() {
            sum += f64::from(luma(pixel.map(f32::from)));
            count += 1.0;
        }
    }
    (count > 0.0).then(|| (sum / count) as f32)
}

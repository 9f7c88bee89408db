//! A quadrilateral of a picture, drawn upright.

use super::{Homography, Quad};
use crate::geometry::Point;
use crate::picture::Picture;
use crate::reduction::Reduction;

/// The quadrilateral drawn on `width` x `height` pixels; beyond the picture's borders its outermost pixels go on.
///
/// Where it is drawn smaller, whole blocks of the picture's pixels are averaged first, so that nothing is aliased. `None`
/// where it is not convex.
pub(super) fn drawn_upright(picture: &Picture, quad: &Quad, width: u32, height: u32) -> Option<Picture> {
    let from_canvas = Homography::between(&Quad::of_canvas(width, height), quad)?;
    let scale = (quad.width() / width as f32).min(quad.height() / height as f32);
    let reduced = Reduction::of(picture, covered(quad), scale.round().max(1.0) as usize);
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height {
        for column in 0..width {
            let Point { x, y } = from_canvas.apply(Point { x: column as f32, y: row as f32 });
            let [red, green, blue, _] = reduced.at(x, y).map(|channel| channel.round() as u8);
            rgb.extend([red, green, blue]);
        }
    }
    Picture::new(width, height, rgb)
}

/// Least x and y, most x and y.
fn covered(quad: &Quad) -> (f64, f64, f64, f64) {
    quad.corners.iter().fold(
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY),
        |(left, top, right, bottom), corner| {
            let (x, y) = (f64::from(corner.x), f64::from(corner.y));
            (left.min(x), top.min(y), right.max(x), bottom.max(y))
        },
    )
}

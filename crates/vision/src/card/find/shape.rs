//! Whether a quadrilateral can be the picture of a card: its ratio and its right angles, seen in perspective.

use crate::card::quad::{CARD_RATIO, Homography, Quad};
use crate::geometry::Point;

/// The camera that took a picture, as far as it is guessed: its axis through the picture's middle, and a focal length
/// in longer sides of the picture, with what it costs to assume it. Phones have about 0.75 to 1; cut-outs look as if taken
/// with more. Assumed without cost, a long one makes a card of any strip that is seen at a slant.
const FOCAL_LENGTHS: [(f32, f32); 5] = [(0.75, 0.0), (1.0, 0.0), (1.5, 0.05), (2.5, 0.15), (5.0, 0.3)];

/// A camera in the pixels of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lens {
    pub(super) centre: Point,
    pub(super) longer_side: f32,
}

/// How far a quadrilateral is from the picture of a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Misfit {
    /// Natural logarithm of its ratio over a card's: 0 for a card, 0.1 for one 10 % too wide.
    pub(super) ratio: f32,
    /// The cosine of its angle, 0 for a right one.
    pub(super) skew: f32,
    /// What the focal length costs that makes it so.
    pub(super) lens: f32,
}

impl Misfit {
    /// What it costs: about 1 where it is out of the question.
    pub(super) fn cost(self) -> f32 {
        (self.ratio.abs() / 0.16).powi(2) + (self.skew.abs() / 0.3).powi(2) + self.lens
    }
}

impl Lens {
    /// The misfit of a convex quadrilateral whose first side is a long one, by the focal length that suits it best.
    pub(super) fn misfit(&self, quad: &Quad) -> Option<Misfit> {
        let to = Quad::of_bounds(crate::geometry::Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 });
        let [across, down, _] = Homography::between(&to, quad)?.columns();
        let fits = FOCAL_LENGTHS.map(|(focal, lens)| {
            let seen = |[x, y, w]: [f64; 3]| {
                let focal = f64::from(focal * self.longer_side);
                [(x - f64::from(self.centre.x) * w) / focal, (y - f64::from(self.centre.y) * w) / focal, w]
            };
            let (across, down) = (seen(across), seen(down));
            let product = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let (width, height) = (product(across, across).sqrt(), product(down, down).sqrt());
            Misfit {
                ratio: ((width / height) as f32 / CARD_RATIO).ln(),
                skew: (product(across, down) / (width * height)) as f32,
                lens,
            }
        });
        let best = fits.into_iter().min_by(|a, b| a.cost().total_cmp(&b.cost()))?;
        (best.ratio.is_finite() && best.skew.is_finite()).then_some(best)
    }
}

/// The corners clockwise, a long side first, and of the two ways the one that is read from left to right.
pub(super) fn ordered(corners: [Point; 4]) -> Quad {
    let mut quad = Quad { corners };
    if quad.area() < 0.0 {
        quad.corners.swap(1, 3);
    }
    if quad.width() < quad.height() {
        quad = quad.turned(1);
    }
    let [top, ..] = quad.sides();
    // Of a card on its side, the one that reads upwards.
    let (right, down) = (top.1.x - top.0.x, top.1.y - top.0.y);
    let is_backwards = if right.abs() > 0.5 * down.abs() { right < 0.0 } else { down > 0.0 };
    if is_backwards { quad.turned(2) } else { quad }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A card of ID-1, `width` over height times as wide as it should be, seen by a camera of `focal` longer sides.
    fn seen(focal: f32, turn: [f32; 3], wider: f32) -> Quad {
        let [tilt, yaw, roll] = turn.map(f32::to_radians);
        let corner = |x: f32, y: f32| {
            let (x, y) = (x * CARD_RATIO * wider / 2.0, y / 2.0);
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            let (y, z) = (y * tilt.cos(), y * tilt.sin());
            let (x, z) = (x * yaw.cos() + z * yaw.sin(), z * yaw.cos() - x * yaw.sin());
            let depth = 3.0 * focal + z;
            Point { x: 500.0 + 1000.0 * focal * x / depth, y: 375.0 + 1000.0 * focal * y / depth }
        };
        Quad { corners: [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)] }
    }

    #[test]
    fn a_card_fits_however_it_is_turned_and_other_sheets_do_not() {
        let lens = Lens { centre: Point { x: 500.0, y: 375.0 }, longer_side: 1000.0 };
        let turns =
            [[0.0, 0.0, 0.0], [0.0, 0.0, 40.0], [25.0, 0.0, 0.0], [-20.0, 25.0, 90.0], [30.0, 20.0, 200.0]];
        for turn in turns {
            for focal in [0.75, 0.9, 1.2] {
                let of = |wider| lens.misfit(&seen(focal, turn, wider)).expect("a shape");
                assert!(
                    of(1.0).ratio.abs() < 0.05 && of(1.0).skew.abs() < 0.06,
                    "{turn:?} {focal}: {:?}",
                    of(1.0)
                );
                // A square and a strip.
                for wider in [1.0 / CARD_RATIO, 1.4] {
                    assert!(
                        of(wider).cost() > of(1.0).cost() + 0.25,
                        "{turn:?} {focal} {wider}: {:?}",
                        of(wider)
                    );
                }
            }
        }
        // A sheet of A4 is told from a card as long as it is not seen at a slant.
        let sheet = lens.misfit(&seen(1.2, [0.0, 0.0, 30.0], 1.414 / CARD_RATIO)).expect("a shape");
        assert!(sheet.cost() > 0.3, "{sheet:?}");
    }

    #[test]
    fn corners_are_put_in_order() {
        let [a, b, c, d] = Quad::of_canvas(160, 100).corners;
        for corners in [[a, b, c, d], [b, c, d, a], [c, d, a, b], [d, c, b, a], [b, a, d, c]] {
            assert_eq!(ordered(corners).corners, [a, b, c, d]);
        }
        let [a, b, c, d] = Quad::of_canvas(100, 160).corners;
        assert_eq!(ordered([a, b, c, d]).corners, [d, a, b, c]);
    }
}

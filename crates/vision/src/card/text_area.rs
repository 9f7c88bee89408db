//! Where a card lies by its text alone: the rectangle, turned as the lines are, that holds them all.

use super::lines::TextLine;
use super::quad::{CARD_RATIO, Quad};
use crate::geometry::Point;

/// Fewer lines are no card.
const LEAST_LINES: usize = 5;

/// A line tells its direction where it is at least so many times as long as high.
const TELLING: f32 = 2.5;

/// The text of a card ends so far before its edges, as a share of the text's own extent.
const MARGIN: f32 = 0.05;

/// The rectangle of the card's ratio about all lines that run in the direction most of them do.
pub(super) fn around(lines: &[TextLine]) -> Option<Quad> {
    let mut slants: Vec<f32> = lines
        .iter()
        .filter(|line| line.quad.width() > TELLING * line.quad.height())
        .map(|line| {
            let [left, right, ..] = line.quad.corners;
            (right.y - left.y).atan2(right.x - left.x)
        })
        .collect();
    if slants.len() < LEAST_LINES {
        return None;
    }
    slants.sort_by(f32::total_cmp);
    let slant = slants[slants.len() / 2];
    let (sin, cos) = slant.sin_cos();
    let level = |at: Point| (at.x * cos + at.y * sin, at.y * cos - at.x * sin);
    let mut bounds = (f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY);
    for corner in lines.iter().flat_map(|line| line.quad.corners) {
        let (x, y) = level(corner);
        bounds = (bounds.0.min(x), bounds.1.min(y), bounds.2.max(x), bounds.3.max(y));
    }
    let (left, top, right, bottom) = bounds;
    let grown = 1.0 + 2.0 * MARGIN;
    let width = ((right - left) * grown).max((bottom - top) * grown * CARD_RATIO);
    let height = width / CARD_RATIO;
    let (x, y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let at = |x: f32, y: f32| Point { x: x * cos - y * sin, y: x * sin + y * cos };
    let (half_width, half_height) = (width / 2.0, height / 2.0);
    let quad = Quad {
        corners: [
            at(x - half_width, y - half_height),
            at(x + half_width, y - half_height),
            at(x + half_width, y + half_height),
            at(x - half_width, y + half_height),
        ],
    };
    (quad.is_finite() && width > 0.0).then_some(quad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: f32, y: f32, width: f32, degrees: f32) -> TextLine {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let at = |dx: f32, dy: f32| {
            let (x, y) = (x + dx, y + dy);
            Point { x: x * cos - y * sin, y: x * sin + y * cos }
        };
        TextLine {
            quad: Quad { corners: [at(0.0, 0.0), at(width, 0.0), at(width, 10.0), at(0.0, 10.0)] },
            score: 0.9,
        }
    }

    #[test]
    fn a_turned_text_lies_level_in_its_rectangle() {
        for degrees in [0.0, 12.0, -70.0] {
            let lines: Vec<TextLine> =
                (0..10).map(|row| line(100.0, 100.0 + 20.0 * row as f32, 300.0, degrees)).collect();
            let quad = around(&lines).expect("a rectangle");
            let [left, right, ..] = quad.corners;
            let found = (right.y - left.y).atan2(right.x - left.x).to_degrees();
            assert!((found - degrees).abs() < 0.5, "{degrees}: {found}");
            assert!((quad.width() / quad.height() / CARD_RATIO - 1.0).abs() < 1e-3);
            assert!(
                lines.iter().flat_map(|line| line.quad.corners).all(|corner| quad.contains(corner)),
                "{degrees}"
            );
        }
    }

    #[test]
    fn few_lines_are_no_card() {
        assert_eq!(around(&[]), None);
        assert_eq!(around(&[line(0.0, 0.0, 100.0, 0.0); 4]), None);
    }
}

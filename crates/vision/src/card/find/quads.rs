//! Quadrilaterals of lines that can be the picture of a card.

use super::lines::{Line, angle_between};
use super::shape::{Lens, Misfit, ordered};
use crate::card::quad::{CARD_RATIO, Quad};
use crate::geometry::{Bounds, Point};

/// The least length of a card's shorter side, as a share of the copy's longer side.
const LEAST_SIDE: f32 = 0.09;

/// Opposite sides differ by at most so many degrees.
const OPPOSITE: f32 = 32.0;

/// Neighbouring sides differ by at least so many degrees.
const BESIDE: f32 = 48.0;

/// How many pairs of opposite lines are combined, those with the longest runs.
const PAIRS: usize = 1600;

/// How many quadrilaterals go on to be judged.
const KEPT: usize = 90;

/// The part of a side that has to be edge: corners are rounded, and held.
const MIDDLE: (f32, f32) = (0.07, 0.93);

/// What a side that runs along the picture's border counts: neither for nor against.
const BORDER_SUPPORT: f32 = 0.45;

/// How far beyond the copy a corner may lie, as a share of its longer side.
const BEYOND: f32 = 0.12;

/// The least part of a card that is within the picture.
const LEAST_WITHIN: f32 = 0.75;

/// How far a picture's ratio may be from a card's for it to be one as a whole, as a natural logarithm: scans are cut by eye.
const WHOLE_RATIO: f32 = 0.1;

/// A quadrilateral and what speaks for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) quad: Quad,
    /// The share of each side that is edge, 0 to 1.
    pub(super) support: [f32; 4],
    pub(super) misfit: Misfit,
    /// How good it looks so far.
    pub(super) rank: f32,
}

/// The most promising quadrilaterals of these lines, the best first.
pub(super) fn quads(lines: &[Line], width: usize, height: usize) -> Vec<Shape> {
    let (width, height) = (width as f32, height as f32);
    let longer = width.max(height);
    let lens = Lens { centre: Point { x: width / 2.0 - 0.5, y: height / 2.0 - 0.5 }, longer_side: longer };
    let crossings = crossings(lines);
    let pairs = pairs(lines, longer * LEAST_SIDE);
    let mut shapes = Vec::new();
    for (number, one) in pairs.iter().enumerate() {
        for other in pairs.iter().skip(number + 1) {
            if angle_between(one.degrees, other.degrees) < BESIDE {
                continue;
            }
            let sides = [one.lines.0, other.lines.0, one.lines.1, other.lines.1];
            let Some(corners) = corners(&crossings, sides, lines.len()) else { continue };
            let beyond = longer * BEYOND;
            let is_seen = corners.iter().all(|corner| {
                (-beyond..width + beyond).contains(&corner.x)
                    && (-beyond..height + beyond).contains(&corner.y)
            });
            if !is_seen {
                continue;
            }
            let lengths: [f32; 4] =
                std::array::from_fn(|place| corners[place].distance(corners[(place + 1) % 4]));
            let ratio = (lengths[0] + lengths[2]) / (lengths[1] + lengths[3]);
            let least = lengths.iter().copied().fold(f32::INFINITY, f32::min);
            if !(0.4..2.5).contains(&ratio) || (0.85..1.18).contains(&ratio) || least < longer * LEAST_SIDE {
                continue;
            }
            let support: [f32; 4] = std::array::from_fn(|place| {
                side_support(&lines[sides[place]], corners[(place + 3) % 4], corners[place])
            });
            // `corners[n]` is where side n meets the next, so side n runs from corner n - 1 to corner n.
            let total: f32 = support.iter().sum();
            let weakest = support.iter().copied().fold(f32::INFINITY, f32::min);
            if total < 1.7 {
                continue;
            }
            let quad = ordered(corners);
            if !quad.is_convex() {
                continue;
            }
            let Some(misfit) = lens.misfit(&quad) else { continue };
            if misfit.cost() > 1.3 || quad.share_within(width as u32, height as u32) < LEAST_WITHIN {
                continue;
            }
            let size = (quad.area() / (width * height)).sqrt();
            let rank = total + 0.6 * weakest - 0.8 * misfit.cost() + 0.6 * size;
            shapes.push(Shape { quad, support, misfit, rank });
        }
    }
    shapes.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    let mut kept: Vec<Shape> = Vec::with_capacity(KEPT);
    for shape in shapes {
        if kept.len() == KEPT {
            break;
        }
        let nearest = 0.012 * shape.quad.width();
        if !kept.iter().any(|better| better.quad.corner_distance(&shape.quad) < nearest) {
            kept.push(shape);
        }
    }
    kept
}

/// The whole copy, where its ratio is about a card's.
pub(super) fn whole(width: usize, height: usize) -> Option<Shape> {
    let (width, height) = (width as f32, height as f32);
    let quad = ordered(Quad::of_bounds(Bounds { left: -0.5, top: -0.5, width, height }).corners);
    let ratio = (quad.width() / quad.height() / CARD_RATIO).ln();
    let misfit = Misfit { ratio, skew: 0.0, lens: 0.0 };
    let is_card = width.min(height) >= 8.0 && ratio.abs() < WHOLE_RATIO;
    is_card.then_some(Shape { quad, support: [BORDER_SUPPORT; 4], misfit, rank: 0.0 })
}

/// Two lines that may be opposite sides.
struct Pair {
    lines: (usize, usize),
    degrees: f32,
    weight: f32,
}

/// The pairs of lines that may be opposite sides, at least `apart` from each other, the longest first.
fn pairs(lines: &[Line], apart: f32) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (first, one) in lines.iter().enumerate() {
        for (second, other) in lines.iter().enumerate().skip(first + 1) {
            if angle_between(one.degrees, other.degrees) > OPPOSITE {
                continue;
            }
            let middle = |line: &Line| line.point((line.run.0 + line.run.1) / 2.0);
            let distance = other.distance(middle(one)).abs().min(one.distance(middle(other)).abs());
            if distance < apart {
                continue;
            }
            let turn = (other.degrees - one.degrees + 90.0).rem_euclid(180.0) - 90.0;
            let weight = one.weight + other.weight;
            pairs.push(Pair { lines: (first, second), degrees: one.degrees + turn / 2.0, weight });
        }
    }
    pairs.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    pairs.truncate(PAIRS);
    pairs
}

/// Where every line crosses every other, row by row.
fn crossings(lines: &[Line]) -> Vec<Option<Point>> {
    let cross = |one: &Line, other: &Line| {
        let determinant = one.normal.0 * other.normal.1 - one.normal.1 * other.normal.0;
        (determinant.abs() > 0.3).then(|| Point {
            x: (one.offset * other.normal.1 - other.offset * one.normal.1) / determinant,
            y: (other.offset * one.normal.0 - one.offset * other.normal.0) / determinant,
        })
    };
    lines.iter().flat_map(|one| lines.iter().map(move |other| cross(one, other))).collect()
}

/// Where each of four sides meets the next.
fn corners(crossings: &[Option<Point>], sides: [usize; 4], lines: usize) -> Option<[Point; 4]> {
    let cross = |one: usize, other: usize| crossings.get(one * lines + other).copied().flatten();
    let [a, b, c, d] = sides;
    Some([cross(a, b)?, cross(b, c)?, cross(c, d)?, cross(d, a)?])
}

/// The share of a side that is edge, of what is within the picture.
fn side_support(line: &Line, from: Point, to: Point) -> f32 {
    if line.is_border {
        return BORDER_SUPPORT;
    }
    let (from, to) = (line.along(from), line.along(to));
    let part = |share: f32| from + (to - from) * share;
    let (seen, edge) = line.support(part(MIDDLE.0), part(MIDDLE.1));
    let whole = (part(MIDDLE.1) - part(MIDDLE.0)).abs().max(1.0);
    // What is not seen speaks neither for nor against.
    (edge + BORDER_SUPPORT * (whole - seen).max(0.0)) / whole
}

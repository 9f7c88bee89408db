//! What speaks for a quadrilateral beside its shape: one ground along its sides, another colour beyond, print within.

use super::edges::Edges;
use super::quads::Shape;
use super::small::{Colour, Small, distance};
use crate::card::quad::{CARD_RATIO, Homography, Quad};
use crate::geometry::{Bounds, Point};

/// How far inside and outside a side its colours are taken, in heights of the card. Between them lie the edge itself and
/// what smoothing makes of it; nothing is printed so near the side of a card.
const INSIDE: f32 = 0.022;
const OUTSIDE: f32 = 0.03;

/// Places along a long and along a short side where colours are compared.
const PLACES: usize = 24;

/// Two colours that differ by so many levels are different.
const DIFFERENT: f32 = 7.0;

/// So much of a card's inner part is near an edge at least.
const PRINTED: f32 = 0.35;

/// The evidence of which half is cards. Like its weights it was fitted by logistic regression among the quadrilaterals of
/// simulated photographs, and is rounded.
const EVEN: f32 = 21.5;

/// What is measured of a quadrilateral. Everything is 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// The share of all sides that is edge, and of the weakest side.
    pub(super) support: f32,
    pub(super) weakest: f32,
    /// The share of the places along the sides with another colour outside; 0.5 for what lies beyond the picture.
    pub(super) contrast: f32,
    /// How much the ground along the sides is one colour.
    pub(super) ground: f32,
    /// The share of the places along the sides where both: the ground inside, and something else outside.
    pub(super) rim: f32,
    /// The share of the inner part that is near an edge.
    pub(super) print: f32,
    /// The misfit's cost, 0 for a card.
    pub(super) misfit: f32,
    /// The square root of its share of the picture.
    pub(super) size: f32,
}

/// The colours inside and outside a place of a side, where they are seen.
type Pair = (Option<Colour>, Option<Colour>);

impl Evidence {
    pub(super) fn of(shape: &Shape, small: &Small, edges: &Edges) -> Option<Self> {
        let unit = Quad::of_bounds(Bounds { left: 0.0, top: 0.0, width: CARD_RATIO, height: 1.0 });
        let onto = Homography::between(&unit, &shape.quad)?;
        let mut inner = Vec::with_capacity(4 * PLACES);
        let mut pairs = Vec::with_capacity(4 * PLACES);
        for side in 0..4 {
            for place in 0..PLACES {
                let along = 0.08 + 0.84 * (place as f32 + 0.5) / PLACES as f32;
                let at = |depth: f32| {
                    let place = match side {
                        0 => Point { x: along * CARD_RATIO, y: depth },
                        1 => Point { x: CARD_RATIO - depth, y: along },
                        2 => Point { x: along * CARD_RATIO, y: 1.0 - depth },
                        _ => Point { x: depth, y: along },
                    };
                    colour(small, onto.apply(place))
                };
                // Two pixels of the copy at least, where the card is small.
                let least = 2.2 / shape.quad.height().max(1.0);
                let (inside, outside) = (at(INSIDE.max(least)), at(-OUTSIDE.max(least)));
                inner.extend(inside);
                pairs.push((inside, outside));
            }
        }
        let middle = median(&inner);
        let spread = |colour: Colour| (-distance(colour, middle) / 22.0).exp();
        let places = pairs.len() as f32;
        let mean = |of: &dyn Fn(&Pair) -> f32| pairs.iter().map(of).sum::<f32>() / places;
        let differs = |inside: Colour, outside: Colour| f32::from(distance(inside, outside) > DIFFERENT);
        let support = shape.support;
        Some(Self {
            support: support.iter().sum::<f32>() / 4.0,
            weakest: support.iter().copied().fold(f32::INFINITY, f32::min),
            contrast: mean(&|pair| match *pair {
                (Some(inside), Some(outside)) => differs(inside, outside),
                _ => 0.5,
            }),
            ground: mean(&|pair| pair.0.map_or(0.5, spread)),
            rim: mean(&|pair| match *pair {
                (Some(inside), Some(outside)) => differs(inside, outside) * spread(inside),
                _ => 0.4,
            }),
            print: print(&onto, edges),
            misfit: shape.misfit.cost(),
            size: (shape.quad.area() / (small.width * small.height) as f32).sqrt(),
        })
    }

    /// What it comes to, 0 to 1.
    pub(super) fn score(&self) -> f32 {
        let Self { support, weakest, contrast, ground, rim, print, misfit, size } = *self;
        let evidence = 8.0 * support
            + 5.5 * weakest
            + 3.0 * contrast
            + 3.0 * ground
            + 4.5 * rim
            + 3.0 * (print / PRINTED).min(1.0)
            - 5.0 * misfit
            + 6.0 * size;
        let evidence = (evidence - EVEN) / 1.5;
        1.0 / (1.0 + (-evidence).exp())
    }
}

/// The share of the inner part that is near an edge.
fn print(onto: &Homography, edges: &Edges) -> f32 {
    let (columns, rows) = (32, 20);
    let mut near = 0;
    for row in 0..rows {
        for column in 0..columns {
            let share = |place: i32, places: i32| 0.1 + 0.8 * (place as f32 + 0.5) / places as f32;
            let at = onto.apply(Point { x: share(column, columns) * CARD_RATIO, y: share(row, rows) });
            near += i32::from(edges.is_near(at.x, at.y, u16::MAX));
        }
    }
    near as f32 / (columns * rows) as f32
}

/// The colour at a place within the copy.
fn colour(small: &Small, at: Point) -> Option<Colour> {
    let (x, y) = (at.x.round(), at.y.round());
    let inside = x >= 0.0 && y >= 0.0 && x < small.width as f32 && y < small.height as f32;
    inside.then(|| small.at(x as isize, y as isize))
}

/// The median of each channel.
fn median(colours: &[Colour]) -> Colour {
    std::array::from_fn(|channel| {
        let mut values: Vec<f32> = colours.iter().map(|colour| colour[channel]).collect();
        let middle = values.len() / 2;
        if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f32::total_cmp).1 }
    })
}

//! Where a card lies in a picture: any rotation, perspective, cluttered grounds, a hand over a corner.
//!
//! A classical search in a small copy: [`edges`] of luma and colour, without print, and of colour alone, straight [`lines`]
//! among them, [`quads`] of four lines that can be the picture of a card ([`shape`]), which [`judge`] weighs by what lies
//! inside and outside their sides; [`refine`] then moves the sides of the best in the picture itself. Lines rather than
//! outlines, so that a side may be covered in part or fade into what lies under it.

mod edges;
mod judge;
mod lines;
mod quads;
mod refine;
mod shape;
mod small;
#[cfg(test)]
mod tests;

use fast_image_resize::Resizer;

use self::edges::Edges;
use self::judge::Evidence;
use self::quads::Shape;
use self::small::Small;
use super::quad::Quad;
use crate::geometry::Point;
use crate::picture::Picture;
use crate::runtime::ModelError;

/// The most candidates that are told.
pub const MOST_CANDIDATES: usize = 4;

/// How many lines are combined, the longest: of the edges between hues, between grounds, and of all others. A card's sides
/// are seldom shorter than most of what lies around it and on it.
const LINES_OF_HUES: usize = 28;
const LINES_OF_GROUNDS: usize = 36;
const LINES: usize = 44;

/// Quadrilaterals whose corners are nearer than this to each other, in card widths, are one.
const SAME: f32 = 0.03;

/// A whole counts before its part from this share of its score on, where the part has at most this share of its area.
const WHOLE: f32 = 0.5;
const SMALLER: f32 = 0.3;

/// Where a card may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Its corners in pixels of the picture, clockwise, a long side first; which of the two long sides is the top, it does
    /// not say. They may lie a little beyond the picture.
    pub quad: Quad,
    /// How much speaks for it, 0 to 1.
    pub score: f32,
}

/// Where a card may lie in a picture: at most [`MOST_CANDIDATES`], the most likely first, none twice.
///
/// Whether there is a card at all, and which way up, its text decides. Time and memory are bounded whatever the picture
/// shows.
///
/// # Errors
/// The picture could not be brought to the size it is searched in.
pub fn candidates(picture: &Picture, resizer: &mut Resizer) -> Result<Vec<Candidate>, ModelError> {
    let small = Small::of(picture, resizer)?;
    let bare = small.without_print();
    let (edges, bare_edges, hues) = (Edges::of(&small), Edges::of(&bare), Edges::of(&bare.without_luma()));
    let sources = [(&hues, LINES_OF_HUES), (&bare_edges, LINES_OF_GROUNDS), (&edges, LINES)];
    let lines = lines::lines(&sources, small.width, small.height);
    let judge = |shape: &Shape| Some((Evidence::of(shape, &bare, &edges)?.score(), shape.quad));
    let mut judged: Vec<(f32, Quad)> =
        quads::quads(&lines, small.width, small.height).iter().filter_map(judge).collect();
    judged.sort_by(|a, b| b.0.total_cmp(&a.0));

    let mut kept = Vec::with_capacity(2 * MOST_CANDIDATES);
    for found in judged {
        if kept.len() < 2 * MOST_CANDIDATES && is_new(&kept, found.1) {
            kept.push(found);
        }
    }
    prefer_wholes(&mut kept);
    kept.truncate(MOST_CANDIDATES);
    if let Some(whole) = quads::whole(small.width, small.height).as_ref().and_then(judge)
        && is_new(&kept, whole.1)
    {
        // A scan without a margin has no sides that could speak for it, so it keeps a place.
        kept.truncate(MOST_CANDIDATES - 1);
        kept.push(whole);
        kept.sort_by(|a, b| b.0.total_cmp(&a.0));
    }
    let (across, down) = small.times;
    let reach = 2.5 * across.max(down);
    let candidates = kept.into_iter().map(|(score, quad)| {
        let quad = quad.scaled(across, down);
        Candidate { quad: refine::refined(&quad, picture, reach), score }
    });
    Ok(candidates.collect())
}

/// Puts cards before their parts: a corner of a card with its portrait has a card's ratio too, and two of its sides are the
/// card's. What speaks for the part speaks for the whole, so they change places, where much speaks for the whole itself.
fn prefer_wholes(kept: &mut [(f32, Quad)]) {
    for first in 0..kept.len() {
        for second in first + 1..kept.len() {
            let (part, whole) = (kept[first], kept[second]);
            if whole.0 >= WHOLE * part.0 && is_corner_of(&part.1, &whole.1) {
                kept[first].1 = whole.1;
                kept[second].1 = part.1;
            }
        }
    }
}

/// Whether one quadrilateral lies within another and in one of its corners.
fn is_corner_of(part: &Quad, whole: &Quad) -> bool {
    let near = SAME * whole.width();
    let is_in_corner = |corner: &Point| whole.corners.iter().any(|other| other.distance(*corner) < near);
    let is_within = |corner: &Point| whole.contains(*corner) || whole.distance_to_sides(*corner) < near;
    part.area() < SMALLER * whole.area()
        && part.corners.iter().all(is_within)
        && part.corners.iter().any(is_in_corner)
}

/// Whether a quadrilateral is another than those that were found already.
fn is_new(known: &[(f32, Quad)], quad: Quad) -> bool {
    known.iter().all(|(_, other)| other.corner_distance(&quad) >= SAME * quad.width())
}

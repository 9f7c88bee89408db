//! The edges of paper and screens: long straight edges on several sides of a face, all with one tilt.

use super::geometry::Bounds;
use crate::picture::Picture;
use crate::runtime::{ModelError, Scratch};
use crate::view::View;

/// The longer side of the face on the canvas: fine enough for the rim of a phone, too coarse for hair.
const FACE: usize = 28;

/// How far the canvas reaches from the face's centre, in canvas pixels: nearly three faces.
const REACH: usize = 77;

/// Edges begin this far from the face's centre, in canvas pixels; nearer lie jaw, hair and ears.
const NEAREST: usize = 17;

/// How far an edge has to go along beside the face's centre, either way, in canvas pixels.
const ALONG: isize = 25;

/// An edge's least difference of luma over two canvas pixels.
const CONTRAST: f32 = 12.0;

/// Tilts from the upright that are looked at, as pixels aside per pixel along: -24 to 24 degrees by four.
const TILTS: [f32; 13] = [
    -0.4452, -0.3640, -0.2867, -0.2126, -0.1405, -0.0699, 0.0, 0.0699, 0.1405, 0.2126, 0.2867, 0.3640, 0.4452,
];

const SIDE: usize = 2 * REACH + 1;

/// How much of a frame surrounds a face, 0 to 1: the share that is edge of a straight line beside the face, of the third
/// best of its four sides, all sides tilted alike within four degrees.
///
/// Three sides, since a hand or the picture's own border often hides the fourth; doors and shelves seldom give more than
/// two. 0 where the face lies outside the picture.
///
/// # Errors
/// The picture could not be resized.
pub(super) fn framing(picture: &Picture, face: Bounds, scratch: &mut Scratch) -> Result<f64, ModelError> {
    let share = SIDE as f32 / FACE as f32;
    let view = View::square(face, share, SIDE, f32::INFINITY, 1);
    if (view.width, view.height) != (SIDE, SIDE) || view.draw_luma(picture, scratch)?.is_none() {
        return Ok(0.0);
    }
    let across = Sides::of(&scratch.planes, 1, SIDE);
    let down = Sides::of(&scratch.planes, SIDE, 1);
    Ok(third_side(&across, &down).into())
}

/// The best straight edge on either side of the face, for every tilt: its share that is edge.
struct Sides {
    before: [f32; TILTS.len()],
    behind: [f32; TILTS.len()],
}

impl Sides {
    /// Edges that run along one axis of the canvas and are crossed along the other; `step` and `stride` are the distances
    /// of neighbours on the crossing and on the running axis.
    fn of(luma: &[f32], step: usize, stride: usize) -> Self {
        let mut sides = Self { before: [0.0; TILTS.len()], behind: [0.0; TILTS.len()] };
        for sign in [1.0, -1.0] {
            let edges = edges(luma, step, stride, sign);
            for (tilt, (before, behind)) in
                TILTS.iter().zip(sides.before.iter_mut().zip(sides.behind.iter_mut()))
            {
                let [left, right] = strongest(&edges, *tilt);
                (*before, *behind) = (before.max(left), behind.max(right));
            }
        }
        sides
    }

    /// Both sides' best within one step of a tilt.
    fn near(&self, tilt: usize) -> [f32; 2] {
        let steps = tilt.saturating_sub(1)..(tilt + 2).min(TILTS.len());
        let best = |shares: &[f32]| {
            shares.get(steps.clone()).unwrap_or_default().iter().copied().fold(0.0, f32::max)
        };
        [best(&self.before), best(&self.behind)]
    }
}

/// Where the luma rises (`sign` 1) or falls (-1) along the crossing axis, or beside it by one pixel: rows of the running
/// axis.
fn edges(luma: &[f32], step: usize, stride: usize, sign: f32) -> Vec<u8> {
    let at = |place: usize| luma.get(place).copied().unwrap_or_default();
    let mut edges = vec![0; SIDE * SIDE];
    for (along, row) in edges.chunks_exact_mut(SIDE).enumerate() {
        for cross in 1..SIDE - 1 {
            let here = along * stride + cross * step;
            if sign * (at(here + step) - at(here - step)) > CONTRAST {
                row.iter_mut().skip(cross - 1).take(3).for_each(|edge| *edge = 1);
            }
        }
    }
    edges
}

/// Of all lines with a tilt, before and behind the face: the largest share that is edge.
fn strongest(edges: &[u8], tilt: f32) -> [f32; 2] {
    // One count for every place where a line can cross the face's own row; at most 51, so eight bits hold it.
    let mut counts = [0_u8; SIDE];
    for along in -ALONG..=ALONG {
        let aside = (along as f32 * tilt).round() as isize;
        let row = edges.chunks_exact(SIDE).nth(REACH.saturating_add_signed(along)).unwrap_or_default();
        let (from, first) = if aside < 0 { (0, aside.unsigned_abs()) } else { (aside.unsigned_abs(), 0) };
        let seen = row.iter().skip(from);
        counts.iter_mut().skip(first).zip(seen).for_each(|(count, edge)| *count += edge);
    }
    let best = |places: Option<&[u8]>| {
        let most = places.unwrap_or_default().iter().copied().max().unwrap_or_default();
        f32::from(most) / (2 * ALONG + 1) as f32
    };
    [best(counts.get(2..REACH - NEAREST)), best(counts.get(REACH + NEAREST..SIDE - 2))]
}

/// The third best of the four sides at the tilt where that is most. Lines across tilt the other way.
fn third_side(across: &Sides, down: &Sides) -> f32 {
    let at = |tilt: usize| {
        let [left, right] = across.near(tilt);
        let [top, bottom] = down.near(TILTS.len() - 1 - tilt);
        let mut shares = [left, right, top, bottom];
        shares.sort_by(|a, b| b.total_cmp(a));
        shares[2]
    };
    (0..TILTS.len()).map(at).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE_BOUNDS: Bounds = Bounds { left: 172.0, top: 172.0, width: 56.0, height: 56.0 };

    /// 400 x 400 pixels of light grey with a dark sheet: half sides from the middle (left, top, right, bottom), turned.
    fn sheet(half: [f32; 4], degrees: f32) -> Picture {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let pixel = |column: u32, row: u32| {
            let (x, y) = (column as f32 - 199.5, row as f32 - 199.5);
            let (x, y) = (x * cos + y * sin, y * cos - x * sin);
            let inside = x > -half[0] && y > -half[1] && x < half[2] && y < half[3];
            if inside { 90 } else { 160 }
        };
        let rgb = (0..400 * 400).flat_map(|place| [pixel(place % 400, place / 400); 3]).collect();
        Picture::new(400, 400, rgb).expect("a picture")
    }

    #[test]
    fn a_sheet_around_the_face_is_told_from_a_wall_behind_it() {
        let beyond = 900.0;
        let table = [
            ("a sheet", [70.0, 80.0, 75.0, 90.0], 0.0, true),
            ("tilted", [70.0, 80.0, 75.0, 90.0], 14.0, true),
            ("tilted the other way", [70.0, 80.0, 75.0, 90.0], -22.0, true),
            ("one edge out of sight", [70.0, 80.0, 75.0, beyond], 6.0, true),
            ("a door post and a shelf", [70.0, 80.0, beyond, beyond], 0.0, false),
            ("a door", [70.0, beyond, 80.0, beyond], 0.0, false),
            ("an even wall", [beyond; 4], 0.0, false),
            ("slanted as no one holds a picture", [70.0, 80.0, 75.0, 90.0], 45.0, false),
        ];
        for (case, half, degrees, is_framed) in table {
            let found =
                framing(&sheet(half, degrees), FACE_BOUNDS, &mut Scratch::default()).expect("resized");
            assert_eq!(found > 0.9, is_framed, "{case}: {found}");
        }
    }

    #[test]
    fn a_face_beyond_the_picture_has_no_frame() {
        let away = Bounds { left: 5000.0, ..FACE_BOUNDS };
        let found = framing(&sheet([70.0; 4], 0.0), away, &mut Scratch::default()).expect("resized");
        assert!(found < 0.1, "{found}");
    }
}

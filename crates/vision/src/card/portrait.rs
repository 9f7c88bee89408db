//! The part of a card that holds its portrait, for the face stages.

use super::quad::Quad;
use super::warp::drawn_upright;
use crate::geometry::Point;
use crate::picture::Picture;

/// Where the portrait is, as shares of the card's width and height: its box with a margin, since cards are found a little
/// beside where they lie and other layouts set it a little elsewhere.
const LEFT: f32 = 0.62;
const RIGHT: f32 = 1.0;
const TOP: f32 = 0.16;
const BOTTOM: f32 = 0.92;

/// The longest side that is drawn, in pixels: what more there is is no gain to the face stages.
const LONGEST: f32 = 1024.0;

/// The part of the card that holds its portrait, upright, in the picture's own resolution.
///
/// `None` where the corners make no convex shape or next to nothing of it lies in the picture.
pub fn portrait_area(picture: &Picture, card: &Quad) -> Option<Picture> {
    let [a, b, c, d] = card.corners;
    let at = |x: f32, y: f32| -> Point { a.towards(b, x).towards(d.towards(c, x), y) };
    let area = Quad { corners: [at(LEFT, TOP), at(RIGHT, TOP), at(RIGHT, BOTTOM), at(LEFT, BOTTOM)] };
    if area.share_within(picture.width(), picture.height()) < LEAST_WITHIN {
        return None;
    }
    let (width, height) = (area.width(), area.height());
    let scale = (LONGEST / width.max(height)).min(1.0);
    let side = |length: f32| (length * scale).round().max(1.0) as u32;
    drawn_upright(picture, &area, side(width), side(height))
}

/// The least share of it that has to lie in the picture.
const LEAST_WITHIN: f32 = 0.3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_drawn_upright_however_the_card_lies() {
        // A card of 300 x 200 with a dark place where the portrait is.
        let pixel = |place: u32| {
            let (x, y) = (place % 300, place / 300);
            [if (220..280).contains(&x) && (60..150).contains(&y) { 10 } else { 200_u8 }; 3]
        };
        let picture = Picture::new(300, 200, (0..60_000).flat_map(pixel).collect()).expect("a picture");
        let whole = Quad::of_canvas(300, 200);
        for (turns, dark) in [(0, true), (2, false)] {
            let area = portrait_area(&picture, &whole.turned(turns)).expect("a shape");
            let middle = (area.height() / 2 * area.width() + area.width() / 2) as usize * 3;
            assert_eq!(area.rgb()[middle] < 100, dark, "{turns}");
            assert_eq!((area.width(), area.height()), (114, 151));
        }
        let beside = Quad { corners: whole.corners.map(|at| Point { x: at.x + 1000.0, ..at }) };
        assert!(portrait_area(&picture, &beside).is_none());
    }
}

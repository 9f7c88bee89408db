//! A card brought to a canvas of its own ratio, upright and flat.

use zeroize::Zeroizing;

use super::quad::{CARD_RATIO, Homography, Quad};
use crate::admission::MAX_SIDE;
use crate::picture::Picture;

/// The widest canvas in pixels: the values are printed in letters of 0.035 of its height, which makes 23 pixels, and the
/// NIK in digits of 45.
pub const WIDEST: u32 = 1024;

/// The narrowest canvas in pixels, for quadrilaterals of hardly any size.
const NARROWEST: u32 = 64;

/// How much a card is enlarged at most: what is not in the picture is not drawn.
const ENLARGED: f32 = 1.5;

/// From this many pixels of the picture per canvas pixel beyond a whole number on, the next whole number of them is
/// averaged: bilinear sampling alone covers about one and a half.
const ROUND_UP: f32 = 0.4;

/// A card as it would be scanned, and the way back to the picture it was photographed in.
#[derive(Debug)]
pub struct Rectified {
    picture: Picture,
    to_original: Homography,
}

impl Rectified {
    /// Brings what lies within `quad` to a canvas of the card's ratio, its first corner at the top left.
    ///
    /// The canvas is as wide as the card is in the picture, times 1.5, and at most [`WIDEST`]. What the picture has in more
    /// detail is averaged; beyond the picture its outermost pixels go on. `None` where the corners make no convex shape.
    pub fn of(picture: &Picture, quad: &Quad) -> Option<Self> {
        let wide = (quad.width().max(quad.height() * CARD_RATIO) * ENLARGED).round();
        let width = (wide.max(0.0) as u32).clamp(NARROWEST, WIDEST);
        let height = (width as f32 / CARD_RATIO).round() as u32;
        let shown = Quad::of_bounds(crate::geometry::Bounds {
            left: -0.5,
            top: -0.5,
            width: width as f32,
            height: height as f32,
        });
        let to_original = Homography::between(&shown, quad)?;
        let scale = (quad.area().max(0.0) / (width * height) as f32).sqrt();
        let times = (scale + 1.0 - ROUND_UP).floor().clamp(1.0, MAX_SIDE as f32) as usize;
        let source = Source::of(picture, quad, times)?;
        let picture = source.draw(&to_original, width, height)?;
        Some(Self { picture, to_original })
    }

    /// The card, upright and flat.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Where a quadrilateral on the canvas lies in the picture the card was found in.
    pub fn quad_in_original(&self, quad: &Quad) -> Quad {
        self.to_original.apply_to(quad)
    }
}

/// The part of a picture around a card, every pixel the mean of `times` x `times`. Wiped on drop.
struct Source<'p> {
    pixels: Cow<'p>,
    width: usize,
    height: usize,
    times: f32,
    /// Where the centre of the first pixel lies in the picture.
    left: f32,
    top: f32,
}

/// Pixels of one's own, or the picture's.
enum Cow<'p> {
    Own(Zeroizing<Vec<u8>>),
    Picture(&'p [u8]),
}

impl<'p> Source<'p> {
    fn of(picture: &'p Picture, quad: &Quad, times: usize) -> Option<Self> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        if times < 2 {
            return Some(Self {
                pixels: Cow::Picture(picture.rgb()),
                width,
                height,
                times: 1.0,
                left: 0.0,
                top: 0.0,
            });
        }
        let columns = part(quad.corners.map(|corner| corner.x), width, times);
        let rows = part(quad.corners.map(|corner| corner.y), height, times);
        let (across, down) = (columns.len().div_ceil(times), rows.len().div_ceil(times));
        let mut pixels = Zeroizing::new(Vec::with_capacity(across * down * 3));
        let mut sums = Zeroizing::new(vec![0_u32; columns.len() * 3]);
        for block in 0..down {
            sums.fill(0);
            let first = rows.start + block * times;
            let lines = first..(first + times).min(rows.end);
            for row in lines.clone() {
                let start = (row * width + columns.start) * 3;
                let line = picture.rgb().get(start..start + columns.len() * 3)?;
                sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += u32::from(*value));
            }
            for block in sums.as_chunks::<3>().0.chunks(times) {
                let count = (block.len() * lines.len()) as u32;
                for channel in 0..3 {
                    let sum: u32 = block.iter().map(|pixel| pixel[channel]).sum();
                    pixels.push(((sum + count / 2) / count) as u8);
                }
            }
        }
        let centre = |start: usize| start as f32 + (times - 1) as f32 / 2.0;
        let (left, top) = (centre(columns.start), centre(rows.start));
        Some(Self { pixels: Cow::Own(pixels), width: across, height: down, times: times as f32, left, top })
    }

    /// The canvas: bilinear samples where `to_original` says.
    fn draw(&self, to_original: &Homography, width: u32, height: u32) -> Option<Picture> {
        let pixels = match &self.pixels {
            Cow::Own(pixels) => pixels.as_slice(),
            Cow::Picture(pixels) => pixels,
        };
        let pixels = pixels.as_chunks::<3>().0;
        let (last_column, last_row) = (((self.width - 1) << 8) as i32, ((self.height - 1) << 8) as i32);
        let (left_edge, top_edge) = (256.0 * self.left / self.times, 256.0 * self.top / self.times);
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for row in 0..height {
            let start = to_original.homogeneous(0.0, f64::from(row));
            let next = to_original.homogeneous(1.0, f64::from(row));
            let start32 = start.map(|value| value as f32);
            let step: [f32; 3] = std::array::from_fn(|axis| (next[axis] - start[axis]) as f32);
            for column in 0..width {
                let column = column as f32;
                let along = |axis: usize| start32[axis] + step[axis] * column;
                let once = 256.0 / (along(2) * self.times);
                // In 256ths, which is finer than eight bits can show; signed numbers of 32 bits are what processors
                // convert to in one step, and what is no number becomes 0.
                let x = (along(0) * once - left_edge) as i32;
                let y = (along(1) * once - top_edge) as i32;
                let (x, y) = (x.clamp(0, last_column) as u32, y.clamp(0, last_row) as u32);
                let (left, top) = ((x >> 8) as usize, (y >> 8) as usize);
                let (across, down) = (x & 255, y & 255);
                let here = top * self.width + left;
                let right = usize::from(across > 0);
                let below = if down > 0 { self.width } else { 0 };
                let pixel = |place: usize| pixels.get(place).copied().unwrap_or_default();
                let [a, b, c, d] =
                    [pixel(here), pixel(here + right), pixel(here + below), pixel(here + below + right)];
                rgb.extend_from_slice(&std::array::from_fn::<u8, 3, _>(|channel| {
                    let [a, b, c, d] = [a, b, c, d].map(|pixel| u32::from(pixel[channel]));
                    let top = a * (256 - across) + b * across;
                    let bottom = c * (256 - across) + d * across;
                    ((top * (256 - down) + bottom * down + (1 << 15)) >> 16) as u8
                }));
            }
        }
        Picture::new(width, height, rgb)
    }
}

/// The part of a side of a picture that places span, a block more on either side; at least one pixel.
fn part(places: [f32; 4], side: usize, times: usize) -> std::ops::Range<usize> {
    let least = places.iter().copied().fold(f32::INFINITY, f32::min).floor().max(0.0) as usize;
    let most = places.iter().copied().fold(f32::NEG_INFINITY, f32::max).ceil().max(0.0) as usize;
    let start = least.saturating_sub(times).min(side - 1);
    start..most.saturating_add(times + 1).clamp(start + 1, side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Bounds;
    use crate::geometry::Point;

    /// Red grows with x, green with y, a pixel a level.
    fn ramps(width: u32, height: u32, levels: f32) -> Picture {
        let rgb = (0..height).flat_map(|y| {
            (0..width).flat_map(move |x| [(x as f32 * levels) as u8, (y as f32 * levels) as u8, 7])
        });
        Picture::new(width, height, rgb.collect()).expect("a picture")
    }

    fn quad(corners: [(f32, f32); 4]) -> Quad {
        Quad { corners: corners.map(|(x, y)| Point { x, y }) }
    }

    #[test]
    fn a_canvas_is_of_the_cards_ratio_and_shows_what_lies_where_it_says() {
        let picture = ramps(240, 200, 1.0);
        let table = [
            ("upright", [(20.0, 20.0), (191.0, 20.0), (191.0, 128.0), (20.0, 128.0)], 257),
            ("on its side", [(40.0, 190.0), (40.0, 19.0), (148.0, 19.0), (148.0, 190.0)], 257),
            (
                "upside down, in perspective",
                [(200.0, 150.0), (30.0, 160.0), (20.0, 30.0), (210.0, 50.0)],
                275,
            ),
            ("tiny", [(20.0, 20.0), (28.0, 20.0), (28.0, 25.0), (20.0, 25.0)], 64),
        ];
        for (case, corners, width) in table {
            let card = Rectified::of(&picture, &quad(corners)).expect(case);
            let (wide, high) = (card.picture().width(), card.picture().height());
            assert!(wide.abs_diff(width) <= 2, "{case}: {wide}");
            assert!((wide as f32 / high as f32 / CARD_RATIO - 1.0).abs() < 0.015, "{case}");
            for (column, row) in [(0, 0), (wide / 3, high / 2), (wide - 1, high - 1)] {
                let at = card.to_original.apply(Point { x: column as f32, y: row as f32 });
                let pixel = card.picture().rgb().as_chunks::<3>().0[(row * wide + column) as usize];
                let off = (f32::from(pixel[0]) - at.x).abs().max((f32::from(pixel[1]) - at.y).abs());
                assert!(off <= 0.6 && pixel[2] == 7, "{case} {column} {row}: {pixel:?} {at:?}");
            }
        }
    }

    #[test]
    fn a_large_card_is_averaged_and_never_wider_than_the_canvas() {
        // Columns alternate between black and white: averaged they are grey, sampled they are anything.
        for width in [2048, 3072, 4100] {
            let height = width * 540 / 856;
            let rgb = (0..width * height).flat_map(|place| [if place % width % 2 == 0 { 0 } else { 255 }; 3]);
            let picture = Picture::new(width, height, rgb.collect()).expect("a picture");
            let all = Bounds { left: -0.5, top: -0.5, width: width as f32, height: height as f32 };
            let card = Rectified::of(&picture, &Quad::of_bounds(all)).expect("a shape");
            assert_eq!(card.picture().width(), WIDEST, "{width}");
            let greys = card.picture().rgb().iter().filter(|level| (60..196).contains(*level)).count();
            assert!(greys * 100 > card.picture().rgb().len() * 95, "{width}: {greys}");
        }
    }

    #[test]
    fn no_quadrilateral_is_a_fault() {
        let picture = ramps(60, 40, 4.0);
        let far = 1e9;
        let table = [
            ("beyond the picture", [(100.0, 100.0), (186.0, 100.0), (186.0, 154.0), (100.0, 154.0)], true),
            ("huge", [(-far, -far), (far, -far), (far, far), (-far, far)], true),
            ("on a line", [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)], false),
            ("no numbers", [(f32::NAN, 0.0), (1.0, 0.0), (2.0, 5.0), (3.0, 0.0)], false),
            ("crossed", [(0.0, 0.0), (40.0, 30.0), (40.0, 0.0), (0.0, 30.0)], false),
        ];
        for (case, corners, is_drawn) in table {
            assert_eq!(Rectified::of(&picture, &quad(corners)).is_some(), is_drawn, "{case}");
        }
    }
}

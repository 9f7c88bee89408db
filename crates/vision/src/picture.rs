//! An admitted picture: upright, opaque, bounded, in memory only.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Edge of the square tiles a picture is turned in: 32 x 32 x 3 bytes of source and target fit a first-level cache.
const TILE: usize = 32;

/// An upright RGB picture, eight bits a channel, rows from the top, three bytes a pixel, without padding.
///
/// Its pixels are personal data: `Debug` shows only the size, and they are wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// A picture of `width` x `height` pixels; `None` where a side is zero or the bytes do not fit the sides.
    pub fn new(width: u32, height: u32, mut rgb: Vec<u8>) -> Option<Self> {
        let expected = u64::from(width) * u64::from(height) * 3;
        if expected == 0 || u64::try_from(rgb.len()) != Ok(expected) {
            rgb.zeroize();
            return None;
        }
        Some(Self { width, height, rgb })
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The same picture turned: a copy. Rows become columns tile by tile, so that a large picture is not read across the
    /// whole of memory for every pixel.
    pub fn turned(&self, turn: Turn) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let pixels = self.rgb.as_chunks::<3>().0;
        let quarter = |target: fn(usize, usize, (usize, usize)) -> usize| {
            let mut rgb = vec![0; self.rgb.len()];
            let turned = rgb.as_chunks_mut::<3>().0;
            for top in (0..height).step_by(TILE) {
                for left in (0..width).step_by(TILE) {
                    for y in top..(top + TILE).min(height) {
                        let line = pixels.get(y * width..(y + 1) * width).unwrap_or_default();
                        for (x, pixel) in line.iter().enumerate().skip(left).take(TILE) {
                            if let Some(place) = turned.get_mut(target(x, y, (width, height))) {
                                *place = *pixel;
                            }
                        }
                    }
                }
            }
            Self { width: self.height, height: self.width, rgb }
        };
        match turn {
            Turn::Upright => self.clone(),
            Turn::Half => Self { rgb: pixels.iter().rev().flatten().copied().collect(), ..*self },
            Turn::Right => quarter(|x, y, (_, height)| x * height + height - 1 - y),
            Turn::Left => quarter(|x, y, (width, height)| (width - 1 - x) * height + y),
        }
    }

    /// The pixels: red, green, blue, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }
}

/// A turn by quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// None.
    Upright,
    /// A quarter clockwise.
    Right,
    /// Upside down.
    Half,
    /// A quarter counter-clockwise.
    Left,
}

impl Turn {
    /// The three that change a picture.
    pub const OTHERS: [Self; 3] = [Self::Right, Self::Left, Self::Half];
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} x {}, <private>)", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_turned_by_quarters() {
        // 1 2 3
        // 4 5 6
        let picture = Picture::new(3, 2, (1..=6).flat_map(|value| [value; 3]).collect()).expect("a picture");
        let rows: [(Turn, u32, [u8; 6]); 4] = [
            (Turn::Upright, 3, [1, 2, 3, 4, 5, 6]),
            (Turn::Right, 2, [4, 1, 5, 2, 6, 3]),
            (Turn::Half, 3, [6, 5, 4, 3, 2, 1]),
            (Turn::Left, 2, [3, 6, 2, 5, 1, 4]),
        ];
        for (turn, width, expected) in rows {
            let turned = picture.turned(turn);
            let reds: Vec<u8> = turned.rgb().iter().step_by(3).copied().collect();
            assert_eq!((turned.width(), reds.as_slice()), (width, expected.as_slice()), "{turn:?}");
        }
    }
}

//! An admitted picture: upright, opaque, bounded, in memory only.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

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

    /// The pixels: red, green, blue, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} x {}, <private>)", self.width, self.height)
    }
}

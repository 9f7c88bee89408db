//! The small copy that cards are looked for in.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use zeroize::Zeroizing;

use crate::picture::Picture;
use crate::runtime::ModelError;

/// The longer side of the copy in pixels: a card that takes a fifth of the picture's width is still 96 pixels wide.
pub(super) const LONGER_SIDE: u32 = 480;

/// What differences of colour count against those of luma: encoders keep colour at half the resolution.
const COLOUR: f32 = 0.7;

/// A colour in opponent channels: luma, red against green, blue against both. The distance of two is in levels of 0 to 255.
pub(super) type Colour = [f32; 3];

/// A small copy of a picture, smoothed a little. Wiped on drop.
pub(super) struct Small {
    bytes: Zeroizing<Vec<u8>>,
    pixels: Zeroizing<Vec<Colour>>,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels of the picture per pixel of the copy, across and down.
    pub(super) times: (f32, f32),
}

impl Small {
    /// Copies a picture: made smaller where it is larger, never larger.
    pub(super) fn of(picture: &Picture, resizer: &mut Resizer) -> Result<Self, ModelError> {
        let longer = picture.width().max(picture.height());
        let shrunk = |side: u32| match longer > LONGER_SIDE {
            true => ((u64::from(side) * u64::from(LONGER_SIDE)).div_ceil(u64::from(longer)) as u32).max(1),
            false => side,
        };
        let (width, height) = (shrunk(picture.width()), shrunk(picture.height()));
        let mut bytes = Zeroizing::new(vec![0_u8; width as usize * height as usize * 3]);
        let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.rgb())?;
        let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut bytes)?;
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        resizer.resize_typed(&source, &mut target, &options)?;

        let times = (picture.width() as f32 / width as f32, picture.height() as f32 / height as f32);
        Ok(Self::of_bytes(bytes, width as usize, height as usize, times))
    }

    fn of_bytes(bytes: Zeroizing<Vec<u8>>, width: usize, height: usize, times: (f32, f32)) -> Self {
        let pixels = Zeroizing::new(bytes.as_chunks::<3>().0.iter().map(|rgb| opponent(*rgb)).collect());
        let mut small = Self { bytes, pixels, width, height, times };
        small.smooth();
        small
    }

    /// The same without what is dark and thin: print, joints between tiles, gaps between keys. Straight edges of larger
    /// things stay where they are (a morphological closing).
    pub(super) fn without_print(&self) -> Self {
        let mut bytes = self.bytes.clone();
        let stride = self.width * 3;
        let mut passed = Zeroizing::new(vec![0; bytes.len()]);
        picked_all_around(&mut bytes, &mut passed, stride, |a, b| a.max(b));
        picked_all_around(&mut bytes, &mut passed, stride, |a, b| a.min(b));
        Self::of_bytes(bytes, self.width, self.height, self.times)
    }

    /// The same without luma: what is left of print on a page, tiles and keys is hardly anything.
    pub(super) fn without_luma(&self) -> Self {
        let mut copy = Self { bytes: Zeroizing::default(), pixels: self.pixels.clone(), ..*self };
        copy.pixels.iter_mut().for_each(|colour| colour[0] = 0.0);
        copy
    }

    /// The colour at whole coordinates; the outermost pixels go on beyond the borders.
    pub(super) fn at(&self, column: isize, row: isize) -> Colour {
        let column = column.clamp(0, self.width as isize - 1) as usize;
        let row = row.clamp(0, self.height as isize - 1) as usize;
        self.pixels.get(row * self.width + column).copied().unwrap_or_default()
    }

    /// A row of colours.
    pub(super) fn row(&self, row: usize) -> &[Colour] {
        self.pixels.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// One pass of the binomial 1 2 1 along rows and columns: grain and the blocks of encoders make no edges.
    fn smooth(&mut self) {
        let (width, height) = (self.width, self.height);
        let mix = |before: Colour, here: Colour, after: Colour| -> Colour {
            std::array::from_fn(|channel| (before[channel] + 2.0 * here[channel] + after[channel]) / 4.0)
        };
        for row in self.pixels.chunks_exact_mut(width) {
            let mut before = row.first().copied().unwrap_or_default();
            for column in 0..width {
                let here = row[column];
                let after = row.get(column + 1).copied().unwrap_or(here);
                row[column] = mix(before, here, after);
                before = here;
            }
        }
        let mut above = Zeroizing::new(self.row(0).to_vec());
        for row in 0..height {
            let below = if row + 1 < height { (row + 1) * width } else { row * width };
            for (column, before) in above.iter_mut().enumerate() {
                let here = self.pixels[row * width + column];
                // The row below is untouched still; the last row is its own neighbour.
                let after = if row + 1 < height { self.pixels[below + column] } else { here };
                self.pixels[row * width + column] = mix(*before, here, after);
                *before = here;
            }
        }
    }
}

/// Print is thinner than twice this and a pixel, in pixels of the copy.
const PRINT: usize = 3;

/// The largest or least of every channel and its neighbours along the rows and along the columns; what lies beyond the
/// borders has no part in it.
fn picked_all_around(bytes: &mut [u8], passed: &mut [u8], stride: usize, pick: impl Fn(u8, u8) -> u8 + Copy) {
    for (line, to) in bytes.chunks_exact(stride).zip(passed.chunks_exact_mut(stride)) {
        picked(line, to, 3, pick);
    }
    picked(passed, bytes, stride, pick);
}

/// The largest or least of every byte and those up to [`PRINT`] steps before and behind it.
fn picked(from: &[u8], to: &mut [u8], step: usize, pick: impl Fn(u8, u8) -> u8) {
    to.copy_from_slice(from);
    for shift in (1..=PRINT).map(|steps| steps * step).filter(|shift| *shift < from.len()) {
        let (rest, last) = (from.len() - shift, shift);
        for (own, other) in to.iter_mut().zip(&from[last..]) {
            *own = pick(*own, *other);
        }
        for (own, other) in to[last..].iter_mut().zip(&from[..rest]) {
            *own = pick(*own, *other);
        }
    }
}

/// The opponent channels of a colour.
fn opponent([red, green, blue]: [u8; 3]) -> Colour {
    let luma = crate::face::luma([red, green, blue]);
    let [red, green, blue] = [red, green, blue].map(f32::from);
    [luma, COLOUR * (red - green), COLOUR * (blue - (red + green) / 2.0)]
}

/// Distance of two colours.
pub(super) fn distance(a: Colour, b: Colour) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

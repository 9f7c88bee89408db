//! Bytes from outside become a bounded, upright picture.
//!
//! The order is fixed, and each step costs more than the one before it: the byte bounds, the format by its magic
//! bytes (never by a name or a declared type), the sides from the header, room in the [`PixelBudget`], and only
//! then decoding, turning upright by EXIF and laying alpha over white.
//!
//! Colour profiles are not applied: what is measured here (faces, print on cards) does not depend on the gamut.

mod budget;
mod jpeg;
mod orientation;
mod png;
mod svg;

use std::panic::{AssertUnwindSafe, catch_unwind};

use absah_core::assessment::PictureFault;

pub use self::budget::PixelBudget;
use self::orientation::Raster;
use crate::picture::Picture;

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 10_000;

/// The most pixels of a picture: 40 megapixels.
pub const MAX_PIXELS: u64 = 40_000_000;

/// What a picture has to satisfy beyond [`MAX_SIDE`] and [`MAX_PIXELS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureBounds {
    /// The fewest bytes, inclusive.
    pub min_bytes: usize,
    /// The most bytes, inclusive.
    pub max_bytes: usize,
    /// The smallest sides, where the provider has such a bound.
    pub min_sides: Option<MinSides>,
}

/// The smallest sides of a picture in pixels, held upright or lying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinSides {
    /// Least width, inclusive.
    pub width: u32,
    /// Least height, inclusive.
    pub height: u32,
}

impl MinSides {
    /// Whether a picture of `width` x `height` is large enough, as it stands or with its sides swapped.
    pub fn admit(self, width: u32, height: u32) -> bool {
        (width >= self.width && height >= self.height) || (height >= self.width && width >= self.height)
    }
}

/// The formats read, told apart by their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Baseline or progressive JPEG, eight bits a sample (ITU-T T.81).
    Jpeg,
    /// PNG of a single picture (ISO/IEC 15948).
    Png,
    /// The small part of SVG that shows pictures and plain shapes.
    Svg,
}

/// What a picture says of itself before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The format.
    pub format: Format,
    /// Width in pixels as stored, before EXIF orientation; of an SVG the width of its `viewBox`, rounded.
    pub width: u32,
    /// Height, likewise.
    pub height: u32,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// The picture is at fault; it would be refused again.
    #[error("the picture is not admitted: {0:?}")]
    Fault(PictureFault),
    /// The pixel budget had no room within its patience; the same picture may be admitted later.
    #[error("no room to decode the picture")]
    Busy,
}

impl From<PictureFault> for AdmissionError {
    fn from(fault: PictureFault) -> Self {
        Self::Fault(fault)
    }
}

/// Admits one picture.
///
/// Runs for up to about a second on the largest pictures and may wait for the budget: call it on a worker thread.
///
/// # Errors
/// [`AdmissionError::Fault`] with `TooLarge` or `TooSmall` for the byte bounds, `Dimensions` for sides outside
/// `bounds` or beyond [`MAX_SIDE`] or [`MAX_PIXELS`], `Unreadable` for any other format, for animations and for
/// truncated or corrupt data; [`AdmissionError::Busy`] when `budget` had no room in time.
pub fn admit(bytes: &[u8], bounds: &PictureBounds, budget: &PixelBudget) -> Result<Picture, AdmissionError> {
    if bytes.len() > bounds.max_bytes {
        return Err(PictureFault::TooLarge { bytes: bytes.len(), bound: bounds.max_bytes }.into());
    }
    if bytes.len() < bounds.min_bytes {
        return Err(PictureFault::TooSmall.into());
    }
    let Raster { width, height, mut rgb } = contained(|| {
        let parsed = Parsed::parse(bytes)?;
        let Header { width, height, .. } = parsed.header();
        within_bounds(width, height)?;
        if bounds.min_sides.is_some_and(|least| !least.admit(width, height)) {
            return Err(PictureFault::Dimensions.into());
        }
        let _share = budget.take(parsed.peak_bytes()?).ok_or(AdmissionError::Busy)?;
        parsed.decode()
    })?;
    let sides = u32::try_from(width).ok().zip(u32::try_from(height).ok());
    let picture = sides.and_then(|(width, height)| Picture::new(width, height, std::mem::take(&mut *rgb)));
    picture.ok_or(AdmissionError::Fault(PictureFault::Unreadable))
}

/// Reads the header alone: no pixel is decoded, and no bound is checked.
///
/// # Errors
/// `Unreadable` where the bytes are none of the formats, or their structure is broken before the first pixel.
pub fn inspect(bytes: &[u8]) -> Result<Header, PictureFault> {
    match contained(|| Ok(Parsed::parse(bytes)?.header())) {
        Ok(header) => Ok(header),
        Err(AdmissionError::Fault(fault)) => Err(fault),
        Err(AdmissionError::Busy) => Err(PictureFault::Unreadable),
    }
}

/// A picture whose structure has been read, and no more.
enum Parsed<'a> {
    Jpeg(jpeg::Jpeg<'a>),
    Png(png::Png<'a>),
    Svg(Box<svg::Svg<'a>>),
}

impl<'a> Parsed<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, PictureFault> {
        match format(bytes).ok_or(PictureFault::Unreadable)? {
            Format::Jpeg => jpeg::Jpeg::parse(bytes).map(Self::Jpeg),
            Format::Png => png::Png::parse(bytes).map(Self::Png),
            Format::Svg => svg::Svg::parse(bytes).map(|svg| Self::Svg(Box::new(svg))),
        }
    }

    fn header(&self) -> Header {
        let (format, (width, height)) = match self {
            Self::Jpeg(jpeg) => (Format::Jpeg, jpeg.sides()),
            Self::Png(png) => (Format::Png, png.sides()),
            Self::Svg(svg) => (Format::Svg, svg.sides()),
        };
        Header { format, width, height }
    }

    /// An upper estimate of what decoding allocates, in bytes.
    fn peak_bytes(&self) -> Result<usize, PictureFault> {
        let bytes = match self {
            Self::Jpeg(jpeg) => jpeg.peak_bytes(),
            Self::Png(png) => png.peak_bytes(),
            Self::Svg(svg) => svg.peak_bytes()?,
        };
        Ok(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    fn decode(&self) -> Result<Raster, AdmissionError> {
        match self {
            Self::Jpeg(jpeg) => Ok(jpeg.decode()?),
            Self::Png(png) => Ok(png.decode()?),
            Self::Svg(svg) => Ok(svg.render()?),
        }
    }
}

/// The format by its first bytes.
fn format(bytes: &[u8]) -> Option<Format> {
    const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];
    if bytes.starts_with(JPEG) {
        Some(Format::Jpeg)
    } else if bytes.starts_with(png::SIGNATURE) {
        Some(Format::Png)
    } else if svg::may_be_svg(bytes) {
        Some(Format::Svg)
    } else {
        None
    }
}

/// The bounds that hold for every picture.
fn within_bounds(width: u32, height: u32) -> Result<(), PictureFault> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err(PictureFault::Unreadable);
    }
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(PictureFault::Dimensions);
    }
    Ok(())
}

/// Runs `work` so that a panic inside a decoder refuses the picture instead of ending the thread.
///
/// None is known; the fuzz target and the tests of mutated files look for them with the panic hook, which this
/// does not silence.
fn contained<T>(work: impl FnOnce() -> Result<T, AdmissionError>) -> Result<T, AdmissionError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(AdmissionError::Fault(PictureFault::Unreadable)))
}

//! Pictures inside an SVG: base64 data URIs of JPEG or PNG, held to the same bounds as a picture of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use absah_core::assessment::PictureFault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use usvg::ImageKind;
use zeroize::Zeroizing;

use super::super::jpeg::Jpeg;
use super::super::orientation::Raster;
use super::super::png::{Png, SIGNATURE};
use super::super::{MAX_PIXELS, within_bounds};

/// The most embedded pictures: a photograph, and a few logos.
const MAX_PICTURES: usize = 4;

/// The sides of the pictures a document embeds.
#[derive(Default)]
pub(super) struct Pictures {
    sides: Vec<(u32, u32)>,
}

impl Pictures {
    /// Reads the header of the picture at `href`; `None` for anything but a JPEG or PNG in base64.
    pub fn add(&mut self, href: &str) -> Option<()> {
        let (declared, data) = href.trim().strip_prefix("data:")?.split_once(',')?;
        if !matches!(declared, "image/jpeg;base64" | "image/jpg;base64" | "image/png;base64") {
            return None;
        }
        if self.sides.len() == MAX_PICTURES {
            return None;
        }
        let data: Zeroizing<Vec<u8>> =
            Zeroizing::new(data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
        let data = data.strip_suffix(b"==").or_else(|| data.strip_suffix(b"=")).unwrap_or(&data);
        let bytes = Zeroizing::new(STANDARD_NO_PAD.decode(data).ok()?);
        self.sides.push(Embedded::parse(&bytes).ok()?.sides());
        Some(())
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.sides.len() as u64
    }

    /// Their pixels together.
    ///
    /// # Errors
    /// `Dimensions` where one of them, or all together, are beyond the bounds of a picture.
    pub fn total_pixels(&self) -> Result<u64, PictureFault> {
        self.sides.iter().try_for_each(|(width, height)| within_bounds(*width, *height))?;
        let total = self.sides.iter().map(|sides| pixels(*sides)).sum();
        if total > MAX_PIXELS { Err(PictureFault::Dimensions) } else { Ok(total) }
    }

    /// The pixels of the largest one; none without any.
    pub fn largest_pixels(&self) -> u64 {
        self.sides.iter().map(|sides| pixels(*sides)).max().unwrap_or(0)
    }

    /// A decoder for as many pixels as were counted.
    pub fn decoder(&self) -> PictureDecoder {
        let allowance = self.sides.iter().fold(0_u64, |sum, sides| sum.saturating_add(pixels(*sides)));
        PictureDecoder { allowance: AtomicU64::new(allowance), failed: AtomicBool::new(false) }
    }
}

fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// Decodes pictures as the renderer comes upon them.
///
/// The renderer has decoders of its own, which take truncated data for a picture. They never see what came from
/// outside: they get the pixels decoded here, packed as an uncompressed PNG, upright and over white.
pub(super) struct PictureDecoder {
    allowance: AtomicU64,
    failed: AtomicBool,
}

impl PictureDecoder {
    /// The picture for the renderer.
    pub fn resolve(&self, data: &[u8]) -> Option<ImageKind> {
        let packed = self.decode(data).and_then(|raster| pack(&raster));
        if packed.is_none() {
            self.failed.store(true, Ordering::Relaxed);
        }
        packed.map(|png| ImageKind::PNG(Arc::new(png)))
    }

    /// Whether all pictures could be decoded.
    pub fn outcome(&self) -> Result<(), PictureFault> {
        if self.failed.load(Ordering::Relaxed) { Err(PictureFault::Unreadable) } else { Ok(()) }
    }

    fn decode(&self, data: &[u8]) -> Option<Raster> {
        let embedded = Embedded::parse(data).ok()?;
        let (width, height) = embedded.sides();
        within_bounds(width, height).ok()?;
        // What the header check read and what arrives here are the same bytes; this does not rely on it.
        self.allowance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(pixels((width, height)))
            })
            .ok()?;
        embedded.decode().ok()
    }
}

enum Embedded<'a> {
    Jpeg(Jpeg<'a>),
    Png(Png<'a>),
}

impl<'a> Embedded<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, PictureFault> {
        if bytes.starts_with(SIGNATURE) {
            Png::parse(bytes).map(Self::Png)
        } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Jpeg::parse(bytes).map(Self::Jpeg)
        } else {
            Err(PictureFault::Unreadable)
        }
    }

    fn sides(&self) -> (u32, u32) {
        match self {
            Self::Jpeg(jpeg) => jpeg.sides(),
            Self::Png(png) => png.sides(),
        }
    }

    fn decode(&self) -> Result<Raster, PictureFault> {
        match self {
            Self::Jpeg(jpeg) => jpeg.decode(),
            Self::Png(png) => png.decode(),
        }
    }
}

/// An uncompressed PNG of the pixels.
fn pack(raster: &Raster) -> Option<Vec<u8>> {
    let mut packed = Vec::with_capacity(raster.rgb.len() + raster.rgb.len() / 1_000 + 1_024);
    let mut encoder =
        Encoder::new(&mut packed, u32::try_from(raster.width).ok()?, u32::try_from(raster.height).ok()?);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::NoCompression);
    encoder.set_filter(Filter::NoFilter);
    encoder.write_header().ok()?.write_image_data(&raster.rgb).ok()?;
    Some(packed)
}

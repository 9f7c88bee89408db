//! JPEG: ITU-T T.81 baseline and progressive, eight bits a sample, Huffman coded.
//!
//! The file's structure is read here first. What the decoder gets is a distillate: the segments that decoding
//! needs, in their order, and the scans up to the end of the first picture. Metadata, however large or twisted,
//! never reaches it, nor does what phones append (gain maps, further pictures, motion).

mod progression;
mod source;
mod structure;

use absah_core::assessment::PictureFault;
use image::metadata::Orientation;
use zeroize::Zeroizing;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use self::source::Source;
use self::structure::{Distillate, Frame, Structure};
use super::orientation::{Raster, swaps_sides, upright};
use super::{MAX_PIXELS, MAX_SIDE};

/// The most work of a picture in several scans, in samples visited: sixteen scans over the largest picture.
/// Encoders write about ten; without a bound, a scan of a few bytes costs a walk over every block.
const MAX_SCAN_PIXELS: u64 = 16 * MAX_PIXELS;

/// How a run of the decoder ended.
struct Run {
    is_decoded: bool,
    /// Whether a padded scan had too little data.
    ran_out: bool,
}

/// A JPEG whose structure is in order.
pub(super) struct Jpeg<'a> {
    structure: Structure<'a>,
}

impl<'a> Jpeg<'a> {
    /// Reads the markers up to the end of the first picture.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PictureFault> {
        structure::read(bytes).map(|structure| Self { structure }).ok_or(PictureFault::Unreadable)
    }

    /// Width and height as stored.
    pub fn sides(&self) -> (u32, u32) {
        let Frame { width, height, .. } = self.structure.frame;
        (u32::from(width), u32::from(height))
    }

    /// The distillate, the pixels, once more for a quarter turn, and the coefficients of pictures in several scans.
    pub fn peak_bytes(&self) -> u64 {
        let (width, height) = self.sides();
        let rgb = u64::from(width) * u64::from(height) * 3;
        let turned = if swaps_sides(self.orientation()) { rgb } else { 0 };
        let coefficients =
            if self.structure.in_several_scans() { self.structure.frame.coefficient_bytes() } else { 0 };
        self.structure.kept_bytes() as u64 + rgb + turned.max(coefficients)
    }

    /// The picture, upright.
    pub fn decode(&self) -> Result<Raster, PictureFault> {
        let (width, height) = self.sides();
        if u64::from(width) * u64::from(height) * self.structure.scans as u64 > MAX_SCAN_PIXELS {
            return Err(PictureFault::Unreadable);
        }
        let mut rgb = Zeroizing::new(vec![0; width as usize * height as usize * 3]);
        if self.structure.in_several_scans()
            && self.run(&self.structure.distil_first_scan(), &mut rgb).ran_out
        {
            return Err(PictureFault::Unreadable);
        }
        let run = self.run(&self.structure.distil(), &mut rgb);
        if !run.is_decoded || run.ran_out {
            return Err(PictureFault::Unreadable);
        }
        Ok(upright(Raster { width: width as usize, height: height as usize, rgb }, self.orientation()))
    }

    /// One run of the decoder.
    fn run(&self, distillate: &Distillate, rgb: &mut [u8]) -> Run {
        let source = Source::new(&distillate.bytes, &distillate.ends);
        let overrun = source.overrun();
        // Strict: a bad code is an error. Lenient decoding fills the rest of the picture with grey.
        let options = DecoderOptions::default()
            .set_max_width(MAX_SIDE as usize)
            .set_max_height(MAX_SIDE as usize)
            .set_strict_mode(true)
            .jpeg_set_max_scans(self.structure.scans)
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(source, options);
        let is_decoded = decoder.decode_headers().is_ok()
            && decoder.output_buffer_size() == Some(rgb.len())
            && decoder.decode_into(rgb).is_ok();
        Run { is_decoded, ran_out: overrun.happened() }
    }

    /// How the picture wants to be turned; as stored where EXIF is silent or broken.
    fn orientation(&self) -> Orientation {
        self.structure.exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
    }
}

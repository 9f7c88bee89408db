//! PNG: ISO/IEC 15948, single pictures only.

use std::io::Cursor;

use absah_core::assessment::PictureFault;
use image::metadata::Orientation;
use png::{BitDepth, ColorType, Decoder, Limits, Transformations};
use zeroize::Zeroizing;

use super::orientation::{Raster, swaps_sides, upright};

/// The first eight bytes of every PNG.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the decoder may allocate besides the pixels: rows, the inflate window, small chunks.
const DECODER_BYTES: usize = 4 * 1024 * 1024;

/// The most chunks. Encoders split pixel data into chunks of some kilobytes.
const MAX_CHUNKS: usize = 16_384;

/// A PNG whose chunks are whole.
pub(super) struct Png<'a> {
    bytes: &'a [u8],
    width: u32,
    height: u32,
    interlaced: bool,
    exif: Option<&'a [u8]>,
}

impl<'a> Png<'a> {
    /// Walks over the chunks up to `IEND`, checking every checksum.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PictureFault> {
        Self::read(bytes).ok_or(PictureFault::Unreadable)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(SIGNATURE)?;
        let header = chunk(&mut rest)?;
        let [w3, w2, w1, w0, h3, h2, h1, h0, _, _, _, _, interlace] = *header.data else { return None };
        if &header.kind != b"IHDR" {
            return None;
        }
        let mut png = Self {
            bytes,
            width: u32::from_be_bytes([w3, w2, w1, w0]),
            height: u32::from_be_bytes([h3, h2, h1, h0]),
            interlaced: interlace != 0,
            exif: None,
        };
        let mut has_data = false;
        for _ in 0..MAX_CHUNKS {
            let Chunk { kind, data } = chunk(&mut rest)?;
            match &kind {
                b"IEND" => return has_data.then_some(png),
                b"IDAT" => has_data = true,
                b"eXIf" => png.exif = Some(data),
                // An animation, a picture nobody can say which moment of was meant.
                b"acTL" | b"IHDR" => return None,
                _ => {}
            }
        }
        None
    }

    /// Width and height as stored.
    pub fn sides(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The pixels; once more for a quarter turn, or all samples of an interlaced picture.
    pub fn peak_bytes(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let samples = if self.interlaced { 4 * pixels } else { 0 };
        let turned = if swaps_sides(self.orientation()) { 3 * pixels } else { 0 };
        3 * pixels + samples.max(turned) + DECODER_BYTES as u64
    }

    /// The picture, upright, over white.
    pub fn decode(&self) -> Result<Raster, PictureFault> {
        let rgb = self.pixels().ok_or(PictureFault::Unreadable)?;
        let raster = Raster { width: self.width as usize, height: self.height as usize, rgb };
        Ok(upright(raster, self.orientation()))
    }

    fn pixels(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut decoder = Decoder::new_with_limits(Cursor::new(self.bytes), Limits { bytes: DECODER_BYTES });
        decoder.set_transformations(Transformations::normalize_to_color8());
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        // The checksums of all chunks were checked when the structure was read.
        decoder.ignore_checksums(true);
        let mut reader = decoder.read_info().ok()?;
        let (color, depth) = reader.output_color_type();
        let stride = reader.output_line_size(self.width)?;
        if depth != BitDepth::Eight || stride != self.width as usize * color.samples() {
            return None;
        }
        let (width, height) = (self.width as usize, self.height as usize);
        let mut rgb = Zeroizing::new(Vec::with_capacity(width * height * 3));
        if self.interlaced {
            let mut samples = Zeroizing::new(vec![0; stride * height]);
            let bits_per_pixel = u8::try_from(color.samples() * 8).ok()?;
            for _ in 0..interlaced_rows(self.width, self.height) {
                let row = reader.next_interlaced_row().ok()??;
                let png::InterlaceInfo::Adam7(position) = row.interlace() else { return None };
                png::expand_interlaced_row(&mut samples, stride, row.data(), position, bits_per_pixel);
            }
            over_white(&samples, color, &mut rgb);
        } else {
            let mut row = Zeroizing::new(vec![0; stride]);
            // Rows are counted: asking the reader for its end would inflate whatever follows the last one.
            for _ in 0..height {
                reader.read_row(&mut row).ok()??;
                over_white(&row, color, &mut rgb);
            }
        }
        Some(rgb)
    }

    fn orientation(&self) -> Orientation {
        self.exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
    }
}

/// One chunk, its checksum verified.
struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
}

/// Takes the next chunk off `rest`.
fn chunk<'a>(rest: &mut &'a [u8]) -> Option<Chunk<'a>> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (covered, after) = after.split_at_checked(length.checked_add(4)?)?;
    let (checksum, after) = after.split_first_chunk::<4>()?;
    if crc32fast::hash(covered) != u32::from_be_bytes(*checksum) {
        return None;
    }
    *rest = after;
    let (kind, data) = covered.split_first_chunk::<4>()?;
    Some(Chunk { kind: *kind, data })
}

/// Rows over all seven passes of Adam7; a pass without columns has none.
fn interlaced_rows(width: u32, height: u32) -> u32 {
    /// First column, first row, step of columns, step of rows of each pass (ISO/IEC 15948, 8.2).
    const PASSES: [(u32, u32, u32, u32); 7] =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let count = |side: u32, first: u32, step: u32| side.saturating_sub(first).div_ceil(step);
    PASSES
        .iter()
        .filter(|(x, _, dx, _)| count(width, *x, *dx) > 0)
        .map(|(_, y, _, dy)| count(height, *y, *dy))
        .sum()
}

/// Appends samples as RGB, blended over white by their alpha.
fn over_white(samples: &[u8], color: ColorType, rgb: &mut Vec<u8>) {
    let blend = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    match color {
        ColorType::Rgb => rgb.extend_from_slice(samples),
        ColorType::Rgba => {
            rgb.extend(
                samples
                    .as_chunks()
                    .0
                    .iter()
                    .flat_map(|[r, g, b, a]| [*r, *g, *b].map(|value| blend(value, *a))),
            );
        }
        ColorType::GrayscaleAlpha => {
            rgb.extend(samples.as_chunks().0.iter().flat_map(|[grey, a]| [blend(*grey, *a); 3]));
        }
        // A palette has been expanded to colours by the decoder.
        ColorType::Grayscale | ColorType::Indexed => rgb.extend(samples.iter().flat_map(|grey| [*grey; 3])),
    }
}

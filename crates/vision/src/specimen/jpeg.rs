//! JPEG within byte bounds.

use std::ops::RangeInclusive;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::SpecimenError;
use crate::picture::Picture;

/// Bytes of a card for callers with a lower bound: 100,000 bytes to 2 MiB are asked for; a margin stays at both ends.
pub const CARD_BYTES: RangeInclusive<usize> = 110_000..=1_900_000;

/// Bytes of a card for callers with a small upper bound: at most 51,200 are asked for.
pub const SMALL_CARD_BYTES: RangeInclusive<usize> = 20_000..=50_000;

/// The qualities that are tried, best first: above 95 a file grows without showing more, below 50 text frays.
const QUALITIES: [u8; 10] = [95, 90, 85, 80, 75, 70, 65, 60, 55, 50];

/// The picture as JPEG, of the best quality that keeps the bounds.
///
/// # Errors
/// [`SpecimenError::Size`] where no quality keeps them, [`SpecimenError::Encoding`] where the encoder fails.
pub fn encode(picture: &Picture, bytes: RangeInclusive<usize>) -> Result<Vec<u8>, SpecimenError> {
    for quality in QUALITIES {
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, quality).encode(
            picture.rgb(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )?;
        if bytes.contains(&out.len()) {
            return Ok(out);
        }
    }
    Err(SpecimenError::Size { least: *bytes.start(), most: *bytes.end() })
}

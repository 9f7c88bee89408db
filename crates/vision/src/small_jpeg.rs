//! A picture as a JPEG file within a bound of bytes, for whoever takes no larger ones.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage, imageops};
use zeroize::Zeroize as _;

use crate::picture::Picture;

/// Longer sides that are tried, in pixels, largest first: the face of a selfie that is 1,600 pixels high has about 300
/// between the eyes, and one of 480 still has what recognisers use.
const SIDES: [u32; 5] = [1600, 1280, 960, 640, 480];
/// Qualities that are tried at each size, best first: below 70 the blocks of the compression show in faces.
const QUALITIES: [u8; 3] = [92, 82, 70];

/// The picture as JPEG of at most `max_bytes`: the largest size that keeps the bound, of the best quality. Holds nothing
/// but pixels, so none of what a camera writes beside them. `None` where no size keeps the bound.
pub fn small_jpeg(picture: &Picture, max_bytes: usize) -> Option<Vec<u8>> {
    let mut whole = RgbImage::from_raw(picture.width(), picture.height(), picture.rgb().to_vec())?;
    let mut found = None;
    for (width, height) in sizes(picture) {
        let mut small = imageops::thumbnail(&whole, width, height);
        found = QUALITIES.into_iter().find_map(|quality| encode(&small, quality, max_bytes));
        small.as_flat_samples_mut().samples.zeroize();
        if found.is_some() {
            break;
        }
    }
    whole.as_flat_samples_mut().samples.zeroize();
    found
}

/// The sizes to try: no longer side above those listed, none enlarged, each once.
fn sizes(picture: &Picture) -> impl Iterator<Item = (u32, u32)> {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    let mut sides: Vec<u32> = SIDES.into_iter().map(|side| side.min(longer)).collect();
    sides.dedup();
    sides.into_iter().map(move |side| {
        // Within the longer side, so it fits.
        let scaled = |pixels: u32| {
            u32::try_from(u64::from(pixels) * u64::from(side) / u64::from(longer)).unwrap_or(side).max(1)
        };
        (scaled(width), scaled(height))
    })
}

fn encode(picture: &RgbImage, quality: u8, max_bytes: usize) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .ok()?;
    (jpeg.len() <= max_bytes).then_some(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise, which compresses badly.
    fn noise(width: u32, height: u32) -> Picture {
        let mut state = 1_u32;
        let bytes = (0..width * height * 3).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        Picture::new(width, height, bytes.collect()).expect("a picture")
    }

    #[test]
    fn it_keeps_the_bound_at_the_largest_size_that_does() {
        let rows = [
            // picture, bound, sides
            ((300, 400), 195_000, Some((300, 400))),
            ((3000, 4000), 100_000_000, Some((1200, 1600))),
            ((1200, 900), 400_000, Some((640, 480))),
            ((2000, 10), 195_000, Some((1600, 8))),
            ((1, 3000), 195_000, Some((1, 1600))),
            ((800, 800), 1_000, None),
        ];
        for ((width, height), bound, expected) in rows {
            let jpeg = small_jpeg(&noise(width, height), bound);
            let sides = jpeg.as_ref().map(|jpeg| {
                assert!(jpeg.len() <= bound && jpeg.starts_with(&[0xff, 0xd8]), "{width} x {height}");
                let image = image::load_from_memory(jpeg).expect("a JPEG file");
                (image.width(), image.height())
            });
            assert_eq!(sides, expected, "{width} x {height} within {bound}");
        }
    }
}

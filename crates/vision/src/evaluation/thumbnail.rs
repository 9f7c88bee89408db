//! Small copies of pictures, for a page that people look through.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage, imageops};

use super::picture;
use crate::face::Bounds;

/// The longer side in pixels: enough to see a paper's edge or a screen's grid, too little to be worth stealing.
const SIDE: u32 = 280;
const QUALITY: u8 = 80;

/// A picture made small.
pub(in crate::evaluation) struct Thumbnail {
    /// JPEG in base64.
    pub(in crate::evaluation) jpeg: String,
    pub(in crate::evaluation) width: u32,
    pub(in crate::evaluation) height: u32,
    /// The face's bounds in pixels of the thumbnail.
    pub(in crate::evaluation) face: Bounds,
}

impl Thumbnail {
    /// Reads a picture once more; `None` where it cannot be read any longer.
    pub(in crate::evaluation) fn of(path: &Path, face: Bounds) -> Option<Self> {
        let picture = picture::read(path)?;
        let scale = SIDE as f32 / picture.width().max(picture.height()) as f32;
        let scale = scale.min(1.0);
        let side = |pixels: u32| ((pixels as f32 * scale).round() as u32).max(1);
        let (width, height) = (side(picture.width()), side(picture.height()));
        let whole = RgbImage::from_raw(picture.width(), picture.height(), picture.rgb().to_vec())?;
        let small = imageops::thumbnail(&whole, width, height);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
            .encode(small.as_raw(), width, height, ExtendedColorType::Rgb8)
            .ok()?;
        let face = Bounds {
            left: face.left * scale,
            top: face.top * scale,
            width: face.width * scale,
            height: face.height * scale,
        };
        Some(Self { jpeg: STANDARD.encode(jpeg), width, height, face })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_is_small_and_its_face_stays_in_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("picture.png");
        RgbImage::from_pixel(560, 280, image::Rgb([90, 120, 60])).save(&path).expect("a picture");
        let face = Bounds { left: 20.0, top: 40.0, width: 100.0, height: 120.0 };
        let small = Thumbnail::of(&path, face).expect("readable");
        assert_eq!((small.width, small.height), (280, 140));
        let expected = Bounds { left: 10.0, top: 20.0, width: 50.0, height: 60.0 };
        assert_eq!(small.face, expected);
        assert!(Thumbnail::of(&folder.path().join("gone.png"), face).is_none());
    }
}

//! All kinds of pictures: good ones of many sizes and forms, pictures without a face, and hostile ones.

use std::io::Cursor;

use ::image::imageops::FilterType;
use ::image::{DynamicImage, ImageFormat, Rgb, RgbImage, load_from_memory};

/// Made of a selfie: what a server has to read, and what it has to refuse.
pub fn varied(selfie: &[u8]) -> Vec<Vec<u8>> {
    let picture = load_from_memory(selfie).expect("a selfie");
    let sized = |width: u32| picture.resize(width, u32::MAX, FilterType::Triangle);
    let faceless =
        DynamicImage::ImageRgb8(RgbImage::from_fn(900, 700, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8])));
    vec![
        encoded(&sized(160), ImageFormat::Jpeg),
        encoded(&sized(480), ImageFormat::Png),
        encoded(&sized(1200), ImageFormat::Jpeg),
        encoded(&sized(2400), ImageFormat::Jpeg),
        encoded(&sized(600).rotate90(), ImageFormat::Jpeg),
        encoded(&faceless, ImageFormat::Jpeg),
        selfie[..selfie.len() / 2].to_vec(),
        spoiled(selfie),
        promising_much(),
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 500\"/>".to_vec(),
        selfie.iter().rev().copied().collect(),
    ]
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}

/// Bytes turned over in the middle of the scan.
fn spoiled(selfie: &[u8]) -> Vec<u8> {
    let mut bytes = selfie.to_vec();
    let middle = bytes.len() / 2;
    for byte in bytes.iter_mut().skip(middle).step_by(97).take(40) {
        *byte ^= 0x5A;
    }
    bytes
}

/// A PNG of a few hundred bytes whose header tells of 9,000 x 4,000 pixels.
fn promising_much() -> Vec<u8> {
    let small = DynamicImage::ImageRgb8(RgbImage::new(64, 64));
    let mut bytes = encoded(&small, ImageFormat::Png);
    // Width and height stand behind the signature and the first chunk's length and name (ISO/IEC 15948, 11.2.1).
    bytes[16..20].copy_from_slice(&9_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&4_000_u32.to_be_bytes());
    bytes
}

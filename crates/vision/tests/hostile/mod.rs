//! Makers of picture files, well-formed and hostile, and an `admit` that watches for panics.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::cell::Cell;
use std::ops::Range;
use std::sync::Once;
use std::time::{Duration, Instant};

use absah_vision::admission::{AdmissionError, PictureBounds, PixelBudget, admit};
use absah_vision::picture::Picture;

/// Sides of the scene in `data/`.
pub const SCENE: (u32, u32) = (48, 64);

/// Every byte size, every side.
pub const ANY: PictureBounds = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };

/// The longest any answer may take in a test build on a busy machine; what lacks a bound takes minutes.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A file of `data/`.
macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/data/", $name)).as_slice()
    };
}
pub(crate) use data;

thread_local! {
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// Admits within [`ANY`], and fails the test where a decoder panicked (which `admit` contains) or took too long.
pub fn admit_watched(bytes: &[u8]) -> Result<Picture, AdmissionError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.set(PANICS.get() + 1);
            default(info);
        }));
    });
    let budget = PixelBudget::default();
    let (before, started) = (PANICS.get(), Instant::now());
    let result = admit(bytes, &ANY, &budget);
    let took = started.elapsed();
    assert_eq!(PANICS.get(), before, "a decoder panicked");
    assert!(took < PATIENCE, "took {took:?}");
    assert_eq!(budget.left(), PixelBudget::DEFAULT_BYTES, "the budget was not given back");
    result
}

/// The colour of the scene at a pixel; all files of `data/` show it.
pub fn scene(x: u32, y: u32) -> [u8; 3] {
    [40 + 4 * x, 230 - 3 * y, 60 + 2 * ((x + y) / 2)].map(|value| value as u8)
}

/// The scene as rows of RGB.
pub fn scene_rgb() -> Vec<u8> {
    (0..SCENE.1).flat_map(|y| (0..SCENE.0).flat_map(move |x| scene(x, y))).collect()
}

/// The largest difference of any channel between a picture and `expected`.
pub fn difference(picture: &Picture, expected: impl Fn(u32, u32) -> [u8; 3]) -> u8 {
    let mut largest = 0;
    for (index, pixel) in picture.rgb().chunks_exact(3).enumerate() {
        let (x, y) = (index as u32 % picture.width(), index as u32 / picture.width());
        for (actual, expected) in pixel.iter().zip(expected(x, y)) {
            largest = largest.max(actual.abs_diff(expected));
        }
    }
    largest
}

/// A JPEG segment.
pub fn segment(code: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, code], length.as_slice(), payload].concat()
}

/// A JPEG with segments put after its start marker.
pub fn with_segments(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    [&jpeg[..2], &segments.concat(), &jpeg[2..]].concat()
}

/// An EXIF block, from its TIFF header on, that holds the orientation alone.
pub fn exif(orientation: u16, big_endian: bool) -> Vec<u8> {
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut block = if big_endian { b"MM".to_vec() } else { b"II".to_vec() };
    block.extend(short(42));
    block.extend(long(8));
    block.extend(short(1));
    block.extend(short(0x0112));
    block.extend(short(3));
    block.extend(long(1));
    block.extend(short(orientation));
    block.extend(short(0));
    block.extend(long(0));
    block
}

/// A JPEG APP1 segment with that block.
pub fn exif_segment(orientation: u16) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0".as_slice(), &exif(orientation, true)].concat())
}

/// Where a JPEG's first segment with that code begins.
pub fn find_segment(jpeg: &[u8], code: u8) -> usize {
    let mut position = 2;
    while jpeg[position + 1] != code {
        position += 2 + usize::from(u16::from_be_bytes([jpeg[position + 2], jpeg[position + 3]]));
    }
    position
}

/// Where a JPEG's scans are, header and data, in its first picture.
pub fn scans(jpeg: &[u8]) -> Vec<Range<usize>> {
    let (mut position, mut found) = (2, Vec::new());
    while jpeg[position + 1] != 0xD9 {
        let start = position;
        position += 2 + usize::from(u16::from_be_bytes([jpeg[position + 2], jpeg[position + 3]]));
        if jpeg[start + 1] == 0xDA {
            while jpeg[position] != 0xFF || matches!(jpeg[position + 1], 0 | 0xD0..=0xD7) {
                position += 1;
            }
            found.push(start..position);
        }
    }
    found
}

/// The entropy-coded data of a scan, without its header.
pub fn scan_data(jpeg: &[u8], scan: &Range<usize>) -> Range<usize> {
    let header = u16::from_be_bytes([jpeg[scan.start + 2], jpeg[scan.start + 3]]);
    scan.start + 2 + usize::from(header)..scan.end
}

/// A PNG chunk.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let covered = [kind.as_slice(), data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [length.as_slice(), &covered, &crc32fast::hash(&covered).to_be_bytes()].concat()
}

/// A PNG put together from its parts.
pub struct Png {
    pub width: u32,
    pub height: u32,
    pub depth: u8,
    pub color: u8,
    pub interlaced: bool,
    /// Chunks between `IHDR` and `IDAT`.
    pub before_data: Vec<u8>,
    /// Rows with their filter bytes.
    pub rows: Vec<u8>,
}

impl Png {
    /// An RGB picture of the scene.
    pub fn scene() -> Self {
        Self::new(2, 8, 24, |x, y| scene(x, y).to_vec())
    }

    /// A picture of the scene's size whose pixels are whole bytes.
    pub fn new(color: u8, depth: u8, _bits: u8, pixel: impl Fn(u32, u32) -> Vec<u8>) -> Self {
        let (width, height) = SCENE;
        let rows = (0..height)
            .flat_map(|y| std::iter::once(0).chain((0..width).flat_map(|x| pixel(x, y)).collect::<Vec<u8>>()))
            .collect();
        Self { width, height, depth, color, interlaced: false, before_data: Vec::new(), rows }
    }

    /// The same scene in Adam7 order.
    pub fn interlaced_scene() -> Self {
        let passes = [
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ];
        let mut rows = Vec::new();
        for (left, top, dx, dy) in passes {
            for y in (top..SCENE.1).step_by(dy) {
                rows.push(0);
                rows.extend((left..SCENE.0).step_by(dx).flat_map(|x| scene(x, y)));
            }
        }
        Self { interlaced: true, rows, ..Self::scene() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.until_data(), chunk(b"IDAT", &stored(&self.rows)), chunk(b"IEND", &[])].concat()
    }

    /// Signature, header and what stands before the data.
    pub fn until_data(&self) -> Vec<u8> {
        let mut header = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        header.extend([self.depth, self.color, 0, 0, u8::from(self.interlaced)]);
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), self.before_data.clone()].concat()
    }
}

/// A zlib stream of stored blocks (RFC 1950, RFC 1951 3.2.4).
pub fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(0xFFFF).count();
    for (index, block) in data.chunks(0xFFFF).enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(index + 1 == blocks));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

/// An SVG document with that content, of the given `viewBox` sides.
pub fn svg(width: u32, height: u32, content: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width} {height}">{content}</svg>"#
    )
    .into_bytes()
}

/// A data URI.
pub fn data_uri(kind: &str, bytes: &[u8]) -> String {
    use base64::Engine as _;
    format!("data:{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

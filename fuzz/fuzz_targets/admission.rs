//! Any bytes as a picture: no panic, no unbounded memory or time, and only pictures within the bounds.
#![no_main]

use std::time::Duration;

use absah_vision::admission::{MAX_PIXELS, MAX_SIDE, PictureBounds, PixelBudget, admit, inspect};
use libfuzzer_sys::fuzz_target;

/// As large as a provider's largest upload.
const BOUNDS: PictureBounds = PictureBounds { min_bytes: 0, max_bytes: 4 * 1024 * 1024, min_sides: None };

fuzz_target!(|bytes: &[u8]| {
    examine(bytes);
    if let Some(repaired) = with_checksums(bytes) {
        examine(&repaired);
    }
});

fn examine(bytes: &[u8]) {
    let budget = PixelBudget::new(PixelBudget::DEFAULT_BYTES, Duration::ZERO);
    let header = inspect(bytes);
    let picture = admit(bytes, &BOUNDS, &budget);
    assert_eq!(budget.left(), PixelBudget::DEFAULT_BYTES);
    if let Ok(picture) = picture {
        assert!(header.is_ok());
        assert!(picture.width() <= MAX_SIDE && picture.height() <= MAX_SIDE);
        assert!(u64::from(picture.width()) * u64::from(picture.height()) <= MAX_PIXELS);
    }
}

/// The bytes of a PNG with the checksums its chunks should have: a fuzzer does not guess them.
fn with_checksums(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut repaired = bytes.to_vec();
    let (signature, mut rest) = repaired.split_first_chunk_mut::<8>()?;
    if signature != b"\x89PNG\r\n\x1a\n" {
        return None;
    }
    while let Some((length, after)) = rest.split_first_chunk_mut::<4>() {
        let covered = (u32::from_be_bytes(*length) as usize).checked_add(4)?;
        let Some((covered, after)) = after.split_at_mut_checked(covered) else { break };
        let Some((checksum, after)) = after.split_first_chunk_mut::<4>() else { break };
        *checksum = crc32fast::hash(covered).to_be_bytes();
        rest = after;
    }
    Some(repaired)
}

//! Pictures of any size the server would admit, read from files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::admission::{PictureBounds, PixelBudget, admit};
use crate::picture::Picture;

/// Larger files count as unreadable.
const MAX_PICTURE_BYTES: usize = 32 << 20;

/// Reads and admits a picture of any size the server would admit.
pub(crate) fn read(path: &Path) -> Option<Picture> {
    if !path.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_PICTURE_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    let any = PictureBounds { min_bytes: 0, max_bytes: MAX_PICTURE_BYTES, min_sides: None };
    // A budget for each picture: what the threads decode at once is bounded by their number.
    admit(&bytes, &any, &PixelBudget::default()).ok()
}

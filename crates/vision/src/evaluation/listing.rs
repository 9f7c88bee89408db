//! CSV files that name what is evaluated and say what is true of it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::EvaluationError;

/// Larger files are refused.
const MAX_BYTES: u64 = 256 << 20;

/// The content of a listing, without its byte order mark.
///
/// # Errors
/// [`EvaluationError::Read`] where the file cannot be read, [`EvaluationError::Listing`] where it is too large.
pub fn read(path: &Path) -> Result<Vec<u8>, EvaluationError> {
    let failed = |source| EvaluationError::Read { path: path.into(), source };
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut content));
    if read.map_err(failed)? as u64 > MAX_BYTES {
        let what = format!("larger than {} MiB", MAX_BYTES >> 20);
        return Err(EvaluationError::Listing { path: path.into(), what });
    }
    if let Some(rest) = content.strip_prefix("\u{feff}".as_bytes()) {
        content = rest.to_vec();
    }
    Ok(content)
}

/// The line a record stands on: the reader's own count does not include empty lines before it.
pub fn line_of(content: &[u8], position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = content.get(start..).unwrap_or_default().iter();
    let empty = rest.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + empty as u64
}

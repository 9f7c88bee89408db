//! The small files settings name.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::fault::SettingsFault;

/// The most bytes such a file has: keys, certificates and passwords are far smaller.
const MOST_BYTES: u64 = 1 << 20;

/// Reads one whole.
pub(super) fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, SettingsFault> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes))
        .map_err(|source| SettingsFault::File { setting, path: path.to_owned(), source })?;
    Ok(bytes)
}

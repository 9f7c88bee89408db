//! Files that outlive a simulator, so that its clients need not be set up again.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The most bytes of such a file.
const MOST_BYTES: u64 = 1 << 20;

/// A file that is kept cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read or written", path.display())]
pub struct KeptError {
    path: PathBuf,
    source: io::Error,
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    Everybody,
}

/// The text of a file; nothing where there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, KeptError> {
    let mut text = String::new();
    match File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text)) {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(KeptError { path: path.to_owned(), source }),
    }
}

/// Writes a file, and the folder it is in.
pub(crate) fn write(path: &Path, text: &str, readers: Readers) -> Result<(), KeptError> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = written.and_then(|()| open(path, readers)?.write_all(text.as_bytes()));
    written.map_err(|source| KeptError { path: path.to_owned(), source })
}

fn open(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    options.open(path)
}

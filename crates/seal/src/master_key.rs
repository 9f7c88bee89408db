//! The one secret everything sealed hangs on, and the file it lives in.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::random;

/// The master key: 32 random bytes. Masked in `Debug`, wiped on drop.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; MasterKey::LENGTH]);

/// Why there is no master key.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// The file or its directory could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// Others than the owner may read or write the file.
    #[error("{} is open to others (mode {mode:03o}); allow its owner only (chmod 600)", path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// What stands there is no key.
    #[error("{} is not a master key: a file of {} bytes or 64 hexadecimal digits is expected", path.display(), MasterKey::LENGTH)]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Randomness(#[from] getrandom::Error),
}

/// More than the bytes of a key file: 64 digits and a line break.
const LONGEST_FILE: usize = 70;

impl MasterKey {
    /// Length in bytes.
    pub const LENGTH: usize = 32;

    /// The key's file within the data directory.
    pub const FILE_NAME: &'static str = "master.key";

    /// Takes over key material; it has to be uniformly random.
    pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// Loads the key of the data directory `dir`, or makes it; the flag says whether it was made by this call.
    ///
    /// The directory is made with mode 0700 where it is missing, the file with mode 0600. Several processes may start
    /// at once: exactly one makes the key, and all end with the same one.
    ///
    /// # Errors
    /// The file is open to others, is not a key, or cannot be read or written.
    pub fn load_or_create(dir: &Path) -> Result<(Self, bool), MasterKeyError> {
        let path = dir.join(Self::FILE_NAME);
        if let Some(key) = Self::load(&path)? {
            remove_drafts(dir);
            return Ok((key, false));
        }
        create_directory(dir)?;
        let made = Self::random()?;
        if made.publish(dir, &path)? {
            return Ok((made, true));
        }
        // Another process was faster: its key is the one.
        let theirs =
            Self::load(&path)?.ok_or_else(|| failed("read", &path)(io::ErrorKind::NotFound.into()))?;
        Ok((theirs, false))
    }

    /// The key's bytes, for deriving others.
    pub(crate) fn expose(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    fn random() -> Result<Self, MasterKeyError> {
        let mut key = Self([0; Self::LENGTH]);
        random::fill(&mut key.0)?;
        Ok(key)
    }

    /// `None` where there is no file.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, MasterKeyError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", path)(error)),
        };
        let about = file.metadata().map_err(failed("read", path))?;
        if !about.is_file() {
            return Err(MasterKeyError::Malformed { path: path.to_owned() });
        }
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::TooOpen { path: path.to_owned(), mode });
        }
        // More bytes than a key in digits has, so that a longer file is noticed without reading it.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_FILE));
        file.take(LONGEST_FILE as u64).read_to_end(&mut bytes).map_err(failed("read", path))?;
        let key = match bytes.as_slice().try_into() {
            Ok(bytes) => Some(Self(bytes)),
            Err(_) => std::str::from_utf8(&bytes).ok().and_then(Self::parse),
        };
        key.ok_or_else(|| MasterKeyError::Malformed { path: path.to_owned() }).map(Some)
    }

    /// Puts the key at `path` unless a file stands there already; `false` if so.
    ///
    /// The key is written beside it and moved into place whole: no reader can see half a key, and of several writers one
    /// wins.
    fn publish(&self, dir: &Path, path: &Path) -> Result<bool, MasterKeyError> {
        let mut suffix = [0; 8];
        random::fill(&mut suffix)?;
        let draft = dir.join(format!("{}.{:016x}.tmp", Self::FILE_NAME, u64::from_be_bytes(suffix)));
        let outcome = self.write(&draft).and_then(|()| {
            let placed = link(&draft, path).or_else(|error| match error.kind() {
                // What link(2) and the filesystems say where there are no hard links.
                io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported => {
                    move_under_lock(dir, &draft, path)
                }
                _ => Err(error),
            });
            placed.map_err(failed("create", path))
        });
        let removed = match std::fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", &draft)(error)),
            _ => Ok(()),
        };
        let published = outcome?;
        removed?;
        // The key has to outlive a power cut as surely as what is sealed with it.
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed("write", dir))?;
        Ok(published)
    }

    fn write(&self, path: &Path) -> Result<(), MasterKeyError> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed("create", path))?;
        file.write_all(&self.0).and_then(|()| file.sync_all()).map_err(failed("write", path))
    }
}

/// Links the draft to `path`, which is atomic and never replaces; `false` where a file stands there.
fn link(draft: &Path, path: &Path) -> io::Result<bool> {
    match std::fs::hard_link(draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // Whoever found a key tidied the draft away: there is one.
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.try_exists()? => Ok(false),
        Err(error) => Err(error),
    }
}

/// The same for filesystems without hard links: a rename replaces, so the directory is locked meanwhile. The lock goes
/// with its holder, also when that is killed.
fn move_under_lock(dir: &Path, draft: &Path, path: &Path) -> io::Result<bool> {
    let guard = File::open(dir)?;
    guard.lock()?;
    if path.try_exists()? {
        return Ok(false);
    }
    std::fs::rename(draft, path)?;
    Ok(true)
}

/// Removes drafts left by processes that were killed between writing one and removing it.
///
/// Only once there is a key: then a draft somebody still works on cannot become it. As far as it goes, since a draft
/// lies as safe as the key does and a data directory may be readable only.
fn remove_drafts(dir: &Path) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_draft) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Whether a file's name is master.key.<16 hexadecimal digits>.tmp.
fn is_draft(name: &str) -> bool {
    let suffix = name.strip_prefix(MasterKey::FILE_NAME).and_then(|rest| rest.strip_prefix('.'));
    let digits = suffix.and_then(|rest| rest.strip_suffix(".tmp"));
    digits.is_some_and(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn create_directory(dir: &Path) -> Result<(), MasterKeyError> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed("create", dir))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> MasterKeyError {
    move |source| MasterKeyError::Io { action, path: path.to_owned(), source }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(<private>)")
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_key_is_made_once_and_then_found() {
        let home = tempfile::tempdir().expect("a directory");
        let dir = home.path().join("data/absah");
        let (made, created) = MasterKey::load_or_create(&dir).expect("made");
        assert!(created);
        let (found, created) = MasterKey::load_or_create(&dir).expect("found");
        assert!(!created);
        assert_eq!(made.expose(), found.expose());
        let names: Vec<_> =
            fs::read_dir(&dir).expect("listed").map(|entry| entry.expect("read").file_name()).collect();
        assert_eq!(names, [MasterKey::FILE_NAME], "no draft stays behind");
        for (path, mode) in [(dir.clone(), 0o700), (dir.join(MasterKey::FILE_NAME), 0o600)] {
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, mode);
        }
    }

    #[test]
    fn all_who_start_at_once_end_with_the_same_key() {
        let dir = tempfile::tempdir().expect("a directory");
        let start = std::sync::Barrier::new(16);
        let keys: Vec<_> = std::thread::scope(|scope| {
            let load = || {
                start.wait();
                MasterKey::load_or_create(dir.path()).expect("a key")
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(load)).collect();
            threads.into_iter().map(|thread| thread.join().expect("joined")).collect()
        });
        assert_eq!(keys.iter().filter(|(_, created)| *created).count(), 1);
        assert!(keys.windows(2).all(|pair| pair[0].0.expose() == pair[1].0.expose()));
    }

    #[test]
    fn drafts_of_the_killed_are_removed_once_there_is_a_key() {
        let dir = tempfile::tempdir().expect("a directory");
        let draft = dir.path().join("master.key.00ff00ff00ff00ff.tmp");
        let others =
            ["master.key.bak", "master.key.00ff.tmp", "master.key.00ff00ff00ff00fg.tmp", "store.sqlite"];
        for other in others {
            fs::write(dir.path().join(other), b"another's").expect("written");
        }
        fs::write(&draft, [7; 32]).expect("written");
        let (made, created) = MasterKey::load_or_create(dir.path()).expect("made");
        assert!(created);
        assert_ne!(made.expose(), &[7; 32], "a draft is no key");
        // Killed between linking and removing: two names of one file.
        let second = dir.path().join("master.key.0123456789abcdef.tmp");
        fs::hard_link(dir.path().join(MasterKey::FILE_NAME), &second).expect("linked");
        let (found, _) = MasterKey::load_or_create(dir.path()).expect("found");
        assert_eq!(found.expose(), made.expose());
        assert!(!draft.exists() && !second.exists());
        assert!(others.iter().all(|other| dir.path().join(other).exists()));
    }

    #[test]
    fn without_hard_links_one_draft_wins_too() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join(MasterKey::FILE_NAME);
        let start = std::sync::Barrier::new(16);
        let won: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16u8)
                .map(|number| {
                    let (path, start, dir) = (&path, &start, dir.path());
                    scope.spawn(move || {
                        let draft = dir.join(format!("draft.{number}"));
                        fs::write(&draft, [number; 32]).expect("written");
                        start.wait();
                        move_under_lock(dir, &draft, path).expect("moved or not").then_some(number)
                    })
                })
                .collect();
            threads.into_iter().filter_map(|thread| thread.join().expect("joined")).collect()
        });
        let [winner] = won[..] else { panic!("{won:?}") };
        assert_eq!(fs::read(&path).expect("there"), [winner; 32]);
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_with_a_reason() {
        let rows: [(&str, &[u8], u32, &str); 5] = [
            ("readable by the group", &[7; 32], 0o640, "open to others"),
            ("writable by all", &[7; 32], 0o602, "open to others"),
            ("empty", &[], 0o600, "not a master key"),
            ("short", &[7; 31], 0o600, "not a master key"),
            ("long", &[7; 33], 0o600, "not a master key"),
        ];
        for (case, bytes, mode, expected) in rows {
            let dir = tempfile::tempdir().expect("a directory");
            let path = dir.path().join(MasterKey::FILE_NAME);
            fs::write(&path, bytes).expect("written");
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("set");
            let error = MasterKey::load_or_create(dir.path()).expect_err(case).to_string();
            assert!(error.contains(expected), "{case}: {error}");
            assert_eq!(fs::read(&path).expect("still there"), bytes, "{case}: the file is left as it was");
        }
    }

    #[test]
    fn a_directory_in_the_keys_place_is_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::create_dir(dir.path().join(MasterKey::FILE_NAME)).expect("made");
        let error = MasterKey::load_or_create(dir.path()).expect_err("refused");
        assert!(matches!(error, MasterKeyError::Malformed { .. }), "{error:?}");
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        assert_eq!(format!("{:?}", MasterKey::from_bytes([7; 32])), "MasterKey(<private>)");
    }
}

//! The data directory: keys, store and registry, where every command finds them.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use absah_core::face::Scales;
use absah_registry::local::{LocalRegistry, LocalRegistryError};
use absah_seal::{Keyring, MasterKey, MasterKeyError};
use absah_store::StoreError;
use absah_store::sqlite::SqliteStore;

/// A data directory with its key at hand.
pub struct DataDir {
    path: PathBuf,
    keyring: Keyring,
}

/// Why there is no data directory.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("the data directory {0} cannot be made")]
    Unmakeable(PathBuf, #[source] std::io::Error),
    #[error("{0} is no data directory; name it with --data-dir, or start a server that makes one")]
    Missing(PathBuf),
    #[error("{0} is missing, and nothing else opens the data beside it: restore it from its copy")]
    KeyLost(PathBuf),
    #[error("there is no key to the data directory")]
    Key(#[from] MasterKeyError),
    #[error("the path of the data directory cannot be told in full")]
    Path(#[source] std::io::Error),
}

impl DataDir {
    /// The directory, made where there is none, closed to others.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let unmakeable = |error| DataDirError::Unmakeable(path.to_owned(), error);
        let holds_data = ["store.sqlite", "registry.sqlite"].iter().any(|file| path.join(file).exists());
        if holds_data && !path.join(MasterKey::FILE_NAME).is_file() {
            return Err(DataDirError::KeyLost(path.join(MasterKey::FILE_NAME)));
        }
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unmakeable)?;
            std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(unmakeable)?;
        }
        let (key, made) = MasterKey::load_or_create(path)?;
        if made {
            let file = path.join(MasterKey::FILE_NAME);
            tracing::info!(file = %file.display(), "made a sealing key: keep a copy, nothing opens the data without it");
        }
        let path = path.canonicalize().map_err(DataDirError::Path)?;
        Ok(Self { path, keyring: Keyring::new(&key) })
    }

    /// The directory, which has to be one already: a mistyped name shall not become a data directory.
    pub fn existing(path: &Path) -> Result<Self, DataDirError> {
        let is_one = path.join(MasterKey::FILE_NAME).is_file();
        if is_one { Self::open(path) } else { Err(DataDirError::Missing(path.to_owned())) }
    }

    /// Its absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its keys.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Credentials, history, ledger and contacts.
    pub async fn store(&self) -> Result<Arc<SqliteStore>, StoreError> {
        Ok(Arc::new(SqliteStore::open(&self.path.join("store.sqlite"), &self.keyring).await?))
    }

    /// The embedded population registry.
    pub async fn registry(&self, scales: Scales) -> Result<Arc<LocalRegistry>, LocalRegistryError> {
        let file = self.path.join("registry.sqlite");
        Ok(Arc::new(LocalRegistry::open(&file, self.keyring.clone(), scales).await?))
    }
}

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

use crate::config::{Config, LocalError, SealingError};

const STORE: &str = "store.sqlite";
const REGISTRY: &str = "registry.sqlite";

/// A data directory with its key at hand.
pub struct DataDir {
    path: PathBuf,
    master: MasterKey,
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
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error("the path of the data directory cannot be told in full")]
    Path(#[source] std::io::Error),
}

/// Why the embedded registry did not open.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error(transparent)]
    Place(#[from] LocalError),
    #[error(transparent)]
    Registry(#[from] LocalRegistryError),
}

impl DataDir {
    /// The configured directory, made where there is none, closed to others.
    pub fn open(config: &Config) -> Result<Self, DataDirError> {
        let path = &config.server.data_dir;
        let unmakeable = |error| DataDirError::Unmakeable(path.clone(), error);
        let elsewhere = config.sealing.master_key()?;
        let key_lost = holds_data(path) && !path.join(MasterKey::FILE_NAME).is_file();
        if elsewhere.is_none() && key_lost {
            return Err(DataDirError::KeyLost(path.join(MasterKey::FILE_NAME)));
        }
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unmakeable)?;
            std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(unmakeable)?;
        }
        let master = match elsewhere {
            Some(master) => master,
            None => key_of(path)?,
        };
        let path = path.canonicalize().map_err(DataDirError::Path)?;
        Ok(Self { path, master })
    }

    /// The directory, which has to be one already: a mistyped name shall not become a data directory.
    pub fn existing(config: &Config) -> Result<Self, DataDirError> {
        let path = &config.server.data_dir;
        // Where key and registry are both elsewhere, nothing of them stands in here.
        let elsewhere = config.sealing.is_elsewhere() && !config.registry.local.is_file();
        let is_one = elsewhere || path.join(MasterKey::FILE_NAME).is_file() || holds_data(path);
        if is_one { Self::open(config) } else { Err(DataDirError::Missing(path.clone())) }
    }

    /// Its absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Secrets that follow from its master key, and from nothing else.
    pub fn secrets(&self) -> Keyring {
        Keyring::new(&self.master)
    }

    /// Credentials, history, ledger and contacts.
    pub async fn store(&self) -> Result<Arc<SqliteStore>, StoreError> {
        Ok(Arc::new(SqliteStore::open(&self.path.join(STORE), &self.master).await?))
    }

    /// The embedded population registry: a file in here, or the database that is configured.
    pub async fn registry(
        &self,
        config: &Config,
        scales: Scales,
    ) -> Result<Arc<LocalRegistry>, RegistryError> {
        let local = &config.registry.local;
        let registry = match local.url()? {
            None => LocalRegistry::open(&self.path.join(REGISTRY), &self.master, scales).await?,
            Some(url) => LocalRegistry::open_postgres(&url, &self.master, scales, &local.settings()).await?,
        };
        Ok(Arc::new(registry))
    }
}

fn holds_data(path: &Path) -> bool {
    [STORE, REGISTRY].iter().any(|file| path.join(file).exists())
}

/// The key of a data directory, made where it has none.
fn key_of(path: &Path) -> Result<MasterKey, MasterKeyError> {
    let (key, made) = MasterKey::load_or_create(path)?;
    if made {
        let file = path.join(MasterKey::FILE_NAME);
        tracing::info!(file = %file.display(), "made a sealing key: keep a copy, nothing opens the data without it");
    }
    Ok(key)
}

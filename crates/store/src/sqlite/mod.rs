//! The store in one SQLite file.
//!
//! Reads go to a pool; every write goes through one task that commits the waiting ones together (see [`writer`]).
//! Nothing is cached, so what another process writes is seen by the next request.

mod credentials;
mod history;
mod registry_calls;
mod transactions;
mod writer;

use std::num::NonZeroUsize;
use std::path::Path;

use absah_seal::{Keyring, MasterKey};
use absah_sqlite::Settings;
use jiff::Timestamp;
use sqlx::SqlitePool;

use crate::StoreError;
use writer::Writer;

const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "store", include_str!("../../migrations/sqlite/0001_store.sql")),
    (2, "registry_calls", include_str!("../../migrations/sqlite/0002_registry_calls.sql")),
];

/// Bounds of a [`SqliteStore`].
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// Connections, timeouts.
    pub database: Settings,
    /// Writes that may wait; one more is refused with [`StoreError::Overloaded`].
    pub waiting: NonZeroUsize,
    /// Writes that share one commit at most.
    pub batch: NonZeroUsize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        // benches/record.rs: a batch of 64 takes 45 ms on two busy cores, so a full queue is answered within a second.
        const WAITING: NonZeroUsize = NonZeroUsize::new(1024).unwrap();
        const BATCH: NonZeroUsize = NonZeroUsize::new(64).unwrap();
        // A number that was told to the registry is to be gone.
        let database = Settings { secure_delete: true, ..Settings::default() };
        Self { database, waiting: WAITING, batch: BATCH }
    }
}

/// Credentials, history, ledger, usage and contacts in one SQLite file.
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
    keyring: Keyring,
}

impl SqliteStore {
    /// Opens the store at `path` with the usual bounds; made where it is missing, for its owner alone.
    ///
    /// Has to be called within a tokio runtime, which the writer lives on.
    ///
    /// # Errors
    /// The file cannot be made or is no store, is of a newer version, or was made under another master key.
    pub async fn open(path: &Path, master: &MasterKey) -> Result<Self, StoreError> {
        Self::open_with(path, master, SqliteOptions::default()).await
    }

    /// As [`SqliteStore::open`], with bounds of one's own.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub async fn open_with(
        path: &Path,
        master: &MasterKey,
        options: SqliteOptions,
    ) -> Result<Self, StoreError> {
        let migrations = absah_sqlite::migrations(&MIGRATIONS);
        let database = absah_sqlite::open(path, &migrations, master, &options.database).await?;
        Ok(Self {
            readers: database.readers,
            writer: Writer::start(database.writer, options.waiting.get(), options.batch.get()),
            keyring: database.keyring,
        })
    }

    /// The keys that what it holds is sealed and indexed with.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Writes what still waits, then closes the file. Writes that come later get [`StoreError::Closed`].
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

/// Microseconds since 1970, as the tables hold times.
fn stored(time: Timestamp) -> i64 {
    time.as_microsecond()
}

fn told(microseconds: i64, table: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(|_| StoreError::Corrupt { table })
}

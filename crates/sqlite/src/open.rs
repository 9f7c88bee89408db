//! Opening: file, journal, key check, migrations, readers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use absah_seal::{Keyring, MasterKey, SealError};
use sqlx::ConnectOptions;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use thiserror::Error;

use crate::file::{self, FileError};
use crate::keys::{self, KeysError};
use crate::{Patience, is_busy};

/// What each reading connection keeps of the file in memory, as SQLite takes it: 16 MiB.
const READER_CACHE: &str = "-16384";

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Connections that read at the same time.
    pub readers: u32,
    /// How long a connection waits for another process's write.
    pub busy_timeout: Duration,
    /// How long a caller waits for a reading connection.
    pub acquire_timeout: Duration,
    /// Bytes of a page of a new file; a file that is there keeps its own.
    pub page_size: u32,
    /// MiB of pages that the writer keeps in memory.
    pub writer_cache_mib: u32,
    /// Pages in the journal from which on a commit moves them into the file.
    pub checkpoint_pages: u32,
    /// Overwrite what is deleted with zeros, so that erased rows leave nothing in the file.
    pub secure_delete: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            readers: 4,
            busy_timeout: Duration::from_secs(5),
            acquire_timeout: Duration::from_secs(5),
            page_size: 4096,
            writer_cache_mib: 8,
            checkpoint_pages: 1000,
            secure_delete: false,
        }
    }
}

/// An open database.
#[derive(Debug)]
pub struct Database {
    /// The one connection that writes.
    pub writer: SqliteConnection,
    /// Connections that only read; each query sees what was committed when it began, whichever process wrote it.
    pub readers: SqlitePool,
    /// The keys of what it holds.
    pub keyring: Keyring,
}

/// Why a database did not open.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file could not be made.
    #[error(transparent)]
    File(#[from] FileError),
    /// SQLite refused.
    #[error("cannot open the database {}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// Its tables could not be brought to this version's; a newer version of the program may have made them.
    #[error("the tables of {} could not be brought up to date", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: MigrateError,
    },
    /// A data key could not be made.
    #[error("no data key could be made for {}", path.display())]
    Seal {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: SealError,
    },
    /// It was made under another sealing key.
    #[error(
        "{} was made with another master key: put back the key it was made with, or begin with an empty data directory",
        path.display()
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
}

/// Migrations from rows of version, description and SQL text.
pub fn migrations(rows: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |&(version, description, sql): &(i64, &'static str, &'static str)| {
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            sqlx::SqlStr::from_static(sql),
            false,
        )
    };
    Migrator::with_migrations(rows.iter().map(migration).collect())
}

/// Opens the database at `path`, made where it is missing: WAL, `synchronous=FULL`, foreign keys, the newest tables.
///
/// The file holds its own data keys, wrapped by `master`: the first opening makes one, every later one needs the same
/// master key to open them.
///
/// # Errors
/// The file cannot be made or is no database, its tables are newer than this program, or the key is another.
pub async fn open(
    path: &Path,
    migrator: &Migrator,
    master: &MasterKey,
    settings: &Settings,
) -> Result<Database, OpenError> {
    file::prepare(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(settings.busy_timeout)
        .pragma("trusted_schema", "OFF")
        .pragma("secure_delete", if settings.secure_delete { "ON" } else { "OFF" })
        .disable_statement_logging();
    let failed = |source| OpenError::Database { path: path.to_owned(), source };

    // WAL stays with the file once it is set: only the writer asks for it.
    let writing = options
        .clone()
        .page_size(settings.page_size)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("cache_size", format!("-{}", u64::from(settings.writer_cache_mib) * 1024))
        .pragma("wal_autocheckpoint", settings.checkpoint_pages.to_string());
    let mut patience = Patience::new();
    let mut writer = loop {
        match writing.connect().await {
            Err(error) if is_busy(&error) && patience.wait().await => {}
            settled => break settled.map_err(failed)?,
        }
    };
    let keyring = loop {
        match prepare(&mut writer, path, migrator, master).await {
            Err(error) if error.is_busy() && patience.wait().await => {}
            settled => break settled?,
        }
    };

    let readers = SqlitePoolOptions::new()
        .max_connections(settings.readers)
        .acquire_timeout(settings.acquire_timeout)
        // A connection to a file does not die of itself, and asking it costs as much as most questions.
        .test_before_acquire(false)
        .connect_with(options.read_only(true).pragma("cache_size", READER_CACHE))
        .await
        .map_err(failed)?;
    Ok(Database { writer, readers, keyring })
}

/// Key check and migrations in one transaction that holds the write lock from its start: of several processes that
/// open a new file at once, one makes the tables and the others find them.
async fn prepare(
    writer: &mut SqliteConnection,
    path: &Path,
    migrator: &Migrator,
    master: &MasterKey,
) -> Result<Keyring, OpenError> {
    let failed = |source| OpenError::Database { path: path.to_owned(), source };
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let keyring = match keys::open(&mut tx, master).await {
        Ok(keyring) => keyring,
        Err(KeysError::Database(source)) => return Err(failed(source)),
        Err(KeysError::WrongKey) => return Err(OpenError::WrongKey { path: path.to_owned() }),
        Err(KeysError::Seal(source)) => return Err(OpenError::Seal { path: path.to_owned(), source }),
    };
    migrator
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|source| OpenError::Migration { path: path.to_owned(), source })?;
    tx.commit().await.map_err(failed)?;
    Ok(keyring)
}

impl OpenError {
    fn is_busy(&self) -> bool {
        match self {
            Self::Database { source, .. } => is_busy(source),
            Self::Migration { source: MigrateError::Execute(error), .. } => is_busy(error),
            Self::Migration { source: MigrateError::ExecuteMigration(error, _), .. } => is_busy(error),
            Self::File(_) | Self::Migration { .. } | Self::Seal { .. } | Self::WrongKey { .. } => false,
        }
    }
}

//! Where a local registry under test keeps its people: each test has a place of its own.

use std::path::Path;

use absah_core::face::Scales;
use absah_registry::local::{LocalRegistry, LocalRegistryError, PostgresError, PostgresSettings};
use absah_registry::testing::postgres::PostgresServer;
use absah_seal::MasterKey;
use absah_sqlite::OpenError;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

use crate::conformance::scales;

pub enum Home {
    Sqlite(TempDir),
    /// The URL of a database.
    Postgres(String),
}

impl Home {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a directory"))
    }

    pub fn postgres() -> Self {
        let server = PostgresServer::shared().unwrap_or_else(|error| panic!("{error}"));
        Self::Postgres(server.database().expect("a database"))
    }

    pub async fn opened(&self, key: u8, scales: Scales) -> Result<LocalRegistry, LocalRegistryError> {
        let master = MasterKey::from_bytes([key; 32]);
        match self {
            Self::Sqlite(dir) => LocalRegistry::open(&file(dir), &master, scales).await,
            Self::Postgres(url) => {
                LocalRegistry::open_postgres(url, &master, scales, &PostgresSettings::default()).await
            }
        }
    }

    pub async fn open(&self) -> LocalRegistry {
        self.opened(7, scales()).await.expect("opened")
    }

    /// Somebody who may write to the database, and has no key.
    pub async fn tamper(&self, how: Tampering) {
        match self {
            Self::Sqlite(dir) => {
                let options = SqliteConnectOptions::new().filename(file(dir));
                let mut db = sqlx::SqliteConnection::connect_with(&options).await.expect("opened");
                sqlx::query(how.sqlite()).execute(&mut db).await.expect("done");
            }
            Self::Postgres(url) => {
                let mut db = sqlx::PgConnection::connect(url).await.expect("opened");
                sqlx::query(how.postgres()).execute(&mut db).await.expect("done");
            }
        }
    }

    /// Whether these bytes stand in any file of the database.
    pub async fn holds(&self, needle: &[u8]) -> bool {
        match self {
            Self::Sqlite(dir) => folder_holds(dir.path(), needle),
            Self::Postgres(url) => {
                let mut db = sqlx::PgConnection::connect(url).await.expect("opened");
                sqlx::query("CHECKPOINT").execute(&mut db).await.expect("written");
                let data = PostgresServer::shared().expect("a server").data();
                folder_holds(&data.join("base"), needle) || folder_holds(&data.join("pg_wal"), needle)
            }
        }
    }
}

pub fn is_wrong_key(error: &LocalRegistryError) -> bool {
    matches!(
        error,
        LocalRegistryError::Open(OpenError::WrongKey { .. })
            | LocalRegistryError::Postgres(PostgresError::WrongKey { .. })
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// One person's row stands in every person's place.
    Moved,
    Changed,
    Emptied,
}

impl Tampering {
    fn sqlite(self) -> &'static str {
        match self {
            Self::Moved => "UPDATE person SET sealed = (SELECT sealed FROM person ORDER BY nik LIMIT 1)",
            Self::Changed => "UPDATE person SET sealed = CAST(sealed || x'00' AS BLOB)",
            Self::Emptied => "UPDATE person SET sealed = x''",
        }
    }

    fn postgres(self) -> &'static str {
        match self {
            Self::Moved => self.sqlite(),
            Self::Changed => r"UPDATE person SET sealed = sealed || '\x00'::bytea",
            Self::Emptied => "UPDATE person SET sealed = ''::bytea",
        }
    }
}

fn file(dir: &TempDir) -> std::path::PathBuf {
    dir.path().join("registry.sqlite")
}

fn folder_holds(folder: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("listed").any(|entry| {
        let path = entry.expect("read").path();
        if path.is_dir() {
            return folder_holds(&path, needle);
        }
        // A file may go while others are read.
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

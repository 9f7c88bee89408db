//! The data keys a file holds, wrapped by the master key.

use absah_seal::{DataKey, Keyring, MasterKey, SealError, WrappedKey};
use sqlx::SqliteConnection;

/// Why a file's keys are not at hand.
pub(crate) enum KeysError {
    Database(sqlx::Error),
    /// Another master key wrapped them.
    WrongKey,
    Seal(SealError),
}

impl From<sqlx::Error> for KeysError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<SealError> for KeysError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

/// The keys of a file, the first one made where it has none.
pub(crate) async fn open(db: &mut SqliteConnection, master: &MasterKey) -> Result<Keyring, KeysError> {
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS data_key (id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 255), wrapped BLOB NOT NULL) STRICT",
    )
    .execute(&mut *db)
    .await?;
    let kept: Vec<(u8, Vec<u8>)> =
        sqlx::query_as("SELECT id, wrapped FROM data_key").fetch_all(&mut *db).await?;
    let unwrap = |(id, bytes)| DataKey::unwrap(&WrappedKey { id, bytes }, master);
    let keys: Vec<_> =
        kept.into_iter().map(unwrap).collect::<Result<_, _>>().map_err(|_| KeysError::WrongKey)?;
    if let Some(keyring) = Keyring::of(keys) {
        return Ok(keyring);
    }
    let first = match sealed_by_master(db).await? {
        None => DataKey::first()?,
        Some(fingerprint) if fingerprint == Keyring::new(master).fingerprint() => DataKey::of_master(master),
        Some(_) => return Err(KeysError::WrongKey),
    };
    let WrappedKey { id, bytes } = first.wrap(master)?;
    sqlx::query("INSERT INTO data_key (id, wrapped) VALUES (?, ?)").bind(id).bind(bytes).execute(db).await?;
    Keyring::of(vec![first]).ok_or(KeysError::WrongKey)
}

/// The fingerprint of the master key, in a file from before there were data keys: what it holds was sealed by the
/// master key itself.
async fn sealed_by_master(db: &mut SqliteConnection) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let noted: Option<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'sealing_key'")
            .fetch_optional(&mut *db)
            .await?;
    if noted.is_none() {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT fingerprint FROM sealing_key").fetch_optional(db).await
}

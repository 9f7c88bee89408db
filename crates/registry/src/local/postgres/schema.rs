//! The tables, brought up to date, and the data keys they hold.
//!
//! Several programs may do this at once, and on engines without advisory locks and without transactions of table
//! changes: every statement can be run again, versions and keys are unique, and who loses a race looks again.

use absah_seal::{DataKey, Keyring, MasterKey, WrappedKey};
use absah_sqlite::Patience;
use sqlx::{Connection, PgConnection};

use super::error::{PostgresError, code, is_conflict};
use super::link::{Link, take_long};
use crate::local::LocalRegistryError;

const MIGRATIONS: [(i32, &str, &str); 1] =
    [(1, "registry", include_str!("../../../migrations/postgres/0001_registry.sql"))];

/// Made before all migrations, whatever their version.
const BEFORE: &str = "
CREATE TABLE IF NOT EXISTS registry_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL);
CREATE TABLE IF NOT EXISTS data_key (
    id smallint NOT NULL PRIMARY KEY CHECK (id BETWEEN 1 AND 255), wrapped bytea NOT NULL
);";

/// Makes what is missing. Where nothing is, nothing is written: a replica or a user who may only read will do.
pub(super) async fn prepare(
    db: &mut PgConnection,
    link: &Link,
    master: &MasterKey,
) -> Result<Keyring, LocalRegistryError> {
    let database = link.database();
    let known = MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or_default();
    let mut patience = Patience::new();
    let found = loop {
        match migrate(db, link).await {
            Err(error) if is_race(&error) && patience.wait().await => {}
            settled => break settled.map_err(|error| link.told(error))?,
        }
    };
    if found > known {
        return Err(PostgresError::Newer { database, found, known }.into());
    }
    keys(db, link, master).await
}

/// The version the tables have now.
async fn migrate(db: &mut PgConnection, link: &Link) -> Result<i32, sqlx::Error> {
    let mut version = match version(db).await {
        Err(error) if is_missing(&error) => {
            sqlx::raw_sql(BEFORE).execute(&mut *db).await?;
            0
        }
        settled => settled?,
    };
    for (next, name, sql) in MIGRATIONS {
        if next <= version {
            continue;
        }
        let mut tx = db.begin().await?;
        take_long(&mut tx, link.long()).await?;
        // First, so that another program that does the same waits here until this one is done, and then looks again.
        sqlx::query("INSERT INTO registry_version (version, name) VALUES ($1, $2)")
            .bind(next)
            .bind(name)
            .execute(&mut *tx)
            .await?;
        sqlx::raw_sql(sql).execute(&mut *tx).await?;
        tx.commit().await?;
        version = next;
    }
    Ok(version)
}

async fn version(db: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let found: Option<i32> =
        sqlx::query_scalar("SELECT max(version) FROM registry_version").fetch_one(db).await?;
    Ok(found.unwrap_or_default())
}

/// There is no such table.
fn is_missing(error: &sqlx::Error) -> bool {
    code(error).as_deref() == Some("42P01")
}

/// Another program has made the same a moment earlier: a row, a table, a type, or the catalogue changed meanwhile.
fn is_race(error: &sqlx::Error) -> bool {
    let race = ["23505", "42P07", "42710", "XX000"];
    is_conflict(error) || code(error).is_some_and(|code| race.contains(&code.as_str()))
}

/// The data keys, the first one made where there is none.
async fn keys(db: &mut PgConnection, link: &Link, master: &MasterKey) -> Result<Keyring, LocalRegistryError> {
    let mut kept = wrapped(db).await.map_err(|error| link.told(error))?;
    if kept.is_empty() {
        // A new key would find nobody of those who are held, and say of each that the number is unknown.
        let held: Option<i32> = sqlx::query_scalar("SELECT 1 FROM person LIMIT 1")
            .fetch_optional(&mut *db)
            .await
            .map_err(|error| link.told(error))?;
        if held.is_some() {
            return Err(LocalRegistryError::Corrupt { table: "data_key" });
        }
        let WrappedKey { id, bytes } = DataKey::first()?.wrap(master)?;
        sqlx::query("INSERT INTO data_key (id, wrapped) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(i16::from(id))
            .bind(bytes)
            .execute(&mut *db)
            .await
            .map_err(|error| link.told(error))?;
        // Another program may have been first: its key is the one.
        kept = wrapped(db).await.map_err(|error| link.told(error))?;
    }
    let wrong = || PostgresError::WrongKey { database: link.database() };
    let unwrap = |(id, bytes): (i16, Vec<u8>)| {
        let id = u8::try_from(id).map_err(|_| LocalRegistryError::Corrupt { table: "data_key" })?;
        DataKey::unwrap(&WrappedKey { id, bytes }, master).map_err(|_| wrong().into())
    };
    let keys = kept.into_iter().map(unwrap).collect::<Result<Vec<_>, LocalRegistryError>>()?;
    Keyring::of(keys).ok_or_else(|| wrong().into())
}

async fn wrapped(db: &mut PgConnection) -> Result<Vec<(i16, Vec<u8>)>, sqlx::Error> {
    sqlx::query_as("SELECT id, wrapped FROM data_key").fetch_all(db).await
}

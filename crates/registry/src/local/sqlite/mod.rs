//! The local registry's rows in one SQLite file.

use std::path::Path;

use absah_seal::BlindIndex;
use absah_sqlite::{Database, Patience, Settings, is_busy};
use async_trait::async_trait;
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

use super::storage::{Found, Row, Storage};
use super::{LocalRegistryError, Upserted};

const MIGRATIONS: [(i64, &str, &str); 1] =
    [(1, "registry", include_str!("../../../migrations/sqlite/0001_registry.sql"))];

pub(super) struct SqliteStorage {
    readers: SqlitePool,
    writer: Mutex<SqliteConnection>,
}

impl SqliteStorage {
    pub(super) async fn open(path: &Path, fingerprint: &[u8; 32]) -> Result<Self, LocalRegistryError> {
        let settings = Settings { secure_delete: true, ..Settings::default() };
        let migrations = absah_sqlite::migrations(&MIGRATIONS);
        let Database { writer, readers } =
            absah_sqlite::open(path, &migrations, fingerprint, &settings).await?;
        Ok(Self { readers, writer: Mutex::new(writer) })
    }
}

#[async_trait]
impl Storage for SqliteStorage {
    async fn record(&self, niks: &[BlindIndex]) -> Result<Option<Found>, LocalRegistryError> {
        for nik in niks {
            let sealed: Option<Vec<u8>> = sqlx::query_scalar("SELECT sealed FROM person WHERE nik = ?")
                .bind(nik.to_bytes().as_slice())
                .fetch_optional(&self.readers)
                .await?;
            if let Some(sealed) = sealed {
                return Ok(Some((*nik, sealed)));
            }
        }
        Ok(None)
    }

    async fn template(&self, niks: &[BlindIndex], model: &str) -> Result<Option<Found>, LocalRegistryError> {
        for nik in niks {
            let sealed: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT sealed FROM template WHERE nik = ? AND model = ?")
                    .bind(nik.to_bytes().as_slice())
                    .bind(model)
                    .fetch_optional(&self.readers)
                    .await?;
            if let Some(sealed) = sealed {
                return Ok(Some((*nik, sealed)));
            }
        }
        Ok(None)
    }

    async fn upsert(&self, rows: &[Row]) -> Result<Upserted, LocalRegistryError> {
        let mut writer = self.writer.lock().await;
        let mut patience = Patience::new();
        loop {
            match upsert(&mut writer, rows).await {
                Err(error) if is_busy(&error) && patience.wait().await => {}
                settled => return Ok(settled?),
            }
        }
    }

    async fn remove(&self, niks: &[BlindIndex]) -> Result<bool, LocalRegistryError> {
        let mut writer = self.writer.lock().await;
        let mut patience = Patience::new();
        loop {
            match remove(&mut writer, niks).await {
                Err(error) if is_busy(&error) && patience.wait().await => {}
                settled => return Ok(settled?),
            }
        }
    }

    async fn count(&self) -> Result<u64, LocalRegistryError> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM person").fetch_one(&self.readers).await?;
        told(count, "person")
    }

    async fn templates(&self) -> Result<Vec<(String, u64)>, LocalRegistryError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT model, count(*) FROM template GROUP BY model ORDER BY model")
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(|(model, count)| Ok((model, told(count, "template")?))).collect()
    }

    async fn probe(&self) -> Result<(), LocalRegistryError> {
        sqlx::query("SELECT 1 FROM person LIMIT 1").fetch_optional(&self.readers).await?;
        Ok(())
    }
}

async fn upsert(db: &mut SqliteConnection, rows: &[Row]) -> Result<Upserted, sqlx::Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let mut done = Upserted::default();
    for row in rows {
        if write_person(&mut tx, row).await? {
            done.inserted += 1
        } else {
            done.updated += 1
        }
        for (model, sealed) in &row.templates {
            sqlx::query(
                "INSERT INTO template (nik, model, sealed) VALUES (?, ?, ?)
                 ON CONFLICT (nik, model) DO UPDATE SET sealed = excluded.sealed",
            )
            .bind(row.nik.to_bytes().as_slice())
            .bind(model)
            .bind(sealed.as_slice())
            .execute(&mut *tx)
            .await?;
        }
    }
    tx.commit().await?;
    Ok(done)
}

/// Whether it is a new one.
async fn write_person(db: &mut SqliteConnection, row: &Row) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query("INSERT INTO person (nik, sealed) VALUES (?, ?) ON CONFLICT (nik) DO NOTHING")
        .bind(row.nik.to_bytes().as_slice())
        .bind(row.sealed.as_slice())
        .execute(&mut *db)
        .await?;
    if inserted.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query("UPDATE person SET sealed = ? WHERE nik = ?")
        .bind(row.sealed.as_slice())
        .bind(row.nik.to_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(false)
}

async fn remove(db: &mut SqliteConnection, niks: &[BlindIndex]) -> Result<bool, sqlx::Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let mut removed = 0;
    for nik in niks {
        let done = sqlx::query("DELETE FROM person WHERE nik = ?").bind(nik.to_bytes().as_slice());
        removed += done.execute(&mut *tx).await?.rows_affected();
    }
    tx.commit().await?;
    Ok(removed > 0)
}

fn told(count: i64, table: &'static str) -> Result<u64, LocalRegistryError> {
    u64::try_from(count).map_err(|_| LocalRegistryError::Corrupt { table })
}

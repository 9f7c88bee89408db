//! The local registry's rows in one SQLite file.

mod write;

use std::path::Path;

use absah_seal::{Keyring, MasterKey};
use absah_sqlite::{Database, Patience, Settings, is_busy};
use async_trait::async_trait;
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

use super::LocalRegistryError;
use super::storage::{Checkpoint, Cursor, Found, Key, Page, Reference, Row, Stats, Storage, told};

const MIGRATIONS: [(i64, &str, &str); 1] =
    [(1, "registry", include_str!("../../../migrations/sqlite/0001_registry.sql"))];

pub(super) struct SqliteStorage {
    readers: SqlitePool,
    writer: Mutex<SqliteConnection>,
}

impl SqliteStorage {
    /// Opens the file, made where it is missing, and its keys.
    pub(super) async fn open(path: &Path, master: &MasterKey) -> Result<(Self, Keyring), LocalRegistryError> {
        // Larger pages, a cache that holds the whole index of some million people, and fewer moves of the journal into
        // the file: what loading millions asks for.
        let settings = Settings {
            secure_delete: true,
            page_size: 8192,
            writer_cache_mib: 128,
            checkpoint_pages: 8192,
            ..Settings::default()
        };
        let migrations = absah_sqlite::migrations(&MIGRATIONS);
        let Database { writer, readers, keyring } =
            absah_sqlite::open(path, &migrations, master, &settings).await?;
        Ok((Self { readers, writer: Mutex::new(writer) }, keyring))
    }
}

/// Does something on the writing connection again and again while another process holds the lock, within bounds.
macro_rules! written {
    ($storage:expr, $writer:ident => $attempt:expr) => {{
        let mut $writer = $storage.writer.lock().await;
        let mut patience = Patience::new();
        loop {
            match $attempt.await {
                Err(error) if is_busy(&error) && patience.wait().await => {}
                settled => break settled?,
            }
        }
    }};
}

#[async_trait]
impl Storage for SqliteStorage {
    async fn record(&self, keys: &[Key]) -> Result<Option<Found>, LocalRegistryError> {
        for key in keys {
            let sealed: Option<Vec<u8>> = sqlx::query_scalar("SELECT sealed FROM person WHERE nik = ?")
                .bind(key.bytes())
                .fetch_optional(&self.readers)
                .await?;
            if let Some(sealed) = sealed {
                return Ok(Some((*key, sealed)));
            }
        }
        Ok(None)
    }

    async fn reference(&self, keys: &[Key], model: &str) -> Result<Option<Reference>, LocalRegistryError> {
        for key in keys {
            let found: Option<(Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
                "SELECT person.sealed, template.sealed FROM person
                 LEFT JOIN template ON template.person = person.id AND template.model = ? WHERE person.nik = ?",
            )
            .bind(model)
            .bind(key.bytes())
            .fetch_optional(&self.readers)
            .await?;
            if let Some((record, template)) = found {
                return Ok(Some(Reference { key: *key, record, template }));
            }
        }
        Ok(None)
    }

    async fn upsert(
        &self,
        rows: &[Row],
        checkpoint: Option<Checkpoint<'_>>,
    ) -> Result<u64, LocalRegistryError> {
        Ok(written!(self, writer => write::upsert(&mut writer, rows, checkpoint.as_ref())))
    }

    async fn remove(&self, keys: &[Key]) -> Result<u64, LocalRegistryError> {
        let removed = written!(self, writer => write::remove(&mut writer, keys));
        self.settle().await;
        Ok(removed)
    }

    async fn people(&self, from: &Cursor, limit: u32) -> Result<Page, LocalRegistryError> {
        let rows = sqlx::query_as("SELECT id, nik, sealed FROM person WHERE id > ? ORDER BY id LIMIT ?")
            .bind(place(from))
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        page(rows)
    }

    async fn pictures_without(
        &self,
        model: &str,
        from: &Cursor,
        limit: u32,
    ) -> Result<Page, LocalRegistryError> {
        let rows = sqlx::query_as(
            "SELECT person.id, person.nik, picture.sealed FROM picture JOIN person ON person.id = picture.person
             WHERE picture.person > ? AND NOT EXISTS
                 (SELECT 1 FROM template WHERE template.person = picture.person AND template.model = ?)
             ORDER BY picture.person LIMIT ?",
        )
        .bind(place(from))
        .bind(model)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        page(rows)
    }

    async fn count_without(&self, model: &str) -> Result<u64, LocalRegistryError> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM picture WHERE NOT EXISTS
                 (SELECT 1 FROM template WHERE template.person = picture.person AND template.model = ?)",
        )
        .bind(model)
        .fetch_one(&self.readers)
        .await?;
        told(count, "picture")
    }

    async fn count_only(&self, model: &str, other: &str) -> Result<u64, LocalRegistryError> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM template AS own WHERE model = ? AND NOT EXISTS
                 (SELECT 1 FROM template WHERE template.person = own.person AND template.model = ?)",
        )
        .bind(model)
        .bind(other)
        .fetch_one(&self.readers)
        .await?;
        told(count, "template")
    }

    async fn lacking(&self, keys: &[Key], model: &str) -> Result<Vec<Key>, LocalRegistryError> {
        let mut lacking = Vec::new();
        for key in keys {
            let found: Option<i64> = sqlx::query_scalar(
                "SELECT 1 FROM person WHERE nik = ? AND NOT EXISTS
                     (SELECT 1 FROM template WHERE template.person = person.id AND template.model = ?)",
            )
            .bind(key.bytes())
            .bind(model)
            .fetch_optional(&self.readers)
            .await?;
            lacking.extend(found.map(|_| *key));
        }
        Ok(lacking)
    }

    async fn add_templates(&self, model: &str, rows: &[Found]) -> Result<(), LocalRegistryError> {
        written!(self, writer => write::templates(&mut writer, model, rows));
        Ok(())
    }

    async fn drop_templates(&self, model: &str, limit: u32) -> Result<u64, LocalRegistryError> {
        Ok(written!(self, writer => write::drop_templates(&mut writer, model, limit)))
    }

    async fn checkpoint(&self, source: Key) -> Result<Option<String>, LocalRegistryError> {
        Ok(sqlx::query_scalar("SELECT state FROM checkpoint WHERE source = ?")
            .bind(source.bytes())
            .fetch_optional(&self.readers)
            .await?)
    }

    async fn forget(&self, source: Key) -> Result<(), LocalRegistryError> {
        written!(self, writer => sqlx::query("DELETE FROM checkpoint WHERE source = ?")
            .bind(source.bytes())
            .execute(&mut *writer));
        Ok(())
    }

    /// Empties the journal: it would be looked through at every page that is read, and holds removed rows still. Where
    /// somebody reads meanwhile, the next one does it.
    async fn settle(&self) {
        let mut writer = self.writer.lock().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *writer).await {
            tracing::warn!(%error, "the registry's journal could not be emptied");
        }
    }

    async fn stats(&self) -> Result<Stats, LocalRegistryError> {
        let count = |sql| sqlx::query_scalar(sql).fetch_one(&self.readers);
        let records: i64 = count("SELECT count(*) FROM person").await?;
        let pictures: i64 = count("SELECT count(*) FROM picture").await?;
        let bytes: i64 =
            count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").await?;
        let templates: Vec<(String, i64)> =
            sqlx::query_as("SELECT model, count(*) FROM template GROUP BY model ORDER BY model")
                .fetch_all(&self.readers)
                .await?;
        let count = |(model, count)| Ok::<_, LocalRegistryError>((model, told(count, "template")?));
        Ok(Stats {
            records: told(records, "person")?,
            templates: templates.into_iter().map(count).collect::<Result<_, _>>()?,
            pictures: told(pictures, "picture")?,
            bytes: told(bytes, "person")?,
        })
    }

    async fn probe(&self) -> Result<(), LocalRegistryError> {
        sqlx::query("SELECT 1 FROM person LIMIT 1").fetch_optional(&self.readers).await?;
        Ok(())
    }
}

/// The last id that was passed; 0 at the beginning.
fn place(cursor: &Cursor) -> i64 {
    cursor.as_slice().try_into().map_or(0, i64::from_be_bytes)
}

fn page(rows: Vec<(i64, Vec<u8>, Vec<u8>)>) -> Result<Page, LocalRegistryError> {
    let next = rows.last().map(|(id, ..)| id.to_be_bytes().to_vec()).unwrap_or_default();
    let found = |(_, key, sealed): (i64, Vec<u8>, Vec<u8>)| Some((Key::read(&key)?, sealed));
    let rows: Option<_> = rows.into_iter().map(found).collect();
    Ok(Page { rows: rows.ok_or(LocalRegistryError::Corrupt { table: "person" })?, next })
}

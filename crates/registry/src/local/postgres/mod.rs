//! The local registry's rows in a PostgreSQL database, or in an engine that speaks its protocol and SQL.
//!
//! The SQL is plain enough for Citus, CockroachDB and YugabyteDB: rows are found by their key alone, tables are joined
//! by it, and nothing asks for a lock on rows of several shards in one statement.

mod error;
mod link;
mod schema;
mod write;

use absah_seal::{Keyring, MasterKey};
use async_trait::async_trait;
use sqlx::Connection;

use super::LocalRegistryError;
use super::storage::{Checkpoint, Cursor, Found, Key, Page, Reference, Row, Stats, Storage, told};
use link::{Link, Outcome, read, take_long, written};

pub use error::PostgresError;
pub use link::PostgresSettings;

/// Bytes of the tables with their indexes and partitions; `UNION` counts each relation once.
const SIZE: &str = "
SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint FROM (
    SELECT 'person'::regclass AS relid UNION SELECT relid FROM pg_partition_tree('person')
    UNION SELECT 'template'::regclass UNION SELECT relid FROM pg_partition_tree('template')
    UNION SELECT 'picture'::regclass UNION SELECT relid FROM pg_partition_tree('picture')
) AS parts";

pub(super) struct PostgresStorage {
    link: Link,
}

impl PostgresStorage {
    /// Reaches the database, makes its tables where they are missing, and opens its keys.
    pub(super) async fn open(
        url: &str,
        master: &MasterKey,
        settings: &PostgresSettings,
    ) -> Result<(Self, Keyring), LocalRegistryError> {
        let (link, mut first) = Link::open(url, settings).await?;
        let keyring = schema::prepare(&mut first, &link, master).await?;
        // What was asked for has been answered: a failing goodbye changes nothing.
        let _ = first.close().await;
        Ok((Self { link }, keyring))
    }

    /// How large the tables are; 0 where the engine does not tell.
    async fn bytes(&self) -> Result<u64, LocalRegistryError> {
        match read!(self.link, self.link.short(), db => sqlx::query_scalar(SIZE).fetch_one(db)) {
            Ok(bytes) => told(bytes, "person"),
            Err(LocalRegistryError::Postgres(PostgresError::Refused { .. })) => Ok(0),
            Err(error) => Err(error),
        }
    }
}

/// Reads what takes long, as going through all people does.
macro_rules! read_long {
    ($link:expr, $tx:ident => $work:expr) => {
        read!($link, $link.long(), db => async {
            let mut transaction = db.begin().await?;
            take_long(&mut transaction, $link.long()).await?;
            let $tx = &mut *transaction;
            let done = $work.await?;
            transaction.commit().await?;
            Ok(done)
        })
    };
}

#[async_trait]
impl Storage for PostgresStorage {
    async fn record(&self, keys: &[Key]) -> Result<Option<Found>, LocalRegistryError> {
        for key in keys {
            let sealed: Option<Vec<u8>> = read!(self.link, self.link.short(), db =>
                sqlx::query_scalar("SELECT sealed FROM person WHERE nik = $1")
                    .bind(key.bytes())
                    .fetch_optional(db))?;
            if let Some(sealed) = sealed {
                return Ok(Some((*key, sealed)));
            }
        }
        Ok(None)
    }

    async fn reference(&self, keys: &[Key], model: &str) -> Result<Option<Reference>, LocalRegistryError> {
        for key in keys {
            let found: Option<(Vec<u8>, Option<Vec<u8>>)> = read!(self.link, self.link.short(), db =>
                sqlx::query_as(
                    "SELECT person.sealed, template.sealed FROM person
                     LEFT JOIN template ON template.nik = person.nik AND template.model = $2 WHERE person.nik = $1",
                )
                .bind(key.bytes())
                .bind(model)
                .fetch_optional(db))?;
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
        written!(self.link, tx => write::upsert(tx, rows, checkpoint.as_ref()))
    }

    async fn remove(&self, keys: &[Key]) -> Result<u64, LocalRegistryError> {
        written!(self.link, tx => write::remove(tx, keys))
    }

    async fn people(&self, from: &Cursor, limit: u32) -> Result<Page, LocalRegistryError> {
        let rows = read_long!(self.link, tx =>
            sqlx::query_as("SELECT nik, sealed FROM person WHERE nik > $1 ORDER BY nik LIMIT $2")
                .bind(from.as_slice())
                .bind(i64::from(limit))
                .fetch_all(tx))?;
        page(rows)
    }

    async fn pictures_without(
        &self,
        model: &str,
        from: &Cursor,
        limit: u32,
    ) -> Result<Page, LocalRegistryError> {
        let rows = read_long!(self.link, tx =>
            sqlx::query_as(
                "SELECT picture.nik, picture.sealed FROM picture WHERE picture.nik > $1 AND NOT EXISTS
                     (SELECT 1 FROM template WHERE template.nik = picture.nik AND template.model = $2)
                 ORDER BY picture.nik LIMIT $3",
            )
            .bind(from.as_slice())
            .bind(model)
            .bind(i64::from(limit))
            .fetch_all(tx))?;
        page(rows)
    }

    async fn count_without(&self, model: &str) -> Result<u64, LocalRegistryError> {
        let count = read_long!(self.link, tx =>
            sqlx::query_scalar(
                "SELECT count(*) FROM picture WHERE NOT EXISTS
                     (SELECT 1 FROM template WHERE template.nik = picture.nik AND template.model = $1)",
            )
            .bind(model)
            .fetch_one(tx))?;
        told(count, "picture")
    }

    async fn count_only(&self, model: &str, other: &str) -> Result<u64, LocalRegistryError> {
        let count = read_long!(self.link, tx =>
            sqlx::query_scalar(
                "SELECT count(*) FROM template AS own WHERE model = $1 AND NOT EXISTS
                     (SELECT 1 FROM template WHERE template.nik = own.nik AND template.model = $2)",
            )
            .bind(model)
            .bind(other)
            .fetch_one(tx))?;
        told(count, "template")
    }

    async fn lacking(&self, keys: &[Key], model: &str) -> Result<Vec<Key>, LocalRegistryError> {
        let asked: Vec<_> = keys.iter().map(Key::bytes).collect();
        let lacking: Vec<Vec<u8>> = read!(self.link, self.link.short(), db =>
            sqlx::query_scalar(
                "SELECT nik FROM person WHERE nik = ANY($1) AND NOT EXISTS
                     (SELECT 1 FROM template WHERE template.nik = person.nik AND template.model = $2)",
            )
            .bind(&asked)
            .bind(model)
            .fetch_all(db))?;
        let lacking: Option<_> = lacking.iter().map(|key| Key::read(key)).collect();
        lacking.ok_or(LocalRegistryError::Corrupt { table: "person" })
    }

    async fn add_templates(&self, model: &str, rows: &[Found]) -> Result<(), LocalRegistryError> {
        written!(self.link, tx => write::templates(tx, model, rows))
    }

    async fn drop_templates(&self, model: &str, limit: u32) -> Result<u64, LocalRegistryError> {
        written!(self.link, tx => write::drop_templates(tx, model, limit))
    }

    async fn checkpoint(&self, source: Key) -> Result<Option<String>, LocalRegistryError> {
        read!(self.link, self.link.short(), db =>
            sqlx::query_scalar("SELECT state FROM checkpoint WHERE source = $1")
                .bind(source.bytes())
                .fetch_optional(db))
    }

    async fn forget(&self, source: Key) -> Result<(), LocalRegistryError> {
        written!(self.link, tx =>
            sqlx::query("DELETE FROM checkpoint WHERE source = $1").bind(source.bytes()).execute(tx))?;
        Ok(())
    }

    /// The server does it by itself.
    async fn settle(&self) {}

    async fn stats(&self) -> Result<Stats, LocalRegistryError> {
        let count = |sql| async move {
            let count = read_long!(self.link, tx => sqlx::query_scalar(sql).fetch_one(tx))?;
            told(count, "person")
        };
        let templates: Vec<(String, i64)> = read_long!(self.link, tx =>
            sqlx::query_as("SELECT model, count(*) FROM template GROUP BY model ORDER BY model").fetch_all(tx))?;
        let of_model = |(model, count)| Ok::<_, LocalRegistryError>((model, told(count, "template")?));
        Ok(Stats {
            records: count("SELECT count(*) FROM person").await?,
            templates: templates.into_iter().map(of_model).collect::<Result<_, _>>()?,
            pictures: count("SELECT count(*) FROM picture").await?,
            bytes: self.bytes().await?,
        })
    }

    async fn probe(&self) -> Result<(), LocalRegistryError> {
        read!(self.link, self.link.short(), db =>
            sqlx::query("SELECT 1 FROM person LIMIT 1").fetch_optional(db))?;
        Ok(())
    }
}

fn page(rows: Vec<(Vec<u8>, Vec<u8>)>) -> Result<Page, LocalRegistryError> {
    let next = rows.last().map(|(key, _)| key.clone()).unwrap_or_default();
    let found = |(key, sealed): (Vec<u8>, Vec<u8>)| Some((Key::read(&key)?, sealed));
    let rows: Option<_> = rows.into_iter().map(found).collect();
    Ok(Page { rows: rows.ok_or(LocalRegistryError::Corrupt { table: "person" })?, next })
}

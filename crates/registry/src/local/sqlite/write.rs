//! What is written to the file: each function is one transaction.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::super::storage::{Checkpoint, Found, Key, Row};

/// People in one statement: a call into SQLite costs more than a row.
const ROWS: usize = 128;

/// Inserts a full number of people, those whose key stands already left out.
static INSERT: LazyLock<String> = LazyLock::new(|| insert_or(ROWS, "NOTHING"));
/// Inserts a full number of people, or replaces their records.
static REPLACE: LazyLock<String> = LazyLock::new(|| insert_or(ROWS, "UPDATE SET sealed = excluded.sealed"));

fn insert_or(rows: usize, otherwise: &str) -> String {
    let mut sql = "INSERT INTO person (nik, sealed) VALUES (?, ?)".to_owned();
    for _ in 1..rows {
        sql.push_str(", (?, ?)");
    }
    let _ = write!(sql, " ON CONFLICT (nik) DO {otherwise}");
    sql
}

pub(super) async fn upsert(
    db: &mut SqliteConnection,
    rows: &[Row],
    checkpoint: Option<&Checkpoint<'_>>,
) -> Result<u64, sqlx::Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let mut new = 0;
    for some in rows.chunks(ROWS) {
        let all = some.len() as u64;
        let inserted = people(&mut tx, some, &INSERT, "NOTHING").await?;
        if inserted < all {
            people(&mut tx, some, &REPLACE, "UPDATE SET sealed = excluded.sealed").await?;
        }
        new += inserted;
    }
    for row in rows {
        for (model, sealed) in &row.templates {
            template(&mut tx, row.key, model, sealed, "UPDATE SET sealed = excluded.sealed").await?;
        }
        // A picture that is kept is the one its templates were made of.
        if !row.templates.is_empty() && row.picture.is_none() {
            sqlx::query("DELETE FROM picture WHERE person = (SELECT id FROM person WHERE nik = ?)")
                .bind(row.key.bytes())
                .execute(&mut *tx)
                .await?;
        }
        if let Some(sealed) = &row.picture {
            sqlx::query(
                "INSERT INTO picture (person, sealed) SELECT id, ? FROM person WHERE nik = ?
                 ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed",
            )
            .bind(sealed.as_slice())
            .bind(row.key.bytes())
            .execute(&mut *tx)
            .await?;
        }
    }
    if let Some(Checkpoint { source, state }) = checkpoint {
        sqlx::query(
            "INSERT INTO checkpoint (source, state) VALUES (?, ?)
             ON CONFLICT (source) DO UPDATE SET state = excluded.state",
        )
        .bind(source.bytes())
        .bind(state(new))
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(new)
}

/// How many were written.
async fn people(
    db: &mut SqliteConnection,
    rows: &[Row],
    full: &'static str,
    otherwise: &str,
) -> Result<u64, sqlx::Error> {
    // The text is made of constants; only a last, smaller number of people needs one of its own.
    let mut query = if rows.len() == ROWS {
        sqlx::query(full)
    } else {
        sqlx::query(AssertSqlSafe(insert_or(rows.len(), otherwise))).persistent(false)
    };
    for row in rows {
        query = query.bind(row.key.bytes()).bind(row.sealed.as_slice());
    }
    Ok(query.execute(db).await?.rows_affected())
}

async fn template(
    db: &mut SqliteConnection,
    key: Key,
    model: &str,
    sealed: &[u8],
    otherwise: &'static str,
) -> Result<(), sqlx::Error> {
    // The text is made of constants.
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO template (person, model, sealed) SELECT id, ?, ? FROM person WHERE nik = ?
         ON CONFLICT (person, model) DO {otherwise}"
    )))
    .bind(model)
    .bind(sealed)
    .bind(key.bytes())
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn templates(
    db: &mut SqliteConnection,
    model: &str,
    rows: &[Found],
) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    for (key, sealed) in rows {
        // Who was given one by an import meanwhile has the newer one.
        template(&mut tx, *key, model, sealed, "NOTHING").await?;
    }
    tx.commit().await
}

pub(super) async fn drop_templates(
    db: &mut SqliteConnection,
    model: &str,
    limit: u32,
) -> Result<u64, sqlx::Error> {
    let dropped = sqlx::query(
        "DELETE FROM template WHERE (person, model) IN
             (SELECT person, model FROM template WHERE model = ? LIMIT ?)",
    )
    .bind(model)
    .bind(limit)
    .execute(db)
    .await?;
    Ok(dropped.rows_affected())
}

pub(super) async fn remove(db: &mut SqliteConnection, keys: &[Key]) -> Result<u64, sqlx::Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let mut removed = 0;
    for key in keys {
        let done = sqlx::query("DELETE FROM person WHERE nik = ?").bind(key.bytes());
        removed += done.execute(&mut *tx).await?.rows_affected();
    }
    tx.commit().await?;
    Ok(removed)
}

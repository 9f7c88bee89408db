//! What is written: each function runs within one transaction of its caller's.
//!
//! Two who write the same people take their locks in the same order and so never wait for each other in a circle: new
//! people by key, then those held by key, then what is theirs. A person's row is locked before anything of theirs is
//! written, so that who removes the person at the same time removes that too.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, PgConnection};

use super::super::storage::{Checkpoint, Found, Key, Row};

/// Rows in one statement, at most.
const ROWS: usize = 4096;
/// Bytes of sealed data in one statement, at most, unless a single row has more.
const BYTES: usize = 8 << 20;

pub(super) async fn upsert(
    db: &mut PgConnection,
    rows: &[Row],
    checkpoint: Option<&Checkpoint<'_>>,
) -> Result<u64, sqlx::Error> {
    let people: Vec<_> = rows.iter().map(|row| (row.key, row.sealed.as_slice())).collect();
    let mut inserted = HashSet::with_capacity(people.len());
    for some in statements(&people, |(_, sealed)| sealed.len()) {
        inserted.extend(insert_people(db, some).await?);
    }
    let held: Vec<_> = people.into_iter().filter(|(key, _)| !inserted.contains(key)).collect();
    for some in statements(&held, |(_, sealed)| sealed.len()) {
        replace_people(db, some).await?;
    }
    let templates = rows.iter().flat_map(|row| {
        row.templates.iter().map(|(model, sealed)| (row.key, model.as_str(), sealed.as_slice()))
    });
    put_templates(db, templates.collect(), "UPDATE SET sealed = excluded.sealed").await?;
    // A picture that is kept is the one its templates were made of.
    let without = |row: &&Row| !row.templates.is_empty() && row.picture.is_none();
    let outdated: Vec<_> = rows.iter().filter(without).map(|row| row.key.bytes()).collect();
    for some in outdated.chunks(ROWS) {
        sqlx::query("DELETE FROM picture WHERE nik = ANY($1)").bind(some).execute(&mut *db).await?;
    }
    let pictures = rows.iter().filter_map(|row| Some((row.key, row.picture.as_deref()?)));
    put_pictures(db, pictures.collect()).await?;
    let new = inserted.len() as u64;
    if let Some(Checkpoint { source, state }) = checkpoint {
        sqlx::query(
            "INSERT INTO checkpoint (source, state) VALUES ($1, $2)
             ON CONFLICT (source) DO UPDATE SET state = excluded.state",
        )
        .bind(source.bytes())
        .bind(state(new))
        .execute(&mut *db)
        .await?;
    }
    Ok(new)
}

/// Puts people in whose key does not stand yet, and says which they were.
async fn insert_people(db: &mut PgConnection, people: &[(Key, &[u8])]) -> Result<Vec<Key>, sqlx::Error> {
    let inserted: Vec<Vec<u8>> = sqlx::query_scalar(
        "INSERT INTO person (nik, sealed) SELECT nik, sealed FROM unnest($1::bytea[], $2::bytea[]) AS given (nik, sealed)
         ON CONFLICT (nik) DO NOTHING RETURNING nik",
    )
    .bind(keys(people))
    .bind(sealed(people))
    .fetch_all(db)
    .await?;
    Ok(inserted.iter().filter_map(|key| Key::read(key)).collect())
}

async fn replace_people(db: &mut PgConnection, people: &[(Key, &[u8])]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO person (nik, sealed) SELECT nik, sealed FROM unnest($1::bytea[], $2::bytea[]) AS given (nik, sealed)
         ON CONFLICT (nik) DO UPDATE SET sealed = excluded.sealed",
    )
    .bind(keys(people))
    .bind(sealed(people))
    .execute(db)
    .await?;
    Ok(())
}

async fn put_templates(
    db: &mut PgConnection,
    mut templates: Vec<(Key, &str, &[u8])>,
    otherwise: &'static str,
) -> Result<(), sqlx::Error> {
    templates.sort_by_key(|&(key, model, _)| (key, model));
    // One statement cannot write a row twice: of two for the same place the later one stays.
    templates.dedup_by(|later, kept| {
        let same = (later.0, later.1) == (kept.0, kept.1);
        if same {
            *kept = *later;
        }
        same
    });
    for some in statements(&templates, |(.., sealed)| sealed.len()) {
        let (mut keys, mut models, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
        for (key, model, bytes) in some {
            keys.push(key.bytes());
            models.push(*model);
            sealed.push(*bytes);
        }
        // The text is made of constants.
        sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO template (nik, model, sealed)
             SELECT nik, model, sealed FROM unnest($1::bytea[], $2::text[], $3::bytea[]) AS given (nik, model, sealed)
             ON CONFLICT (nik, model) DO {otherwise}"
        )))
        .bind(keys)
        .bind(models)
        .bind(sealed)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn put_pictures(db: &mut PgConnection, pictures: Vec<(Key, &[u8])>) -> Result<(), sqlx::Error> {
    for some in statements(&pictures, |(_, sealed)| sealed.len()) {
        sqlx::query(
            "INSERT INTO picture (nik, sealed) SELECT nik, sealed FROM unnest($1::bytea[], $2::bytea[]) AS given (nik, sealed)
             ON CONFLICT (nik) DO UPDATE SET sealed = excluded.sealed",
        )
        .bind(keys(some))
        .bind(sealed(some))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Adds templates of those who are held. Each person's row is locked by a statement of its own: engines that distribute
/// tables lock rows of one shard at a time, and making a template takes far longer.
pub(super) async fn templates(db: &mut PgConnection, model: &str, rows: &[Found]) -> Result<(), sqlx::Error> {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_unstable_by_key(|(key, _)| *key);
    let mut held = Vec::with_capacity(rows.len());
    for (key, sealed) in rows {
        let found: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT nik FROM person WHERE nik = $1 FOR KEY SHARE")
                .bind(key.bytes())
                .fetch_optional(&mut *db)
                .await?;
        held.extend(found.map(|_| (*key, model, sealed.as_slice())));
    }
    // Who was given one by an import meanwhile has the newer one.
    put_templates(db, held, "NOTHING").await
}

pub(super) async fn drop_templates(
    db: &mut PgConnection,
    model: &str,
    limit: u32,
) -> Result<u64, sqlx::Error> {
    let keys: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT nik FROM template WHERE model = $1 ORDER BY nik LIMIT $2")
            .bind(model)
            .bind(i64::from(limit))
            .fetch_all(&mut *db)
            .await?;
    let dropped = sqlx::query("DELETE FROM template WHERE model = $1 AND nik = ANY($2)")
        .bind(model)
        .bind(keys)
        .execute(db)
        .await?;
    Ok(dropped.rows_affected())
}

/// Removes people, and then what is theirs. Until this is committed the removed rows keep anything more from coming under
/// their keys; what came with a person who was put in a moment too late to be removed stays with that person.
pub(super) async fn remove(db: &mut PgConnection, keys: &[Key]) -> Result<u64, sqlx::Error> {
    let keys: Vec<_> = keys.iter().map(Key::bytes).collect();
    let removed: Vec<Vec<u8>> = sqlx::query_scalar("DELETE FROM person WHERE nik = ANY($1) RETURNING nik")
        .bind(keys)
        .fetch_all(&mut *db)
        .await?;
    for sql in ["DELETE FROM template WHERE nik = ANY($1)", "DELETE FROM picture WHERE nik = ANY($1)"] {
        sqlx::query(sql).bind(&removed).execute(&mut *db).await?;
    }
    Ok(removed.len() as u64)
}

fn keys<'a>(rows: &'a [(Key, &[u8])]) -> Vec<&'a [u8]> {
    rows.iter().map(|(key, _)| key.bytes()).collect()
}

fn sealed<'a>(rows: &[(Key, &'a [u8])]) -> Vec<&'a [u8]> {
    rows.iter().map(|(_, sealed)| *sealed).collect()
}

/// Rows cut into what goes into one statement.
fn statements<T>(rows: &[T], size: impl Fn(&T) -> usize) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |row: &&T| {
            bytes += size(row);
            bytes <= BYTES
        };
        let some = rest.iter().take(ROWS).take_while(fits).count().max(1).min(rest.len());
        let (now, later) = rest.split_at(some);
        rest = later;
        (!now.is_empty()).then_some(now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_by_number_and_by_size() {
        let cases = [
            (vec![], vec![]),
            (vec![1; ROWS], vec![ROWS]),
            (vec![1; ROWS + 1], vec![ROWS, 1]),
            (vec![BYTES / 2; 5], vec![2, 2, 1]),
            (vec![BYTES * 2, 1, BYTES * 2], vec![1, 1, 1]),
        ];
        for (sizes, expected) in cases {
            let cut: Vec<_> = statements(&sizes, |size| *size).map(<[_]>::len).collect();
            assert_eq!(cut, expected);
        }
    }
}

//! What holds of a database however it is opened.

#![allow(clippy::expect_used, clippy::panic, reason = "what is unexpected in a test fails it")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use absah_seal::{Keyring, MasterKey, Purpose};
use absah_sqlite::{Database, OpenError, Settings, migrations, open};

const TABLES: (i64, &str, &str) = (1, "tables", "CREATE TABLE pet (name TEXT NOT NULL) STRICT;");
const MORE: (i64, &str, &str) = (2, "more", "ALTER TABLE pet ADD COLUMN legs INTEGER;");

fn master(byte: u8) -> MasterKey {
    MasterKey::from_bytes([byte; 32])
}

async fn opened(path: &Path) -> Database {
    open(path, &migrations(&[TABLES]), &master(1), &Settings::default()).await.expect("opened")
}

#[tokio::test]
async fn files_are_the_owners_alone() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("data/pets.db");
    let mut database = opened(&path).await;
    sqlx::query("INSERT INTO pet VALUES ('cat')").execute(&mut database.writer).await.expect("written");
    for (name, mode) in
        [("data", 0o700), ("data/pets.db", 0o600), ("data/pets.db-wal", 0o600), ("data/pets.db-shm", 0o600)]
    {
        let found = std::fs::metadata(home.path().join(name)).expect(name).permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
}

#[tokio::test]
async fn durability_is_as_promised() {
    let home = tempfile::tempdir().expect("a directory");
    let mut database = opened(&home.path().join("pets.db")).await;
    let (journal,): (String,) =
        sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut database.writer).await.expect("asked");
    assert_eq!(journal, "wal");
    for (pragma, expected) in
        [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1), ("PRAGMA trusted_schema", 0)]
    {
        let (value,): (i64,) = sqlx::query_as(pragma).fetch_one(&mut database.writer).await.expect("asked");
        assert_eq!(value, expected, "{pragma}");
    }
}

#[tokio::test]
async fn readers_see_what_the_writer_committed_and_write_nothing() {
    let home = tempfile::tempdir().expect("a directory");
    let mut database = opened(&home.path().join("pets.db")).await;
    sqlx::query("INSERT INTO pet VALUES ('cat')").execute(&mut database.writer).await.expect("written");
    let (count,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM pet").fetch_one(&database.readers).await.expect("read");
    assert_eq!(count, 1);
    sqlx::query("DELETE FROM pet").execute(&database.readers).await.expect_err("readers only read");
}

#[tokio::test]
async fn another_key_is_refused_and_changes_nothing() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("pets.db");
    drop(opened(&path).await);
    let refused = open(&path, &migrations(&[TABLES, MORE]), &master(2), &Settings::default()).await;
    let error = refused.expect_err("refused");
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error:?}");
    assert!(error.to_string().contains("another master key"), "{error}");
    opened(&path).await;
}

#[tokio::test]
async fn what_is_sealed_opens_after_the_file_is_opened_again() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("pets.db");
    let pets = Purpose::new("pets");
    let sealed = opened(&path).await.keyring.seal(pets, b"cat", b"Kitty").expect("sealed");
    let again = opened(&path).await.keyring;
    assert_eq!(&**again.open(pets, b"cat", &sealed).expect("opened"), b"Kitty");
    let other_file = opened(&home.path().join("other.db")).await.keyring;
    other_file.open(pets, b"cat", &sealed).expect_err("each file has data keys of its own");
}

#[tokio::test]
async fn a_file_sealed_by_the_master_key_itself_is_taken_over() {
    let pets = Purpose::new("pets");
    for (key, taken) in [(1, true), (2, false)] {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("pets.db");
        let mut database = opened(&path).await;
        let before = Keyring::new(&master(key));
        for sql in
            ["DELETE FROM data_key", "CREATE TABLE sealing_key (only INTEGER PRIMARY KEY, fingerprint BLOB)"]
        {
            sqlx::query(sql).execute(&mut database.writer).await.expect("made");
        }
        sqlx::query("INSERT INTO sealing_key VALUES (1, ?)")
            .bind(before.fingerprint().as_slice())
            .execute(&mut database.writer)
            .await
            .expect("noted");
        let sealed = before.seal(pets, b"cat", b"Kitty").expect("sealed");
        let again = open(&path, &migrations(&[TABLES]), &master(1), &Settings::default()).await;
        match again {
            Ok(database) => database.keyring.open(pets, b"cat", &sealed).map(drop).expect("opened"),
            Err(error) => assert!(!taken && matches!(error, OpenError::WrongKey { .. }), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn an_older_program_leaves_newer_tables_alone() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("pets.db");
    drop(open(&path, &migrations(&[TABLES, MORE]), &master(1), &Settings::default()).await.expect("opened"));
    let refused = open(&path, &migrations(&[TABLES]), &master(1), &Settings::default()).await;
    assert!(matches!(refused, Err(OpenError::Migration { .. })), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("pets.db");
    std::fs::write(&path, "a letter, not a database".repeat(100)).expect("written");
    let refused = open(&path, &migrations(&[TABLES]), &master(1), &Settings::default()).await;
    assert!(matches!(refused, Err(OpenError::Database { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_file_can_be_opened_by_many_at_once() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("pets.db");
    let openings: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { drop(opened(&path).await) })
        })
        .collect();
    for opening in openings {
        opening.await.expect("opened");
    }
}

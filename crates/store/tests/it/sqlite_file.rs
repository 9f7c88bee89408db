//! What holds of the SQLite file: bounds, keys, privacy, and that what was answered outlives a kill.

use std::io::{BufRead, BufReader, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use absah_seal::MasterKey;
use absah_sqlite::OpenError;
use absah_store::sqlite::{SqliteOptions, SqliteStore};
use absah_store::{History, StoreError, Transactions};

use crate::conformance::people::{self, EMAIL, NIK, PHONE};

async fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(&dir.join("store.sqlite"), &people::master()).await.expect("opened")
}

#[tokio::test]
async fn another_master_key_is_refused_at_the_start() {
    let home = tempfile::tempdir().expect("a directory");
    open(home.path()).await.close().await;
    let other = MasterKey::from_bytes([8; 32]);
    let refused = SqliteStore::open(&home.path().join("store.sqlite"), &other).await.err().expect("refused");
    assert!(matches!(refused, StoreError::Open(OpenError::WrongKey { .. })), "{refused:?}");
    assert!(refused.to_string().contains("another master key"), "{refused}");
}

#[tokio::test]
async fn a_closed_store_has_written_what_waited_and_takes_no_more() {
    let home = tempfile::tempdir().expect("a directory");
    let store = Arc::new(open(home.path()).await);
    people::with_credential(&*store).await;
    let waiting: Vec<_> = (1..=50)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.record(people::transaction(number)).await.map(drop) })
        })
        .collect();
    tokio::task::yield_now().await;
    store.close().await;
    let mut written = 0;
    for write in waiting {
        match write.await.expect("joined") {
            Ok(()) => written += 1,
            Err(error) => assert!(matches!(error, StoreError::Closed), "{error:?}"),
        }
    }
    assert!(matches!(store.record(people::transaction(99)).await, Err(StoreError::Closed)));
    assert_eq!(open(home.path()).await.page(None, 0, 100).await.expect("read").0.len(), written);
}

#[tokio::test]
async fn a_full_queue_refuses_instead_of_growing() {
    let home = tempfile::tempdir().expect("a directory");
    let options =
        SqliteOptions { waiting: NonZeroUsize::MIN, batch: NonZeroUsize::MIN, ..SqliteOptions::default() };
    let path = home.path().join("store.sqlite");
    let store = Arc::new(SqliteStore::open_with(&path, &people::master(), options).await.expect("opened"));
    people::with_credential(&*store).await;
    let writes: Vec<_> = (1..=100)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.record(people::transaction(number)).await.map(drop) })
        })
        .collect();
    let (mut written, mut refused) = (0, 0);
    for write in writes {
        match write.await.expect("joined") {
            Ok(()) => written += 1,
            Err(StoreError::Overloaded) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(refused > 0 && written > 0, "{written} written, {refused} refused");
    assert_eq!(store.page(None, 0, 1000).await.expect("read").0.len(), written);
}

#[tokio::test]
async fn no_file_holds_a_nik_a_contact_or_a_secret() {
    let home = tempfile::tempdir().expect("a directory");
    let store = open(home.path()).await;
    people::with_credential(&store).await;
    store.record(people::claiming(1, NIK, PHONE, EMAIL)).await.expect("recorded");
    let holds = |needle: &str| {
        std::fs::read_dir(home.path()).expect("listed").any(|entry| {
            let bytes = std::fs::read(entry.expect("read").path()).expect("read");
            bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
        })
    };
    assert!(holds("wire-1"), "the search finds what is there");
    for needle in [NIK, PHONE, EMAIL, "key-1-0123456789abcdef"] {
        assert!(!holds(needle), "{needle}");
    }
}

/// Where the child of the next test finds its directory.
const CHILD_DIR: &str = "ABSAH_STORE_TEST_DIR";
const CHILD_START: &str = "ABSAH_STORE_TEST_START";

#[tokio::test]
async fn every_acknowledged_row_outlives_a_kill() {
    let home = tempfile::tempdir().expect("a directory");
    let mut acknowledged = Vec::new();
    for (round, rows_before_kill) in [1, 40, 200].into_iter().enumerate() {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args([
                "sqlite_file::child_that_writes_until_it_is_killed",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env(CHILD_DIR, home.path())
            .env(CHILD_START, (round * 1_000_000).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut take = |limit: usize| {
            let written = lines.by_ref().map_while(Result::ok).filter_map(|line| {
                line.strip_prefix("written ").and_then(|rest| rest.strip_suffix('.')).map(str::to_owned)
            });
            written.take(limit).collect::<Vec<_>>()
        };
        let before = take(rows_before_kill);
        child.kill().expect("killed");
        assert_eq!(before.len(), rows_before_kill);
        acknowledged.extend(before);
        acknowledged.extend(take(usize::MAX));
        child.wait().expect("gone");
    }
    let store = open(home.path()).await;
    let mut found = std::collections::HashSet::new();
    let mut after = 0;
    loop {
        let (lines, last) = store.page(None, after, 1000).await.expect("read");
        if lines.is_empty() {
            break;
        }
        after = last;
        found.extend(lines.into_iter().map(|line| line.wire_id));
    }
    let lost: Vec<_> = acknowledged.iter().filter(|wire_id| !found.contains(*wire_id)).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), acknowledged.len());
}

#[tokio::test]
#[ignore = "the child process of the test above"]
async fn child_that_writes_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else { return };
    let start = std::env::var_os(CHILD_START)
        .and_then(|start| start.to_str()?.parse::<u128>().ok())
        .expect("a number");
    let store = Arc::new(open(Path::new(&dir)).await);
    people::with_credential(&*store).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for number in (start + writer + 1..).step_by(8) {
                    let recorded = store.record(people::transaction(number)).await.expect("recorded");
                    // One write, ended by a full stop: a line cut by the kill is not taken for an answer.
                    let line = format!("written {}.\n", recorded.wire_id);
                    std::io::stdout().write_all(line.as_bytes()).expect("told");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("writes for ever");
    }
}

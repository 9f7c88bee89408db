//! What a registry in PostgreSQL promises beyond what every local registry does: servers that die, several programs that
//! begin at once, users who may do little, and errors that say what is wrong and nothing of a person.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use absah_core::claims::{Claims, RecordState};
use absah_core::field::Field;
use absah_core::policy::Policy;
use absah_core::trouble::Trouble;
use absah_core::verdict::FieldVerdict;
use absah_registry::import::{ImportError, ImportSummary};
use absah_registry::local::{LocalRegistry, LocalRegistryError, PostgresError, PostgresSettings};
use absah_registry::testing::postgres::PostgresServer;
use absah_registry::{ClaimsAnswer, PopulationRegistry};
use absah_seal::MasterKey;
use sqlx::{Connection, PgConnection};

use crate::conformance::{BUDI, MODEL, SITI, face, nik, record, scales, tenant};
use crate::homes::Home;
use crate::local::{large_file, load};

fn server() -> PostgresServer {
    PostgresServer::start().unwrap_or_else(|error| panic!("{error}"))
}

fn database() -> String {
    match Home::postgres() {
        Home::Postgres(url) => url,
        Home::Sqlite(_) => unreachable!("a home in PostgreSQL"),
    }
}

/// Times that a test need not wait long for.
fn impatient() -> PostgresSettings {
    PostgresSettings {
        max_connections: 8,
        acquire_timeout: Duration::from_secs(1),
        statement_timeout: Duration::from_millis(500),
        ..PostgresSettings::default()
    }
}

async fn opened(url: &str, key: u8) -> Result<LocalRegistry, LocalRegistryError> {
    LocalRegistry::open_postgres(url, &MasterKey::from_bytes([key; 32]), scales(), &impatient()).await
}

async fn open(url: &str) -> LocalRegistry {
    opened(url, 7).await.expect("opened")
}

async fn execute(url: &str, sql: &'static str) -> PgConnection {
    let mut db = PgConnection::connect(url).await.expect("reached");
    sqlx::raw_sql(sql).execute(&mut db).await.expect(sql);
    db
}

/// Whether the registry answers of Siti what is so; trouble otherwise.
async fn answers(registry: &LocalRegistry) -> Result<(), Trouble> {
    let mut claims = Claims::of(nik(SITI));
    claims.demographics.set_text(Field::Name, "SITI NURHALIZA");
    let answer = registry.verify_claims(&tenant(), &claims, &Policy::default()).await?;
    let ClaimsAnswer::Compared(findings) = answer else { panic!("a wrong verdict: {answer:?}") };
    assert_eq!(findings.get(Field::Name).map(|finding| finding.verdict), Some(FieldVerdict::Match));
    Ok(())
}

async fn put_siti(registry: &LocalRegistry) -> Result<(), LocalRegistryError> {
    let siti = record(SITI, "SITI NURHALIZA", RecordState::Active);
    registry.put(siti, vec![face(MODEL, 0.0)]).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_and_comes_back_costs_no_wrong_answer_and_no_restart() {
    let server = server();
    let registry = Arc::new(open(&server.url()).await);
    put_siti(&registry).await.expect("put");
    let (ends, right, troubles) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let askers: Vec<_> = (0..6)
        .map(|_| {
            let registry = Arc::clone(&registry);
            let (ends, right, troubles) = (Arc::clone(&ends), Arc::clone(&right), Arc::clone(&troubles));
            tokio::spawn(async move {
                while !ends.load(Ordering::Relaxed) {
                    match answers(&registry).await {
                        Ok(()) => right.fetch_add(1, Ordering::Relaxed),
                        Err(Trouble::Unavailable | Trouble::Timeout) => {
                            troubles.fetch_add(1, Ordering::Relaxed)
                        }
                        Err(other) => panic!("{other:?}"),
                    };
                }
            })
        })
        .collect();
    let settled = || async {
        let (before, since) = (right.load(Ordering::Relaxed), Instant::now());
        while right.load(Ordering::Relaxed) < before + 100 {
            assert!(since.elapsed() < Duration::from_secs(20), "it does not answer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    for _ in 0..2 {
        settled().await;
        server.kill().expect("killed");
        let before = troubles.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert!(troubles.load(Ordering::Relaxed) > before, "a dead server is told");
        server.restart().expect("restarted");
        settled().await;
    }
    ends.store(true, Ordering::Relaxed);
    for asker in askers {
        asker.await.expect("no wrong answer");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_that_nobody_noticed_costs_no_answer() {
    let server = server();
    let registry = open(&server.url()).await;
    put_siti(&registry).await.expect("put");
    for _ in 0..3 {
        // Several connections, all of which break.
        let asked = tokio::join!(answers(&registry), answers(&registry), answers(&registry));
        assert_eq!(asked, (Ok(()), Ok(()), Ok(())));
        server.restart().expect("restarted");
    }
    server.kill().expect("killed");
    let trouble = answers(&registry).await.expect_err("nobody answers");
    assert_eq!(trouble, Trouble::Unavailable);
    assert_eq!(registry.ready().await, Err(Trouble::Unavailable));
    server.restart().expect("restarted");
    assert_eq!(registry.ready().await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_during_which_the_server_died_goes_on_without_loss() {
    let server = server();
    let (csv, registry) = (large_file(), open(&server.url()).await);
    let broken = load(&registry, &csv, false, &mut || server.kill().expect("killed")).await;
    assert!(matches!(broken, Err(ImportError::Registry(_))), "{broken:?}");
    server.restart().expect("restarted");
    let before = registry.stats().await.expect("counted").records;
    let done = load(&registry, &csv, false, &mut || {}).await.expect("imported");
    assert_eq!(done.resumed_after, before);
    assert_eq!(done.summary, ImportSummary { read: 70_000, inserted: 70_000, updated: 0, rejected: 0 });
    assert_eq!(registry.stats().await.expect("counted").records, 70_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_begin_at_once_make_one_registry() {
    for _ in 0..3 {
        let url = database();
        let opening: Vec<_> = (0..8)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move { open(&url).await })
            })
            .collect();
        let mut registries = Vec::new();
        for opened in opening {
            registries.push(opened.await.expect("opened"));
        }
        put_siti(&registries[0]).await.expect("put");
        for registry in &registries {
            assert_eq!(answers(registry).await, Ok(()), "one key for all");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_at_the_start() {
    use PostgresError::{Newer, Permission, Refused, Unreachable, Url, WrongKey};

    let url = database();
    drop(open(&url).await);
    drop(execute(&url, "CREATE ROLE stranger LOGIN; CREATE ROLE locked_out NOLOGIN").await);
    let as_user = |user: &str| url.replace("//postgres@", &format!("//{user}@"));
    let newer = database();
    drop(open(&newer).await);
    drop(execute(&newer, "INSERT INTO registry_version VALUES (2, 'of tomorrow')").await);
    let empty = database().replace("//postgres@", "//stranger@");
    let no_server = "postgres://postgres@127.0.0.1:1/postgres".to_owned();
    type Row<'a> = (&'a str, String, u8, fn(&PostgresError) -> bool, &'a str);
    let rows: [Row<'_>; 8] = [
        ("no URL", "registry.sqlite".to_owned(), 7, |e| matches!(e, Url), "postgres://USER@HOST"),
        ("no server", no_server, 7, |e| matches!(e, Unreachable { .. }), "127.0.0.1:1 cannot be reached"),
        ("no database", format!("{url}_no"), 7, |e| matches!(e, Refused { .. }), "3D000"),
        ("no login", as_user("locked_out"), 7, |e| matches!(e, Permission { .. }), "not permitted to log in"),
        ("no rights", as_user("stranger"), 7, |e| matches!(e, Permission { .. }), "permission denied"),
        ("no right to make tables", empty, 7, |e| matches!(e, Permission { .. }), "permission denied"),
        ("newer tables", newer, 7, |e| matches!(e, Newer { found: 2, known: 1, .. }), "use a newer absah"),
        ("another key", url, 8, |e| matches!(e, WrongKey { .. }), "another master key"),
    ];
    for (case, url, key, expected, says) in rows {
        let refused = opened(&url, key).await.err().expect(case);
        let LocalRegistryError::Postgres(error) = &refused else { panic!("{case}: {refused:?}") };
        assert!(expected(error), "{case}: {error:?}");
        assert!(refused.to_string().contains(says), "{case}: {refused}");
    }
}

#[tokio::test]
async fn who_verifies_needs_no_right_but_to_read() {
    let url = database();
    put_siti(&open(&url).await).await.expect("put");
    // The second one is refused every write, as on a replica.
    let grants = "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
        CREATE ROLE replica LOGIN SUPERUSER; ALTER ROLE replica SET default_transaction_read_only = on";
    drop(execute(&url, grants).await);
    for user in ["reader", "replica"] {
        let reader = open(&url.replace("//postgres@", &format!("//{user}@"))).await;
        assert_eq!(answers(&reader).await, Ok(()), "{user}");
        assert_eq!(reader.ready().await, Ok(()), "{user}");
        assert_eq!(reader.stats().await.expect("counted").records, 1, "{user}");
        let refused = put_siti(&reader).await.expect_err("refused");
        let LocalRegistryError::Postgres(PostgresError::Permission { .. }) = refused else {
            panic!("{user}: {refused:?}")
        };
    }
}

#[tokio::test]
async fn a_connection_that_breaks_costs_no_answer() {
    const BREAK: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let url = database();
    let registry = open(&url).await;
    put_siti(&registry).await.expect("put");
    for _ in 0..5 {
        let asked = tokio::join!(answers(&registry), answers(&registry), answers(&registry));
        assert_eq!(asked, (Ok(()), Ok(()), Ok(())));
        drop(execute(&url, BREAK).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_removed_while_others_write_leaves_nothing() {
    let url = database();
    let (one, other) = (open(&url).await, open(&url).await);
    for _ in 0..50 {
        let siti = nik(SITI);
        let (put, removed) = tokio::join!(put_siti(&one), other.remove(&siti));
        put.expect("put");
        removed.expect("removed");
        let held = one.holds(&nik(SITI)).await.expect("read");
        let stats = one.stats().await.expect("counted");
        let templates: u64 = stats.templates.iter().map(|(_, count)| count).sum();
        assert_eq!((held.record, held.template), (stats.records == 1, templates == 1));
        assert_eq!(stats.records, templates, "a template goes with its person");
    }
}

#[tokio::test]
async fn a_question_that_takes_too_long_is_a_timeout() {
    let url = database();
    let registry = open(&url).await;
    put_siti(&registry).await.expect("put");
    let holder = execute(&url, "BEGIN; LOCK TABLE person IN ACCESS EXCLUSIVE MODE").await;
    let since = Instant::now();
    assert_eq!(answers(&registry).await, Err(Trouble::Timeout));
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    // More who ask than there are connections: the rest wait for one, within bounds.
    let registry = Arc::new(registry);
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let registry = Arc::clone(&registry);
            tokio::spawn(async move { answers(&registry).await })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.expect("asked"), Err(Trouble::Timeout));
    }
    drop(holder);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(answers(&registry).await, Ok(()));
}

#[tokio::test]
async fn an_error_quotes_no_row() {
    let url = database();
    let registry = open(&url).await;
    drop(execute(&url, "ALTER TABLE person ADD CONSTRAINT small CHECK (octet_length(sealed) < 9)").await);
    let refused = put_siti(&registry).await.expect_err("refused");
    let told = format!("{refused} {refused:?}");
    assert!(told.contains("23514") && told.contains("small"), "{told}");
    assert!(!told.contains("Failing row") && !told.contains("\\x"), "{told}");
}

#[tokio::test]
async fn tables_made_for_a_distributed_engine_are_found_and_used() {
    const TABLES: &str = include_str!("../../migrations/postgres/distributed/0001_registry.sql");
    let url = database();
    drop(execute(&url, TABLES).await);
    let registry = open(&url).await;
    put_siti(&registry).await.expect("put");
    assert_eq!(answers(&registry).await, Ok(()));
    assert!(registry.stats().await.expect("counted").bytes > 0);
    let mut db = execute(&url, "").await;
    let partitions: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_inherits").fetch_one(&mut db).await.expect("counted");
    assert_eq!(partitions, 0, "they are left as they are");
    assert!(registry.remove(&nik(SITI)).await.expect("removed"));
    assert!(!registry.remove(&nik(BUDI)).await.expect("asked"));
}

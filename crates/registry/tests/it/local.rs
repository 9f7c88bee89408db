//! What holds of the local registry beside its verdicts: upserts, removal, other processes, keys, privacy.

use std::path::Path;

use absah_core::claims::{Claims, RecordState};
use absah_core::face::{Calibration, Profile, Scales};
use absah_core::policy::Policy;
use absah_core::trouble::Trouble;
use absah_registry::local::{Enrolment, LocalRegistry, LocalRegistryError, Stats, Upserted};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use absah_seal::MasterKey;
use absah_sqlite::OpenError;

use crate::conformance::{BUDI, MODEL, SITI, face, nik, record, scales, tenant};

const ACTIVE: RecordState = RecordState::Active;

async fn opened(dir: &Path, key: u8, scales: Scales) -> Result<LocalRegistry, LocalRegistryError> {
    LocalRegistry::open(&dir.join("registry.sqlite"), &MasterKey::from_bytes([key; 32]), scales).await
}

async fn open(dir: &Path) -> LocalRegistry {
    opened(dir, 7, scales()).await.expect("opened")
}

async fn held(registry: &LocalRegistry, number: &str) -> bool {
    let claims = Claims::of(nik(number));
    let answer = registry.verify_claims(&tenant(), &claims, &Policy::default()).await.expect("a verdict");
    answer != ClaimsAnswer::NotFound
}

async fn score(registry: &LocalRegistry, number: &str, model: &str) -> Option<f64> {
    let template = face(model, 0.0);
    let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: b"" };
    match registry.verify_face(&tenant(), &nik(number), &probe, 0.0).await.expect("a verdict") {
        FaceAnswer::Compared { score, .. } => Some(score),
        _ => None,
    }
}

#[tokio::test]
async fn putting_in_again_replaces_the_record_and_the_templates_given() {
    let home = tempfile::tempdir().expect("a directory");
    let registry = open(home.path()).await;
    let steps = [
        ("new", vec![face(MODEL, 0.0)], Upserted { inserted: 1, updated: 0 }, Some(100.0)),
        ("without a template", vec![], Upserted { inserted: 0, updated: 1 }, Some(100.0)),
        ("of another model", vec![face("model-2", 0.0)], Upserted { inserted: 0, updated: 1 }, Some(100.0)),
        ("another face", vec![face(MODEL, 90.0)], Upserted { inserted: 0, updated: 1 }, Some(50.0)),
    ];
    for (case, templates, expected, at) in steps {
        let done = registry.put(record(SITI, "SITI NURHALIZA", ACTIVE), templates).await.expect(case);
        assert_eq!((done, score(&registry, SITI, MODEL).await), (expected, at), "{case}");
    }
    let Stats { records, templates, pictures, .. } = registry.stats().await.expect("counted");
    assert_eq!((records, pictures), (1, 0));
    assert_eq!(templates, [(MODEL.to_owned(), 1), ("model-2".to_owned(), 1)]);
}

#[tokio::test]
async fn models_stand_side_by_side() {
    let home = tempfile::tempdir().expect("a directory");
    let first = open(home.path()).await;
    let templates = vec![face(MODEL, 0.0), face("model-2", 90.0)];
    first.put(record(SITI, "SITI NURHALIZA", ACTIVE), templates).await.expect("put");
    let other = Calibration::new("model-2".into(), vec![(-1.0, 0.0), (1.0, 100.0)]).expect("monotone");
    let other = Scales::new(other);
    let second = opened(home.path(), 7, other).await.expect("opened");
    assert_eq!(score(&first, SITI, MODEL).await, Some(100.0));
    assert_eq!(score(&second, SITI, "model-2").await, Some(50.0));
    assert_eq!(score(&second, SITI, MODEL).await, None, "a probe of another model is not compared");
}

#[tokio::test]
async fn what_one_process_writes_another_sees_at_once() {
    let home = tempfile::tempdir().expect("a directory");
    let (server, command) = (open(home.path()).await, open(home.path()).await);
    assert!(!held(&server, SITI).await);
    command.put(record(SITI, "SITI NURHALIZA", ACTIVE), vec![face(MODEL, 0.0)]).await.expect("put");
    assert!(held(&server, SITI).await);
    assert_eq!(score(&server, SITI, MODEL).await, Some(100.0));
    assert!(command.remove(&nik(SITI)).await.expect("removed"));
    assert!(!held(&server, SITI).await);
    assert!(!command.remove(&nik(SITI)).await.expect("asked"), "nobody is left to remove");
    let Stats { records, templates, .. } = server.stats().await.expect("counted");
    assert_eq!((records, templates), (0, vec![]), "templates go with their person");
}

#[tokio::test]
async fn thousands_go_in_at_once_and_all_or_none() {
    let home = tempfile::tempdir().expect("a directory");
    let registry = open(home.path()).await;
    let person = |number: u64, name: &str| {
        Enrolment::new(record(&(3_217_061_012_870_000 + number).to_string(), name, ACTIVE), vec![])
    };
    let mut people: Vec<_> = (0..3000).map(|number| person(number, "SITI")).collect();
    people.push(person(0, "SITI AGAIN"));
    let done = registry.put_all(&people).await.expect("put");
    assert_eq!(done, Upserted { inserted: 3000, updated: 1 });
    let too_long = person(5000, &"A".repeat(70_000));
    let refused = registry.put_all(&[person(4000, "BUDI"), too_long]).await;
    assert!(matches!(refused, Err(LocalRegistryError::TooLong)), "{refused:?}");
    assert_eq!(registry.stats().await.expect("counted").records, 3000);
}

#[tokio::test]
async fn another_master_key_is_refused_at_the_start() {
    let home = tempfile::tempdir().expect("a directory");
    drop(open(home.path()).await);
    let refused = opened(home.path(), 8, scales()).await.err().expect("refused");
    assert!(matches!(refused, LocalRegistryError::Open(OpenError::WrongKey { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_row_that_was_moved_or_changed_is_no_verdict() {
    use sqlx::Connection;

    for (case, sql) in [
        ("moved", "UPDATE person SET sealed = (SELECT max(sealed) FROM person)"),
        ("changed", "UPDATE person SET sealed = CAST(sealed || x'00' AS BLOB)"),
        ("emptied", "UPDATE person SET sealed = x''"),
    ] {
        let home = tempfile::tempdir().expect("a directory");
        let registry = open(home.path()).await;
        for number in [SITI, BUDI] {
            registry.put(record(number, "SITI NURHALIZA", ACTIVE), vec![]).await.expect("put");
        }
        let path = home.path().join("registry.sqlite");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut attacker = sqlx::SqliteConnection::connect_with(&options).await.expect("opened");
        sqlx::query(sql).execute(&mut attacker).await.expect(case);
        let mut troubles = 0;
        for number in [SITI, BUDI] {
            let claims = Claims::of(nik(number));
            match registry.verify_claims(&tenant(), &claims, &Policy::default()).await {
                Err(Trouble::Setup { .. }) => troubles += 1,
                other => assert!(other.is_ok(), "{case}: {other:?}"),
            }
        }
        assert_eq!(troubles, if case == "moved" { 1 } else { 2 }, "{case}");
    }
}

#[tokio::test]
async fn no_file_holds_a_nik_or_a_name() {
    let home = tempfile::tempdir().expect("a directory");
    let registry = open(home.path()).await;
    registry.put(record(SITI, "SITI NURHALIZA", ACTIVE), vec![face(MODEL, 33.0)]).await.expect("put");
    let features: Vec<u8> = face(MODEL, 33.0).features().iter().flat_map(|x| x.to_le_bytes()).collect();
    let holds = |needle: &[u8]| {
        std::fs::read_dir(home.path()).expect("listed").any(|entry| {
            let bytes = std::fs::read(entry.expect("read").path()).expect("read");
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    };
    assert!(holds(MODEL.as_bytes()), "the search finds what is there");
    for needle in [SITI.as_bytes(), b"SITI", b"NURHALIZA", b"1987-12-10", &features] {
        assert!(!holds(needle), "{needle:?}");
    }
}

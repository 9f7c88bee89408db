//! What holds of a local registry beside its verdicts, whatever database it keeps its people in: upserts, removal, other
//! processes, keys, privacy, imports that go on.

use std::collections::BTreeSet;
use std::io::{self, Cursor};
use std::num::NonZeroUsize;
use std::sync::Arc;

use absah_core::claims::{Claims, RecordState};
use absah_core::face::{Calibration, FaceTemplate, Profile, Scales};
use absah_core::policy::Policy;
use absah_core::trouble::Trouble;
use absah_registry::import::{
    Format, Identity, ImportError, ImportOptions, ImportSummary, Imported, People, PortraitEncoder,
    PortraitRefusal, RejectSink, Rejection, import, resumed,
};
use absah_registry::local::{
    Enrolment, LocalRegistry, LocalRegistryError, ReembedOptions, Reembedded, Stats, Upserted,
};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};

use crate::conformance::{BUDI, DECEASED, MODEL, SITI, face, nik, record, scales, tenant};
use crate::homes::{Home, Tampering, is_wrong_key};

const ACTIVE: RecordState = RecordState::Active;

macro_rules! every_database {
    ($($case:ident),+ $(,)?) => {
        mod in_sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case(crate::homes::Home::sqlite()).await;
            })+
        }

        mod in_postgres {
            $(#[tokio::test]
            async fn $case() {
                super::$case(crate::homes::Home::postgres()).await;
            })+
        }
    };
}

every_database! {
    putting_in_again_replaces_the_record_and_the_templates_given,
    models_stand_side_by_side,
    what_one_process_writes_another_sees_at_once,
    thousands_go_in_at_once_and_all_or_none,
    two_who_write_the_same_people_at_once_lose_none,
    another_master_key_is_refused_at_the_start,
    a_row_that_was_moved_or_changed_is_no_verdict,
    nothing_on_disk_tells_a_nik_or_a_name,
    every_record_is_gone_through_once,
    a_model_is_dropped_and_no_other,
    templates_of_another_model_are_made_of_kept_pictures,
    an_import_that_was_broken_off_goes_on,
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

async fn putting_in_again_replaces_the_record_and_the_templates_given(home: Home) {
    let registry = home.open().await;
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

async fn models_stand_side_by_side(home: Home) {
    let first = home.open().await;
    let templates = vec![face(MODEL, 0.0), face("model-2", 90.0)];
    first.put(record(SITI, "SITI NURHALIZA", ACTIVE), templates).await.expect("put");
    let second = home.opened(7, other_model()).await.expect("opened");
    assert_eq!(score(&first, SITI, MODEL).await, Some(100.0));
    assert_eq!(score(&second, SITI, "model-2").await, Some(50.0));
    assert_eq!(score(&second, SITI, MODEL).await, None, "a probe of another model is not compared");
}

async fn what_one_process_writes_another_sees_at_once(home: Home) {
    let (server, command) = (home.open().await, home.open().await);
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

async fn thousands_go_in_at_once_and_all_or_none(home: Home) {
    let registry = home.open().await;
    let mut people: Vec<_> = (0..3000).map(|number| resident(number, "SITI")).collect();
    people.push(resident(0, "SITI AGAIN"));
    let done = registry.put_all(&people).await.expect("put");
    assert_eq!(done, Upserted { inserted: 3000, updated: 1 });
    let too_long = resident(5000, &"A".repeat(70_000));
    let refused = registry.put_all(&[resident(4000, "BUDI"), too_long]).await;
    assert!(matches!(refused, Err(LocalRegistryError::TooLong)), "{refused:?}");
    assert_eq!(registry.stats().await.expect("counted").records, 3000);
}

async fn another_master_key_is_refused_at_the_start(home: Home) {
    drop(home.open().await);
    let refused = home.opened(8, scales()).await.err().expect("refused");
    assert!(is_wrong_key(&refused), "{refused:?}");
    assert!(refused.to_string().contains("another master key"), "{refused}");
}

async fn a_row_that_was_moved_or_changed_is_no_verdict(home: Home) {
    let registry = home.open().await;
    for how in [Tampering::Moved, Tampering::Changed, Tampering::Emptied] {
        for number in [SITI, BUDI] {
            registry.put(record(number, "SITI NURHALIZA", ACTIVE), vec![]).await.expect("put");
        }
        home.tamper(how).await;
        let mut troubles = 0;
        for number in [SITI, BUDI] {
            let claims = Claims::of(nik(number));
            match registry.verify_claims(&tenant(), &claims, &Policy::default()).await {
                Err(Trouble::Setup { .. }) => troubles += 1,
                other => assert!(other.is_ok(), "{how:?}: {other:?}"),
            }
        }
        assert_eq!(troubles, if how == Tampering::Moved { 1 } else { 2 }, "{how:?}");
    }
}

async fn nothing_on_disk_tells_a_nik_or_a_name(home: Home) {
    let registry = home.open().await;
    registry.put(record(SITI, "SITI NURHALIZA", ACTIVE), vec![face(MODEL, 33.0)]).await.expect("put");
    let features: Vec<u8> = face(MODEL, 33.0).features().iter().flat_map(|x| x.to_le_bytes()).collect();
    assert!(home.holds(MODEL.as_bytes()).await, "the search finds what is there");
    for needle in [SITI.as_bytes(), b"SITI NURHALIZA", b"NURHALIZA", b"1987-12-10", &features] {
        assert!(!home.holds(needle).await, "{needle:?}");
    }
}

/// Residents with numbers of their own.
fn resident(number: u64, name: &str) -> Enrolment {
    Enrolment::new(record(&(3_217_061_012_870_000 + number).to_string(), name, ACTIVE), vec![])
}

async fn two_who_write_the_same_people_at_once_lose_none(home: Home) {
    let (first, second) = (home.open().await, home.open().await);
    let forth: Vec<_> = (0..2000).map(|number| resident(number, "SITI")).collect();
    let back: Vec<_> = (500..2500).rev().map(|number| resident(number, "BUDI")).collect();
    for round in 0..3 {
        let (one, other) = tokio::join!(first.put_all(&forth), second.put_all(&back));
        let (one, other) = (one.expect("put"), other.expect("put"));
        assert_eq!(one.inserted + other.inserted, if round == 0 { 2500 } else { 0 });
        assert_eq!(one.inserted + one.updated, 2000);
    }
    assert_eq!(first.stats().await.expect("counted").records, 2500);
}

async fn every_record_is_gone_through_once(home: Home) {
    let registry = home.open().await;
    let people: Vec<_> = (0..2500).map(|number| resident(number, "SITI")).collect();
    registry.put_all(&people).await.expect("put");
    let (mut seen, mut told) = (BTreeSet::new(), 0);
    let all = registry.each_record(|record| {
        told += 1;
        seen.insert(record.nik.expose().to_owned());
        Ok::<_, LocalRegistryError>(())
    });
    all.await.expect("read");
    assert_eq!((told, seen.len()), (2500, 2500));
    let niks: Vec<_> = people.iter().take(1200).map(|person| person.record.nik.clone()).collect();
    assert_eq!(registry.remove_all(&niks).await.expect("removed"), 1200);
    assert_eq!(registry.stats().await.expect("counted").records, 1300);
}

async fn a_model_is_dropped_and_no_other(home: Home) {
    let registry = home.open().await;
    for number in [SITI, BUDI] {
        let templates = vec![face(MODEL, 0.0), face("model-2", 0.0)];
        registry.put(record(number, "SITI NURHALIZA", ACTIVE), templates).await.expect("put");
    }
    assert_eq!(registry.drop_model("model-2").await.expect("dropped"), 2);
    assert_eq!(registry.drop_model("model-2").await.expect("dropped"), 0);
    let Stats { records, templates, bytes, .. } = registry.stats().await.expect("counted");
    assert_eq!((records, templates), (2, vec![(MODEL.to_owned(), 2)]));
    assert!(bytes > 0);
}

/// Finds a face in every picture but an empty one.
struct AnyFace(&'static str);

impl PortraitEncoder for AnyFace {
    fn encode(&self, picture: &[u8]) -> Result<FaceTemplate, PortraitRefusal> {
        if picture.is_empty() { Err(PortraitRefusal::NoFace) } else { Ok(face(self.0, 90.0)) }
    }
}

fn other_model() -> Scales {
    Scales::new(Calibration::new("model-2".into(), vec![(-1.0, 0.0), (1.0, 100.0)]).expect("monotone"))
}

async fn templates_of_another_model_are_made_of_kept_pictures(home: Home) {
    let registry = home.open().await;
    let pictures: [(&str, Option<&[u8]>); 3] = [(SITI, Some(b"a face")), (BUDI, None), (DECEASED, Some(b""))];
    for (number, picture) in pictures {
        let mut person = Enrolment::new(record(number, "SITI NURHALIZA", ACTIVE), vec![face(MODEL, 0.0)]);
        person.picture = picture.map(|picture| picture.to_vec().into());
        registry.put_all(&[person]).await.expect("put");
    }
    let renewed = home.opened(7, other_model()).await.expect("opened");
    for (to_do, embedded) in [(2, 1), (1, 0)] {
        assert_eq!(renewed.count_to_reembed().await.expect("counted"), to_do);
        let options = ReembedOptions {
            encoder: Arc::new(AnyFace("model-2")),
            threads: NonZeroUsize::MIN,
            progress: &mut |_| {},
        };
        let done = renewed.reembed(options).await.expect("made");
        assert_eq!(done, Reembedded { embedded, rejected: 1, skipped: 0 });
    }
    assert_eq!(score(&renewed, SITI, "model-2").await, Some(50.0));
    assert_eq!(score(&registry, SITI, MODEL).await, Some(100.0), "the former templates stay");
    assert!(registry.remove(&nik(SITI)).await.expect("removed"));
    let Stats { templates, pictures, .. } = registry.stats().await.expect("counted");
    assert_eq!((templates, pictures), (vec![(MODEL.to_owned(), 2)], 1), "all that is hers has gone");
}

/// Takes no rejection, and fails from the second commit on where it is told to.
struct Sink {
    commits: u32,
    fails: bool,
}

impl RejectSink for Sink {
    fn tell(&mut self, _: &Rejection) -> io::Result<()> {
        Ok(())
    }

    fn sync(&mut self) -> io::Result<u64> {
        self.commits += 1;
        if self.fails && self.commits > 1 { Err(io::Error::other("the disk is full")) } else { Ok(0) }
    }

    fn rewind(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
}

/// Rows of a commit.
const COMMITTED_TOGETHER: usize = 16_384;

/// A file of more people than one commit takes.
pub fn large_file() -> Vec<u8> {
    let rows = (0..70_000).map(|number| format!("{},SITI\n", 3_217_061_012_000_000_u64 + number));
    std::iter::once("nik,name\n".to_owned()).chain(rows).collect::<String>().into_bytes()
}

/// Imports a file, or goes on with it where an earlier import of it was broken off.
pub async fn load(
    registry: &LocalRegistry,
    csv: &[u8],
    fails: bool,
    after_commit: &mut (dyn FnMut() + Send),
) -> Result<Imported, ImportError> {
    let identity = Identity { name: b"people.csv".to_vec(), content: csv[..100].to_vec() };
    let from = resumed(registry, &identity).await?;
    let options = ImportOptions {
        portraits: None,
        encoder: Arc::new(AnyFace(MODEL)),
        threads: NonZeroUsize::new(2).expect("not zero"),
        commit: COMMITTED_TOGETHER,
        keep_pictures: false,
        identity,
        progress: &mut |_, _| after_commit(),
        rejects: &mut Sink { commits: 0, fails },
    };
    let place = from.as_ref().map(|from| from.position());
    let people = People::text(Format::Csv, Cursor::new(csv.to_vec()), place)?;
    import(people, from, options, registry).await
}

async fn an_import_that_was_broken_off_goes_on(home: Home) {
    let (csv, registry) = (large_file(), home.open().await);
    let broken = load(&registry, &csv, true, &mut || {}).await;
    assert!(matches!(broken, Err(ImportError::Rejects(_))), "{broken:?}");
    let before = registry.stats().await.expect("counted").records;
    assert!((1..70_000).contains(&before), "{before}");
    let done = load(&home.open().await, &csv, false, &mut || {}).await.expect("imported");
    assert_eq!(done.summary, ImportSummary { read: 70_000, inserted: 70_000, updated: 0, rejected: 0 });
    assert_eq!(done.resumed_after, before);
    assert_eq!(registry.stats().await.expect("counted").records, 70_000);
    let again = load(&registry, &csv, false, &mut || {}).await.expect("imported");
    assert_eq!((again.resumed_after, again.summary.updated), (0, 70_000), "what is done is forgotten");
}

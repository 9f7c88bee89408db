//! Importing: what is taken, what is told to the reject sink, and what ends the load.

use std::fs::File;
use std::io::{self, Cursor};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use absah_core::birth_date::DateError;
use absah_core::claims::{Claims, RecordState};
use absah_core::face::{Calibration, FaceTemplate, Scales};
use absah_core::field::Field;
use absah_core::nik::NikError;
use absah_core::policy::Policy;
use absah_core::verdict::FieldVerdict;
use absah_registry::import::{
    Format, HeaderFault, Identity, ImportError, ImportOptions, ImportSummary, Imported, People,
    PortraitEncoder, PortraitRefusal, Position, Reason, RejectSink, Rejection, Resumed, import, resumed,
};
use absah_registry::local::{LocalRegistry, ReembedOptions, Reembedded};
use absah_registry::{ClaimsAnswer, PopulationRegistry};
use absah_seal::MasterKey;
use tempfile::TempDir;

use crate::conformance::{BUDI, MODEL, SITI, face, nik, scales, tenant};
use crate::parquet;

/// Reads the picture as a text that says what it shows.
struct Scripted;

impl PortraitEncoder for Scripted {
    fn encode(&self, picture: &[u8]) -> Result<FaceTemplate, PortraitRefusal> {
        match picture {
            b"a face" => Ok(face(MODEL, 0.0)),
            b"nobody" => Err(PortraitRefusal::NoFace),
            b"a couple" => Err(PortraitRefusal::SeveralFaces),
            b"a blur" => Err(PortraitRefusal::Unusable("too_blurred")),
            b"a broken model" => Err(PortraitRefusal::Failed("the model broke".into())),
            _ => Err(PortraitRefusal::Unreadable),
        }
    }
}

struct Home {
    keep_pictures: bool,
    dir: TempDir,
    registry: LocalRegistry,
}

impl Home {
    async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("registry.sqlite");
        let registry =
            LocalRegistry::open(&path, &MasterKey::from_bytes([7; 32]), scales()).await.expect("opened");
        let portraits = dir.path().join("portraits");
        std::fs::create_dir_all(portraits.join("more")).expect("made");
        for (name, shows) in [
            ("face.jpg", "a face"),
            ("more/face.jpg", "a face"),
            ("nobody.jpg", "nobody"),
            ("couple.jpg", "a couple"),
            ("blur.jpg", "a blur"),
            ("letter.jpg", "a letter"),
            ("broken.jpg", "a broken model"),
            ("../outside.jpg", "a face"),
        ] {
            std::fs::write(portraits.join(name), shows).expect("written");
        }
        std::os::unix::fs::symlink("../outside.jpg", portraits.join("link.jpg")).expect("linked");
        std::os::unix::fs::symlink("face.jpg", portraits.join("inner.jpg")).expect("linked");
        let large = std::fs::File::create(portraits.join("large.jpg")).expect("made");
        large.set_len((32 << 20) + 1).expect("grown");
        Self { keep_pictures: false, dir, registry }
    }

    /// The same registry, as a server with another model opens it.
    async fn with_another_model(&self) -> LocalRegistry {
        let scale = Calibration::new("model-2".into(), vec![(-1.0, 0.0), (1.0, 100.0)]).expect("monotone");
        let (path, key) = (self.dir.path().join("registry.sqlite"), MasterKey::from_bytes([7; 32]));
        LocalRegistry::open(&path, &key, Scales::new(scale)).await.expect("opened")
    }

    async fn import(&self, csv: &[u8]) -> (Result<ImportSummary, ImportError>, Vec<Rejection>) {
        self.import_from(csv, Some(&self.dir.path().join("portraits"))).await
    }

    async fn import_from(
        &self,
        csv: &[u8],
        portraits: Option<&Path>,
    ) -> (Result<ImportSummary, ImportError>, Vec<Rejection>) {
        let mut told = Told::default();
        let done = self.run(csv, portraits, None, &mut told).await;
        (done.map(|done| done.summary), told.0)
    }

    async fn run(
        &self,
        csv: &[u8],
        portraits: Option<&Path>,
        from: Option<Resumed>,
        rejects: &mut Told,
    ) -> Result<Imported, ImportError> {
        let place = from.as_ref().map(Resumed::position);
        let people = People::text(Format::Csv, Cursor::new(csv.to_vec()), place)?;
        self.load(people, identity(csv), portraits, from, rejects).await
    }

    async fn import_parquet(&self, bytes: &[u8]) -> Result<Imported, ImportError> {
        let path = self.dir.path().join("people.parquet");
        std::fs::write(&path, bytes).expect("written");
        let people = People::parquet(File::open(path).expect("opened"), None)?;
        self.load(people, identity(bytes), None, None, &mut Told::default()).await
    }

    async fn load(
        &self,
        people: People,
        identity: Identity,
        portraits: Option<&Path>,
        from: Option<Resumed>,
        rejects: &mut Told,
    ) -> Result<Imported, ImportError> {
        let options = ImportOptions {
            portraits: portraits.map(Path::to_owned),
            encoder: Arc::new(Scripted),
            threads: NonZeroUsize::new(3).expect("not zero"),
            commit: 256,
            keep_pictures: self.keep_pictures,
            identity,
            progress: &mut |_, _| {},
            rejects,
        };
        import(people, from, options, &self.registry).await
    }
}

fn identity(csv: &[u8]) -> Identity {
    Identity { name: b"people.csv".to_vec(), content: csv.iter().copied().take(100).collect() }
}

/// Rejections, each counted as one byte.
#[derive(Default)]
struct Told(Vec<Rejection>);

impl RejectSink for Told {
    fn tell(&mut self, rejection: &Rejection) -> io::Result<()> {
        self.0.push(*rejection);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }

    fn rewind(&mut self, length: u64) -> io::Result<()> {
        self.0.truncate(usize::try_from(length).map_err(io::Error::other)?);
        Ok(())
    }
}

fn summary(read: u64, inserted: u64, updated: u64, rejected: u64) -> ImportSummary {
    ImportSummary { read, inserted, updated, rejected }
}

#[tokio::test]
async fn what_is_imported_is_what_claims_are_compared_with() {
    let home = Home::new().await;
    let csv = format!(
        "\u{feff}NIK,name,date_of_birth,address,portrait,state\r\n\
         {SITI},SITI NURHALIZA,1987-12-10,\"JL. MAWAR NO. 5, BLOK A\",more/face.jpg,\r\n\
         {BUDI}, BUDI SANTOSO ,10-12-1987,,,deceased\r\n"
    );
    let (done, rejected) = home.import(csv.as_bytes()).await;
    assert_eq!((done.expect("imported"), rejected), (summary(2, 2, 0, 0), vec![]));
    let mut claims = Claims::of(nik(SITI));
    claims.demographics.set_text(Field::Name, "SITI NURHALIZA");
    claims.demographics.set_text(Field::Address, "JL. MAWAR NO. 5, BLOK A");
    claims.demographics.set_text(Field::City, "BANDUNG");
    claims.demographics.set_date_of_birth(jiff::civil::date(1987, 12, 10));
    let answer =
        home.registry.verify_claims(&tenant(), &claims, &Policy::default()).await.expect("a verdict");
    let ClaimsAnswer::Compared(findings) = answer else { panic!("{answer:?}") };
    let verdicts: Vec<_> = findings.iter().map(|(field, finding)| (field, finding.verdict)).collect();
    assert_eq!(
        verdicts,
        [
            (Field::Name, FieldVerdict::Match),
            (Field::DateOfBirth, FieldVerdict::Match),
            (Field::Address, FieldVerdict::Match),
            (Field::City, FieldVerdict::NotHeld),
        ]
    );
    let answer = home.registry.verify_claims(&tenant(), &Claims::of(nik(BUDI)), &Policy::default()).await;
    assert_eq!(answer, Ok(ClaimsAnswer::NotActive(RecordState::Deceased)));
    assert_eq!(home.registry.stats().await.expect("counted").templates, [(MODEL.to_owned(), 1)]);
}

#[tokio::test]
async fn a_bad_row_is_told_and_stops_nothing() {
    let long_value = "A".repeat(1025);
    let huge = "A".repeat(10 << 20);
    let rows: Vec<(String, Option<&str>, Reason)> = vec![
        ("12,X,,,".into(), Some("nik"), Reason::Nik(NikError::NotSixteenDigits)),
        (format!("0{},X,,,", &SITI[1..]), Some("nik"), Reason::Nik(NikError::LeadingZero)),
        (",X,,,".into(), Some("nik"), Reason::Nik(NikError::NotSixteenDigits)),
        (format!("{BUDI},X,31-02-1990,,"), Some("date_of_birth"), Reason::Date(DateError::NoSuchDay)),
        (format!("{BUDI},X,1990/02/01,,"), Some("date_of_birth"), Reason::Date(DateError::Form)),
        (format!("{BUDI},X,,123,"), Some("no_kk"), Reason::NoKk),
        (format!("{BUDI},X\0Y,,,"), Some("name"), Reason::ControlCharacter),
        (format!("{BUDI},\"X,,,"), None, Reason::Unterminated),
        (format!("{BUDI},{long_value},,,"), Some("name"), Reason::ValueTooLong),
        (format!("{BUDI},{huge},,,"), None, Reason::RowTooLong),
        (format!("{BUDI},X"), None, Reason::ColumnCount { expected: 5, found: 2 }),
        (format!("{BUDI},X,,,,,,"), None, Reason::ColumnCount { expected: 5, found: 8 }),
        (format!("{BUDI},X,,,absent.jpg"), Some("portrait"), Reason::PortraitMissing),
        (format!("{BUDI},X,,,nobody.jpg"), Some("portrait"), Reason::NoFace),
        (format!("{BUDI},X,,,couple.jpg"), Some("portrait"), Reason::SeveralFaces),
        (format!("{BUDI},X,,,blur.jpg"), Some("portrait"), Reason::PortraitUnusable("too_blurred")),
        (format!("{BUDI},X,,,letter.jpg"), Some("portrait"), Reason::PortraitUnreadable),
        (format!("{BUDI},X,,,large.jpg"), Some("portrait"), Reason::PortraitTooLarge),
        (format!("{BUDI},X,,,more"), Some("portrait"), Reason::PortraitUnreadable),
        (format!("{BUDI},X,,,../outside.jpg"), Some("portrait"), Reason::PortraitOutside),
        (format!("{BUDI},X,,,/etc/passwd"), Some("portrait"), Reason::PortraitOutside),
        (format!("{BUDI},X,,,more/../../outside.jpg"), Some("portrait"), Reason::PortraitOutside),
        (format!("{BUDI},X,,,link.jpg"), Some("portrait"), Reason::PortraitOutside),
    ];
    for (row, field, reason) in rows {
        let home = Home::new().await;
        let csv = format!("nik,name,date_of_birth,no_kk,portrait\n{row}\n{SITI},SITI,,,inner.jpg\n");
        let (done, rejected) = home.import(csv.as_bytes()).await;
        assert_eq!(rejected, [Rejection { line: 2, field, reason }]);
        assert_eq!(done.expect("imported"), summary(2, 1, 0, 1), "{reason:?}");
        assert_eq!(home.registry.stats().await.expect("counted").records, 1, "{reason:?}");
        let told = format!("{rejected:?} {reason}");
        assert!(!told.contains(BUDI) && !told.contains(SITI), "{told}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_reject_their_row_alone() {
    let home = Home::new().await;
    let mut csv = format!("nik,name\n{SITI},SITI\n{BUDI},BUDI ").into_bytes();
    csv.extend_from_slice(&[0xff, 0xfe, b'\n']);
    let (done, rejected) = home.import(csv.as_slice()).await;
    assert_eq!(done.expect("imported"), summary(2, 1, 0, 1));
    assert_eq!(rejected, [Rejection { line: 3, field: Some("name"), reason: Reason::NotUtf8 }]);
}

#[tokio::test]
async fn a_file_that_ends_in_mid_row_loses_that_row_alone() {
    for (end, reason) in [
        (BUDI.to_owned(), Reason::ColumnCount { expected: 2, found: 1 }),
        (format!("{BUDI},\"BUDI SAN"), Reason::Unterminated),
    ] {
        let home = Home::new().await;
        let (done, rejected) = home.import(format!("nik,name\n{SITI},SITI\n{end}").as_bytes()).await;
        assert_eq!(done.expect("imported"), summary(2, 1, 0, 1));
        assert_eq!(rejected, [Rejection { line: 3, field: None, reason }]);
    }
}

#[tokio::test]
async fn of_rows_with_the_same_nik_the_later_one_stays() {
    let home = Home::new().await;
    let csv = format!("nik,name\n{SITI},SITI\n{BUDI},BUDI\n{SITI},SITI NURHALIZA\n");
    let (done, _) = home.import(csv.as_bytes()).await;
    assert_eq!(done.expect("imported"), summary(3, 2, 1, 0));
    let mut claims = Claims::of(nik(SITI));
    claims.demographics.set_text(Field::Name, "SITI NURHALIZA");
    let answer =
        home.registry.verify_claims(&tenant(), &claims, &Policy::default()).await.expect("a verdict");
    let ClaimsAnswer::Compared(findings) = answer else { panic!("{answer:?}") };
    assert_eq!(findings.get(Field::Name).map(|finding| finding.similarity), Some(Some(100)));
}

#[tokio::test]
async fn of_rows_with_the_same_nik_the_portrait_stays_unless_a_later_one_has_its_own() {
    let home = Home { keep_pictures: true, ..Home::new().await };
    let csv = format!("nik,name,portrait\n{SITI},SITI,face.jpg\n{BUDI},BUDI,\n{SITI},SITI NURHALIZA,\n");
    let (done, _) = home.import(csv.as_bytes()).await;
    assert_eq!(done.expect("imported"), summary(3, 2, 1, 0));
    let stats = home.registry.stats().await.expect("counted");
    assert_eq!((stats.records, stats.templates, stats.pictures), (2, vec![(MODEL.to_owned(), 1)], 1));
}

#[tokio::test]
async fn an_empty_rt_or_rw_is_0_and_another_empty_value_is_not_held() {
    let home = Home::new().await;
    let csv = format!("nik,rt,rw,address\n{SITI},,-,\n");
    home.import(csv.as_bytes()).await.0.expect("imported");
    let mut claims = Claims::of(nik(SITI));
    claims.demographics.set_text(Field::Rt, "000");
    claims.demographics.set_text(Field::Rw, "0");
    claims.demographics.set_text(Field::Address, "JL. MAWAR NO. 5");
    let answer =
        home.registry.verify_claims(&tenant(), &claims, &Policy::default()).await.expect("a verdict");
    let ClaimsAnswer::Compared(findings) = answer else { panic!("{answer:?}") };
    let verdicts = [Field::Rt, Field::Rw, Field::Address]
        .map(|field| findings.get(field).map(|finding| finding.verdict));
    assert_eq!(verdicts, [FieldVerdict::Match, FieldVerdict::Match, FieldVerdict::NotHeld].map(Some));
    claims.demographics.set_text(Field::Rt, "002");
    let answer =
        home.registry.verify_claims(&tenant(), &claims, &Policy::default()).await.expect("a verdict");
    let ClaimsAnswer::Compared(findings) = answer else { panic!("{answer:?}") };
    assert_eq!(findings.get(Field::Rt).map(|finding| finding.verdict), Some(FieldVerdict::Mismatch));
}

#[tokio::test]
async fn a_record_that_is_not_active_is_taken_without_a_bad_portrait() {
    let rows = [
        ("deceased", Some(RecordState::Deceased)),
        ("duplicate", Some(RecordState::Duplicate)),
        ("inactive", Some(RecordState::Inactive)),
        ("active", None),
        ("", None),
    ];
    for (state, expected) in rows {
        let home = Home::new().await;
        home.import(format!("nik,portrait\n{SITI},face.jpg\n").as_bytes()).await.0.expect("imported");
        let csv = format!("nik,state,portrait\n{SITI},{state},nobody.jpg\n");
        let (done, rejected) = home.import(csv.as_bytes()).await;
        let taken = u64::from(expected.is_some());
        assert_eq!(done.expect("imported"), summary(1, 0, taken, 1 - taken), "{state}");
        assert_eq!(
            rejected,
            [Rejection { line: 2, field: Some("portrait"), reason: Reason::NoFace }],
            "{state}"
        );
        let answer = home.registry.verify_claims(&tenant(), &Claims::of(nik(SITI)), &Policy::default()).await;
        match expected {
            Some(state) => assert_eq!(answer, Ok(ClaimsAnswer::NotActive(state))),
            None => assert!(matches!(answer, Ok(ClaimsAnswer::Compared(_))), "{state}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_portrait_is_found_by_any_path_within_the_folder() {
    for path in ["face.jpg", "./face.jpg", "more/face.jpg", "./more/./face.jpg", "inner.jpg"] {
        let home = Home::new().await;
        let (done, rejected) = home.import(format!("nik,portrait\n{SITI},{path}\n").as_bytes()).await;
        assert_eq!((done.expect("imported"), rejected), (summary(1, 1, 0, 0), vec![]), "{path}");
        assert_eq!(home.registry.stats().await.expect("counted").templates, [(MODEL.to_owned(), 1)]);
    }
}

#[tokio::test]
async fn a_file_of_many_batches_is_taken_whole() {
    let home = Home::new().await;
    let rows: String = (0..1234u64)
        .map(|number| {
            format!(
                "{},SITI,{}\n",
                3_217_061_012_870_000 + number,
                if number % 7 == 0 { "face.jpg" } else { "" }
            )
        })
        .collect();
    let csv = format!("nik,name,portrait\n{rows}");
    let (done, _) = home.import(csv.as_bytes()).await;
    assert_eq!(done.expect("imported"), summary(1234, 1234, 0, 0));
    let (again, _) = home.import(csv.as_bytes()).await;
    assert_eq!(again.expect("imported"), summary(1234, 0, 1234, 0));
    let stats = home.registry.stats().await.expect("counted");
    assert_eq!((stats.records, stats.templates), (1234, vec![(MODEL.to_owned(), 177)]));
}

#[tokio::test]
async fn what_concerns_the_whole_file_ends_the_load() {
    let home = Home::new().await;
    for (csv, expected) in [
        ("", HeaderFault::Missing),
        ("name\nSITI\n", HeaderFault::NoNik),
        ("nik,religion\n", HeaderFault::Unknown(vec!["religion".to_owned()])),
        ("nik,nik\n", HeaderFault::Twice("nik")),
    ] {
        let (done, _) = home.import(csv.as_bytes()).await;
        let Err(ImportError::Header(fault)) = done else { panic!("{csv}: {done:?}") };
        assert_eq!(fault, expected);
    }
    let with_portraits = format!("nik,portrait\n{SITI},face.jpg\n");
    let (done, _) = home.import_from(with_portraits.as_bytes(), None).await;
    assert!(matches!(done, Err(ImportError::NoPortraitFolder)), "{done:?}");
    let (done, _) = home.import_from(with_portraits.as_bytes(), Some(Path::new("/nowhere"))).await;
    assert!(matches!(done, Err(ImportError::PortraitFolder(_))), "{done:?}");
    let broken = format!("nik,portrait\n{SITI},broken.jpg\n");
    let (done, _) = home.import(broken.as_bytes()).await;
    assert!(matches!(done, Err(ImportError::Encoder(_))), "{done:?}");
    assert_eq!(home.registry.stats().await.expect("counted").records, 0);
}

/// Three thousand rows, every seventh with a portrait and every hundredth of no use, one of them beyond the encoder.
fn long_file(broken: &str) -> String {
    let row = |number: u64| match number {
        2500 => format!("{},SITI,{broken}\n", 3_217_061_012_870_000 + number),
        _ if number.is_multiple_of(100) => "12,SITI,\n".to_owned(),
        _ if number.is_multiple_of(7) => format!("{},SITI,face.jpg\n", 3_217_061_012_870_000 + number),
        _ => format!("{},SITI,\n", 3_217_061_012_870_000 + number),
    };
    format!("nik,name,portrait\n{}", (0..3000).map(row).collect::<String>())
}

#[tokio::test]
async fn an_import_that_was_broken_off_goes_on_without_loss_or_duplicates() {
    let home = Home::new().await;
    let portraits = home.dir.path().join("portraits");
    let csv = long_file("broken.jpg");
    let mut told = Told::default();
    let broken = home.run(csv.as_bytes(), Some(&portraits), None, &mut told).await;
    assert!(matches!(broken, Err(ImportError::Encoder(_))), "{broken:?}");

    let other = Identity { content: b"another file".to_vec(), ..identity(csv.as_bytes()) };
    let refused = resumed(&home.registry, &other).await;
    assert!(matches!(refused, Err(ImportError::Changed)), "{refused:?}");

    std::fs::write(portraits.join("broken.jpg"), "a face").expect("mended");
    let from = resumed(&home.registry, &identity(csv.as_bytes())).await.expect("asked").expect("broken off");
    let records = home.registry.stats().await.expect("counted").records;
    let done = home.run(csv.as_bytes(), Some(&portraits), Some(from), &mut told).await.expect("done");
    assert_eq!(done.summary, summary(3000, 2971, 0, 29));
    assert!((2048..=2500).contains(&done.resumed_after), "{done:?}");
    assert!(records < 2500, "{records} were written before");
    let lines: Vec<_> = told.0.iter().map(|rejection| rejection.line).collect();
    let expected: Vec<_> =
        (0..3000).filter(|row| row % 100 == 0 && *row != 2500).map(|row| row + 2).collect();
    assert_eq!(lines, expected, "each row is told once");
    assert_eq!(home.registry.stats().await.expect("counted").records, 2971);
    let nothing = resumed(&home.registry, &identity(csv.as_bytes())).await.expect("asked");
    assert_eq!(nothing, None, "an import that is done leaves nothing to go on with");
}

#[tokio::test]
async fn a_kept_picture_gives_another_models_template() {
    let home = Home { keep_pictures: true, ..Home::new().await };
    let portraits = home.dir.path().join("portraits");
    let csv = format!("nik,name,portrait\n{SITI},SITI,face.jpg\n{BUDI},BUDI,\n");
    home.import_from(csv.as_bytes(), Some(&portraits)).await.0.expect("imported");

    let newer = home.with_another_model().await;
    assert_eq!(newer.count_to_reembed().await.expect("counted"), 1);
    for expected in [1, 0] {
        let done = newer.reembed(reembed(Arc::new(ScriptedSecond))).await.expect("done");
        assert_eq!(done, Reembedded { embedded: expected, rejected: 0, skipped: 0 });
    }
    let stats = newer.stats().await.expect("counted");
    assert_eq!(stats.templates, [(MODEL.to_owned(), 1), ("model-2".to_owned(), 1)]);
    assert_eq!(stats.pictures, 1);
    assert_eq!(newer.drop_model(MODEL).await.expect("dropped"), 1);
    assert_eq!(newer.stats().await.expect("counted").templates, [("model-2".to_owned(), 1)]);
}

#[tokio::test]
async fn a_files_portraits_give_another_models_templates() {
    let home = Home::new().await;
    let portraits = home.dir.path().join("portraits");
    let csv = format!("nik,portrait\n{SITI},face.jpg\n{BUDI},more/face.jpg\n");
    home.import(csv.as_bytes()).await.0.expect("imported");
    let newer = home.with_another_model().await;
    let again = format!("{csv}3217061012870077,face.jpg\n3217061012870078,\n{SITI},nobody.jpg\n");
    for (embedded, rejected, skipped) in [(2, 1, 1), (0, 0, 4)] {
        let people =
            People::text(Format::Csv, Cursor::new(again.clone().into_bytes()), None).expect("a header");
        let done =
            newer.reembed_from(people, &portraits, reembed(Arc::new(ScriptedSecond))).await.expect("done");
        assert_eq!(done, Reembedded { embedded, rejected, skipped });
    }
}

fn reembed(encoder: Arc<dyn PortraitEncoder>) -> ReembedOptions<'static> {
    fn quiet(_: &Reembedded) {}
    ReembedOptions { encoder, threads: NonZeroUsize::MIN, progress: Box::leak(Box::new(quiet)) }
}

/// As [`Scripted`], of another model.
struct ScriptedSecond;

impl PortraitEncoder for ScriptedSecond {
    fn encode(&self, picture: &[u8]) -> Result<FaceTemplate, PortraitRefusal> {
        Scripted.encode(picture).map(|_| face("model-2", 0.0))
    }
}

#[tokio::test]
async fn parquet_is_read_and_other_types_are_told() {
    let home = Home::new().await;
    let rows = parquet::people(&[
        (Some(SITI), Some(b"SITI NURHALIZA"), Some(6552), Some(2)),
        (Some(BUDI), None, None, None),
    ]);
    let done = home.import_parquet(&rows).await.expect("imported");
    assert_eq!(done.summary, summary(2, 2, 0, 0));
    let mut claims = Claims::of(nik(SITI));
    claims.demographics.set_text(Field::Name, "SITI NURHALIZA");
    claims.demographics.set_text(Field::Rt, "002");
    claims.demographics.set_date_of_birth(jiff::civil::date(1987, 12, 10));
    let answer =
        home.registry.verify_claims(&tenant(), &claims, &Policy::default()).await.expect("a verdict");
    let ClaimsAnswer::Compared(findings) = answer else { panic!("{answer:?}") };
    assert!(findings.iter().all(|(_, finding)| finding.verdict == FieldVerdict::Match), "{findings:?}");

    let wrong = home.import_parquet(&parquet::of_doubles()).await;
    let Err(ImportError::Header(fault)) = wrong else { panic!("{wrong:?}") };
    assert!(matches!(fault, HeaderFault::Type { column: "nik", .. }), "{fault}");
    let cut = &rows[..rows.len() / 2];
    assert!(matches!(home.import_parquet(cut).await, Err(ImportError::Read(_))));
    let mut changed = rows.clone();
    for byte in changed.iter_mut().take(rows.len() / 2).skip(4) {
        *byte = byte.wrapping_mul(31).wrapping_add(7);
    }
    assert!(matches!(home.import_parquet(&changed).await, Err(ImportError::Read(_))), "a broken page");
}

#[tokio::test]
async fn parquet_goes_on_where_it_was_and_a_text_that_is_none_rejects_its_row_alone() {
    let home = Home::new().await;
    let rows = parquet::people(&[
        (Some(SITI), Some(b"SITI"), None, None),
        (Some(BUDI), Some(b"BUDI \xff\xfe"), None, Some(-1)),
        (Some("3217061012870077"), None, None, None),
    ]);
    let path = home.dir.path().join("people.parquet");
    std::fs::write(&path, &rows).expect("written");
    for (rows_before, expected) in [(0, "ok, Some(\"name\"), ok"), (1, "Some(\"name\"), ok"), (3, "")] {
        let from = Position { offset: rows_before, line: rows_before + 1 };
        let people = People::parquet(File::open(&path).expect("opened"), Some(from)).expect("a header");
        assert_eq!(people.length(), Some(3));
        let told = people.map(|row| match row.expect("readable") {
            Ok(_) => "ok".to_owned(),
            Err(Rejection { field, reason, .. }) => {
                assert_eq!(reason, Reason::NotUtf8);
                format!("{field:?}")
            }
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), expected);
    }
    let broken = home.import_parquet(&rows[..rows.len() - 9]).await.expect_err("cut");
    assert!(!format!("{broken:?}").contains("SITI"), "{broken:?}");
}

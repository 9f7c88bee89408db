//! What every adapter of the registry has to do. An adapter under test is filled with [`RESIDENTS`] first.

use absah_core::claims::{Claims, Demographics, Record, RecordState};
use absah_core::face::{Calibration, FaceTemplate, Profile, Scales};
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::verdict::FieldVerdict;
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use jiff::civil::date;

pub const SITI: &str = "3217061012870001";
pub const BUDI: &str = "3217061012870002";
pub const DECEASED: &str = "3217061012870003";
pub const DUPLICATE: &str = "3217061012870004";
pub const INACTIVE: &str = "3217061012870005";
pub const UNKNOWN: &str = "3217061012870099";

pub const RESIDENTS: [(&str, &str, RecordState); 5] = [
    (SITI, "SITI NURHALIZA", RecordState::Active),
    (BUDI, "BUDI SANTOSO", RecordState::Active),
    (DECEASED, "ASEP SUPRIYADI", RecordState::Deceased),
    (DUPLICATE, "DEWI LESTARI", RecordState::Duplicate),
    (INACTIVE, "AGUS WIBOWO", RecordState::Inactive),
];

pub const MODEL: &str = "model-1";

pub fn nik(text: &str) -> Nik {
    Nik::parse(text).expect("a NIK")
}

pub fn tenant() -> TenantId {
    TenantId::parse("bank").expect("a tenant")
}

/// Cosine -1 to 1 told as 0 to 100.
pub fn scales() -> Scales {
    Scales::new(Calibration::new(MODEL.into(), vec![(-1.0, 0.0), (1.0, 100.0)]).expect("monotone"))
}

/// A face at an angle: faces `a` and `b` have the cosine of the difference.
pub fn face(model: &str, degrees: f32) -> FaceTemplate {
    let angle = degrees.to_radians();
    FaceTemplate::new(model.into(), vec![angle.cos(), angle.sin()]).expect("of unit length")
}

/// The picture of a face, for adapters that compare pictures: whoever reads it learns model and angle.
pub fn picture(model: &str, degrees: f32) -> Vec<u8> {
    format!("{model} {degrees}").into_bytes()
}

/// Model and angle of a picture.
pub fn pictured(picture: &[u8]) -> Option<(&str, f32)> {
    let (model, degrees) = std::str::from_utf8(picture).ok()?.split_once(' ')?;
    Some((model, degrees.parse().ok()?))
}

pub fn record(number: &str, name: &str, state: RecordState) -> Record {
    let mut demographics = Demographics::default();
    demographics.set_text(Field::Name, name);
    demographics.set_date_of_birth(date(1987, 12, 10));
    demographics.set_text(Field::Rt, "002");
    Record { nik: nik(number), demographics, state }
}

/// All residents; each but Budi with a portrait at 0 degrees.
pub fn residents() -> Vec<(Record, Option<FaceTemplate>)> {
    RESIDENTS
        .iter()
        .map(|&(number, name, state)| {
            (record(number, name, state), (number != BUDI).then(|| face(MODEL, 0.0)))
        })
        .collect()
}

fn claims(number: &str, texts: &[(Field, &str)]) -> Claims {
    let mut claims = Claims::of(nik(number));
    for (field, text) in texts {
        claims.demographics.set_text(*field, *text);
    }
    claims
}

async fn verify(registry: &impl PopulationRegistry, claims: &Claims) -> ClaimsAnswer {
    registry.verify_claims(&tenant(), claims, &Policy::default()).await.expect("a verdict")
}

pub async fn every_claimed_field_and_no_other_gets_a_verdict(registry: &impl PopulationRegistry) {
    let mut asked =
        claims(SITI, &[(Field::Name, "Siti Nurhaliza"), (Field::Rt, "3"), (Field::City, "BANDUNG")]);
    asked.demographics.set_date_of_birth(date(1987, 12, 10));
    let ClaimsAnswer::Compared(findings) = verify(registry, &asked).await else { panic!("not compared") };
    let verdicts: Vec<_> = findings.iter().map(|(field, finding)| (field, finding.verdict)).collect();
    assert_eq!(
        verdicts,
        [
            (Field::Name, FieldVerdict::Match),
            (Field::DateOfBirth, FieldVerdict::Match),
            (Field::City, FieldVerdict::NotHeld),
            (Field::Rt, FieldVerdict::Mismatch),
        ]
    );
}

pub async fn a_record_is_found_by_its_number_alone(registry: &impl PopulationRegistry) {
    let answer = verify(registry, &claims(UNKNOWN, &[(Field::Name, "SITI NURHALIZA")])).await;
    assert_eq!(answer, ClaimsAnswer::NotFound);
    let ClaimsAnswer::Compared(findings) = verify(registry, &claims(BUDI, &[])).await else {
        panic!("not compared");
    };
    assert!(findings.is_empty());
}

pub async fn no_element_of_a_record_not_in_use_is_compared(registry: &impl PopulationRegistry) {
    for (number, name, state) in RESIDENTS {
        let answer = verify(registry, &claims(number, &[(Field::Name, name)])).await;
        match state {
            RecordState::Active => assert!(matches!(answer, ClaimsAnswer::Compared(_)), "{answer:?}"),
            other => assert_eq!(answer, ClaimsAnswer::NotActive(other)),
        }
        let (template, picture) = (face(MODEL, 0.0), picture(MODEL, 0.0));
        let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: &picture };
        let answer = registry.verify_face(&tenant(), &nik(number), &probe, 50.0).await.expect("a verdict");
        let comparable = number == SITI;
        assert_eq!(matches!(answer, FaceAnswer::Compared { .. }), comparable, "{state:?}: {answer:?}");
    }
}

pub async fn a_face_is_decided_on_the_rounded_score(registry: &impl PopulationRegistry) {
    // The score is 50 (1 + cos a): 60 degrees tell 75.0, 60.03 degrees 74.977.., which rounds to 75.0.
    for (degrees, threshold, score, matched) in [
        (0.0, 100.0, 100.0, true),
        (60.0, 75.0, 75.0, true),
        (60.03, 75.0, 75.0, true),
        (60.2, 75.0, 74.8, false),
        (180.0, 0.0, 0.0, true),
        (180.0, 0.1, 0.0, false),
    ] {
        let (template, picture) = (face(MODEL, degrees), picture(MODEL, degrees));
        let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: &picture };
        let answer = registry.verify_face(&tenant(), &nik(SITI), &probe, threshold).await.expect("a verdict");
        let FaceAnswer::Compared { matched: told, raw, score: at, threshold: applied } = answer else {
            panic!("{answer:?}");
        };
        assert_eq!((told, at, applied), (matched, score, threshold), "{degrees} degrees");
        assert!((raw - f64::from(degrees.to_radians().cos())).abs() < 1e-5);
    }
}

pub async fn without_a_reference_of_the_same_model_nothing_is_compared(registry: &impl PopulationRegistry) {
    for (number, model) in [(BUDI, MODEL), (UNKNOWN, MODEL), (SITI, "model-2")] {
        let (template, picture) = (face(model, 0.0), picture(model, 0.0));
        let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: &picture };
        let answer = registry.verify_face(&tenant(), &nik(number), &probe, 0.0).await.expect("a verdict");
        // A source that compares pictures has no model in common with anybody: to it the picture is unusable.
        let told: &[FaceAnswer] = if model == MODEL {
            &[FaceAnswer::NoReference]
        } else {
            &[FaceAnswer::NoReference, FaceAnswer::Unusable]
        };
        assert!(told.contains(&answer), "{number} {model}: {answer:?}");
    }
}

pub async fn it_says_that_it_can_answer(registry: &impl PopulationRegistry) {
    assert_eq!(registry.ready().await, Ok(()));
}

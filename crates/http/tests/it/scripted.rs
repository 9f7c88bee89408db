//! Outside sources that do what the request's own content tells them to.

use std::sync::Arc;

use absah_core::assessment::{PictureFault, PictureRole, QualityFault, QualityFinding, reason};
use absah_core::claims::{Claims, RecordState};
use absah_core::face::{FaceTemplate, Profile};
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::policy::{Action, Policy};
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_core::verdict::{FieldFinding, FieldVerdict};
use absah_engine::{
    AdmittedPictures, Biometrics, BiometricsError, CardFinding, CardText, PictureInput, SelfieFinding,
};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use absah_vision::card::Quad;
use absah_vision::picture::Picture;
use async_trait::async_trait;
use jiff::civil::date;

/// Scores of the same face and of another one.
const SAME_SCORE: f64 = 92.4;
const OTHER_SCORE: f64 = 31.7;

/// A registry whose people are told apart by the last two digits of the NIK.
pub struct ScriptedRegistry;

fn script(nik: &Nik) -> &str {
    nik.expose().get(14..).unwrap_or_default()
}

fn trouble(nik: &Nik) -> Option<Trouble> {
    let code = || "X1".to_owned();
    Some(match script(nik) {
        "11" => Trouble::Unavailable,
        "12" => Trouble::Timeout,
        "13" => Trouble::RateLimited,
        "14" => Trouble::OutOfQuota,
        "15" => Trouble::Setup { code: code() },
        "16" => Trouble::QueryFailed { code: code() },
        "17" => Trouble::BadAnswer,
        _ => return None,
    })
}

/// Everybody is Asep Supriyadi, born on the sixth of July 1990 in Bandung; no address is held.
fn compare(claims: &Claims, field: Field) -> FieldVerdict {
    let held = match field {
        Field::DateOfBirth => return verdict(claims.demographics.date_of_birth() == Some(date(1990, 7, 6))),
        Field::Address => return FieldVerdict::NotHeld,
        Field::Name => "ASEP SUPRIYADI",
        Field::PlaceOfBirth | Field::City => "BANDUNG",
        Field::Rt | Field::Rw => "002",
        _ => "HELD",
    };
    verdict(claims.demographics.text(field) == Some(held))
}

fn verdict(same: bool) -> FieldVerdict {
    if same { FieldVerdict::Match } else { FieldVerdict::Mismatch }
}

#[async_trait]
impl PopulationRegistry for ScriptedRegistry {
    async fn verify_claims(
        &self,
        _: &TenantId,
        claims: &Claims,
        _: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        if let Some(trouble) = trouble(&claims.nik) {
            return Err(trouble);
        }
        Ok(match script(&claims.nik) {
            "18" => std::future::pending().await,
            "03" => ClaimsAnswer::NotActive(RecordState::Deceased),
            "04" => ClaimsAnswer::NotActive(RecordState::Duplicate),
            "05" => ClaimsAnswer::NotActive(RecordState::Inactive),
            "01" | "02" | "06" => {
                let finding = |field| {
                    let verdict = compare(claims, field);
                    (field, FieldFinding { verdict, similarity: None, threshold: None, rule: None })
                };
                ClaimsAnswer::Compared(claims.demographics.fields().map(finding).collect())
            }
            "99" => panic!("a fault of the program"),
            _ => ClaimsAnswer::NotFound,
        })
    }

    async fn verify_face(
        &self,
        _: &TenantId,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        Ok(match script(nik) {
            "02" => FaceAnswer::NoReference,
            "06" => FaceAnswer::Unusable,
            _ => {
                let score = score(probe.template, &template(SAME));
                FaceAnswer::Compared { matched: score >= threshold, raw: score, score, threshold }
            }
        })
    }

    async fn ready(&self) -> Result<(), Trouble> {
        Ok(())
    }
}

const SAME: &str = "same";

fn template(face: &str) -> FaceTemplate {
    let features = if face == SAME { vec![1.0, 0.0] } else { vec![0.0, 1.0] };
    FaceTemplate::new("scripted".into(), features).expect("features of some length")
}

fn score(probe: &FaceTemplate, reference: &FaceTemplate) -> f64 {
    if probe == reference { SAME_SCORE } else { OTHER_SCORE }
}

/// Pictures are words that say what they show; the first pixel is the word's place in this list.
const WORDS: [&str; 14] = [
    SAME,
    "other",
    "no face",
    "several faces",
    "small face",
    "blurred",
    "attack",
    "broken model",
    "dark",
    "head turned",
    "mask",
    "sunglasses",
    "no portrait",
    "other number",
];

/// Biometrics that believe what a picture says of itself.
pub struct ScriptedBiometrics;

fn admit(input: Option<&PictureInput>, role: PictureRole) -> Result<Option<Arc<Picture>>, BiometricsError> {
    let Some(PictureInput { bytes, bounds }) = input else { return Ok(None) };
    let refused = |fault| Err(BiometricsError::Refused(role, fault));
    if bytes.len() > bounds.max_bytes {
        return refused(PictureFault::TooLarge { bytes: bytes.len(), bound: bounds.max_bytes });
    }
    let word = std::str::from_utf8(bytes).unwrap_or_default();
    match word {
        "too few bytes" => refused(PictureFault::TooSmall),
        "wrong sides" => refused(PictureFault::Dimensions),
        "busy" => Err(BiometricsError::Busy),
        _ => match WORDS.iter().position(|known| *known == word) {
            Some(place) => {
                let pixel = vec![u8::try_from(place).expect("few words"), 0, 0];
                Ok(Picture::new(1, 1, pixel).map(Arc::new))
            }
            None => refused(PictureFault::Unreadable),
        },
    }
}

fn word(picture: &Picture) -> &'static str {
    WORDS[usize::from(picture.rgb()[0])]
}

fn failed() -> BiometricsError {
    BiometricsError::Failed(Box::new(std::io::Error::other("scripted")))
}

#[async_trait]
impl Biometrics for ScriptedBiometrics {
    async fn admit(
        &self,
        selfie: Option<&PictureInput>,
        card: Option<&PictureInput>,
    ) -> Result<AdmittedPictures, BiometricsError> {
        Ok(AdmittedPictures {
            selfie: admit(selfie, PictureRole::Selfie)?,
            card: admit(card, PictureRole::Card)?,
            room: None,
        })
    }

    async fn examine_selfie(
        &self,
        selfie: Arc<Picture>,
        _: &Policy,
    ) -> Result<SelfieFinding, BiometricsError> {
        let doubtful = |fault| {
            let finding = QualityFinding { fault, measured: 1.0, bound: 2.0, action: Action::Reject };
            SelfieFinding::Face { quality: vec![finding], liveness: None, template: None }
        };
        Ok(match word(&selfie) {
            "no face" => SelfieFinding::NoFace,
            "several faces" => doubtful(QualityFault::SeveralFaces),
            "small face" => doubtful(QualityFault::TooSmall),
            "blurred" => doubtful(QualityFault::TooBlurred),
            "dark" => doubtful(QualityFault::TooDark),
            "head turned" => doubtful(QualityFault::HeadTurned),
            "mask" => doubtful(QualityFault::MouthCovered),
            "sunglasses" => doubtful(QualityFault::EyesCovered),
            "attack" => SelfieFinding::Face { quality: Vec::new(), liveness: Some(3.0), template: None },
            "broken model" => return Err(failed()),
            face => SelfieFinding::Face {
                quality: Vec::new(),
                liveness: Some(97.0),
                template: Some(template(face)),
            },
        })
    }

    async fn examine_card(
        &self,
        card: Arc<Picture>,
        _: Option<Quad>,
        _: &Policy,
    ) -> Result<CardFinding, BiometricsError> {
        Ok(match word(&card) {
            "no face" | "no portrait" => CardFinding::Unusable(reason::NO_FACE),
            "small face" => CardFinding::Unusable(reason::TOO_SMALL),
            "broken model" => return Err(failed()),
            "other number" => CardFinding::Portrait(template(SAME)),
            face => CardFinding::Portrait(template(face)),
        })
    }

    async fn read_card(&self, card: Arc<Picture>, _: &Policy) -> Result<CardText, BiometricsError> {
        let word = word(&card);
        let nik = (word == "other number").then(|| Nik::parse("3217061012870099").expect("a number"));
        Ok(CardText { is_card: word != "no face", nik, ..CardText::default() })
    }

    fn compare(&self, _profile: Profile, probe: &FaceTemplate, reference: &FaceTemplate) -> Option<f64> {
        Some(score(probe, reference))
    }
}

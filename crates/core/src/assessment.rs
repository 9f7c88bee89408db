//! What a verification came to. Knows nothing of wire formats.

use crate::claims::RecordState;
use crate::field::Field;
use crate::policy::Action;
use crate::trouble::Trouble;

/// One check of an assessment, as the evidence holds it: no personal data.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What was checked.
    pub name: CheckName,
    /// What it came to.
    pub verdict: Verdict,
    /// The score reached, 0 to 100, where the check is scored; for quality, what was measured, in the measure's own unit.
    pub score: Option<f64>,
    /// The score that had to be reached; for quality, the bound.
    pub threshold: Option<f64>,
    /// Why: a reason code, or the rule that decided.
    pub reason: Option<&'static str>,
}

/// What can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckName {
    /// Whether the registry knows the number and may use its record.
    Nik,
    /// Whether the selfie can be compared at all.
    Quality,
    /// Whether the card's portrait can be compared without doubt.
    CardQuality,
    /// Whether a living person was in front of the camera.
    Liveness,
    /// A demographic field.
    Field(Field),
    /// The selfie against the reference portrait.
    Face,
    /// The card's portrait against the reference.
    Card,
    /// Whether the picture shows an identity card.
    CardFound,
    /// The number printed on the card against the claimed one.
    CardNik,
    /// A field printed on the card against the claim.
    CardField(Field),
    /// The phone number belongs to no other NIK.
    Phone,
    /// The email address belongs to no other NIK.
    Email,
}

impl CheckName {
    /// The check's name in evidence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Nik => "nik",
            Self::Quality => "quality",
            Self::CardQuality => "card_quality",
            Self::Liveness => "liveness",
            Self::Field(field) => field.key(),
            Self::Face => "face",
            Self::Card => "card",
            Self::CardFound => "card_found",
            Self::CardNik => "card_nik",
            Self::CardField(field) => on_card(field),
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }
}

/// The name in evidence of a field as the card prints it.
const fn on_card(field: Field) -> &'static str {
    match field {
        Field::Name => "card_name",
        Field::DateOfBirth => "card_date_of_birth",
        Field::NoKk => "card_no_kk",
        Field::MotherMaidenName => "card_mother_maiden_name",
        Field::PlaceOfBirth => "card_place_of_birth",
        Field::Address => "card_address",
        Field::Gender => "card_gender",
        Field::MaritalStatus => "card_marital_status",
        Field::JobType => "card_job_type",
        Field::Province => "card_province",
        Field::City => "card_city",
        Field::District => "card_district",
        Field::Subdistrict => "card_subdistrict",
        Field::Rt => "card_rt",
        Field::Rw => "card_rw",
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// In order.
    Pass,
    /// Not in order, and the policy counts it.
    Fail,
    /// Not in order, and the policy only notes it.
    Flagged,
    /// Nothing to compare with: not held, no reference, no usable portrait.
    Unknown,
}

impl Verdict {
    /// The verdict's name in evidence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Flagged => "flagged",
            Self::Unknown => "unknown",
        }
    }
}

/// Reason codes that dialects and evidence share.
pub mod reason {
    /// The picture shows no face.
    pub const NO_FACE: &str = "no_face";
    /// The picture shows several faces of like size.
    pub const SEVERAL_FACES: &str = "several_faces";
    /// The face has too few pixels.
    pub const TOO_SMALL: &str = "too_small";
    /// The face is too blurred.
    pub const TOO_BLURRED: &str = "too_blurred";
    /// The picture's border cuts the face off.
    pub const CUT_OFF: &str = "cut_off";
    /// Too much of the face is too dark.
    pub const TOO_DARK: &str = "too_dark";
    /// Too much of the face is too bright.
    pub const TOO_BRIGHT: &str = "too_bright";
    /// The face makes use of too few levels of brightness.
    pub const LOW_CONTRAST: &str = "low_contrast";
    /// The head is turned to the side, bowed or thrown back too far.
    pub const HEAD_TURNED: &str = "head_turned";
    /// Mouth and nose are covered.
    pub const MOUTH_COVERED: &str = "mouth_covered";
    /// The eyes are covered, as by sunglasses.
    pub const EYES_COVERED: &str = "eyes_covered";
    /// Both eyes are closed.
    pub const EYES_CLOSED: &str = "eyes_closed";
    /// There are other, smaller faces.
    pub const BACKGROUND_FACES: &str = "background_faces";
    /// A presentation attack was found.
    pub const PRESENTATION_ATTACK: &str = "presentation_attack";
    /// Whether a living person was presented could not be told.
    pub const PRESENTATION_UNCERTAIN: &str = "presentation_uncertain";
    /// The score is below the threshold.
    pub const BELOW_THRESHOLD: &str = "below_threshold";
    /// The asked threshold was below the credential's floor, so the floor was applied.
    pub const FLOOR_APPLIED: &str = "floor_applied";
    /// The picture shows no identity card.
    pub const NOT_A_CARD: &str = "not_a_card";
    /// The card's text could not be read with confidence.
    pub const NOT_READ: &str = "not_read";
    /// What the card prints is another number than the claimed one.
    pub const OTHER_NUMBER: &str = "other_number";
    /// The registry holds no portrait.
    pub const NO_REFERENCE: &str = "no_reference";
    /// The comparison used the selfie, since the registry holds no portrait.
    pub const COMPARED_WITH_SELFIE: &str = "compared_with_selfie";
    /// The comparison used the card's portrait, since the registry holds none.
    pub const COMPARED_WITH_CARD: &str = "compared_with_card";
    /// The registry's face service could not use the picture.
    pub const PHOTO_UNUSABLE: &str = "photo_unusable";
    /// The registry does not know the number.
    pub const NOT_FOUND: &str = "not_found";
    /// The record does not hold the field.
    pub const NOT_HELD: &str = "not_held";
    /// Another NIK uses this contact.
    pub const USED_BY_ANOTHER_NIK: &str = "used_by_another_nik";
}

/// Which of the two pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureRole {
    /// The picture of the person.
    Selfie,
    /// The picture of the identity card.
    Card,
}

/// Why a picture was not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFault {
    /// More bytes than the bound.
    TooLarge {
        /// Bytes received.
        bytes: usize,
        /// Bytes allowed.
        bound: usize,
    },
    /// Fewer bytes than the bound.
    TooSmall,
    /// Sides outside the bounds, or more pixels than the bound.
    Dimensions,
    /// Not a picture of the accepted formats, or a broken one.
    Unreadable,
}

/// How an assessment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that was asked for is in order.
    Verified,
    /// The person is verified; a contact is used by another NIK.
    VerifiedWithReason,
    /// At least one check failed.
    NotVerified,
    /// The registry does not know the number.
    NikNotFound,
    /// The registry's record may not be used.
    RecordNotActive(RecordState),
    /// The liveness check refused the selfie; nothing else was checked.
    LivenessFailed,
    /// The quality gate refused the selfie; nothing else was checked.
    QualityRefused(QualityFault),
    /// The selfie shows no face; nothing else was checked.
    NoFace,
    /// The card was found, and its portrait shows no face.
    NoFaceOnCard,
    /// A picture was not admitted; nothing was checked.
    PictureRefused {
        /// Which picture.
        picture: PictureRole,
        /// Why.
        fault: PictureFault,
    },
    /// The registry gave no verdict.
    Trouble(Trouble),
    /// The request was refused before any check.
    Refused(Refusal),
    /// The caller went away before the checks were done; nobody was answered.
    Abandoned,
    /// The server itself failed.
    Internal,
}

/// Why a face should not be compared although it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QualityFault {
    /// Another face is of like size.
    SeveralFaces,
    /// The face has too few pixels.
    TooSmall,
    /// The picture's border cuts the face off.
    CutOff,
    /// The face is too blurred.
    TooBlurred,
    /// Too much of the face is too dark.
    TooDark,
    /// Too much of the face is too bright.
    TooBright,
    /// The face makes use of too few levels of brightness.
    LowContrast,
    /// The head is turned to the side, bowed or thrown back too far.
    HeadTurned,
    /// Mouth and nose are covered.
    MouthCovered,
    /// The eyes are covered.
    EyesCovered,
    /// Both eyes are closed.
    EyesClosed,
    /// There are other, smaller faces.
    BackgroundFaces,
}

/// A measure of quality beyond its bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityFinding {
    /// What is wrong.
    pub fault: QualityFault,
    /// What was measured, in the measure's own unit.
    pub measured: f64,
    /// The bound it is beyond.
    pub bound: f64,
    /// What it does.
    pub action: Action,
}

impl QualityFault {
    /// The reason code, which is the outcome's code too.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SeveralFaces => reason::SEVERAL_FACES,
            Self::TooSmall => reason::TOO_SMALL,
            Self::CutOff => reason::CUT_OFF,
            Self::TooBlurred => reason::TOO_BLURRED,
            Self::TooDark => reason::TOO_DARK,
            Self::TooBright => reason::TOO_BRIGHT,
            Self::LowContrast => reason::LOW_CONTRAST,
            Self::HeadTurned => reason::HEAD_TURNED,
            Self::MouthCovered => reason::MOUTH_COVERED,
            Self::EyesCovered => reason::EYES_COVERED,
            Self::EyesClosed => reason::EYES_CLOSED,
            Self::BackgroundFaces => reason::BACKGROUND_FACES,
        }
    }
}

/// Why an authenticated request was refused before any check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The request does not have the form the dialect asks for.
    Invalid,
    /// The credential has expired.
    Expired,
    /// The credential is not permitted this product.
    NotPermitted,
    /// The credential's quota is used up.
    OutOfQuota,
    /// Too many requests; `retry_after` in whole seconds, at least 1.
    RateLimited {
        /// Seconds until the next attempt can succeed.
        retry_after: u32,
    },
    /// The same parameters came too often.
    Repeated {
        /// Seconds until the window has passed.
        retry_after: u32,
    },
    /// The server is at its bounds of work.
    Overloaded,
}

impl Outcome {
    /// The outcome's code in history and evidence.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::VerifiedWithReason => "verified_with_reason",
            Self::NotVerified => "not_verified",
            Self::NikNotFound => "nik_not_found",
            Self::RecordNotActive(RecordState::Deceased) => "record_deceased",
            Self::RecordNotActive(RecordState::Duplicate) => "record_duplicate",
            Self::RecordNotActive(RecordState::Active | RecordState::Inactive) => "record_inactive",
            Self::LivenessFailed => "liveness_failed",
            Self::QualityRefused(fault) => fault.reason(),
            Self::NoFace => "no_face",
            Self::NoFaceOnCard => "no_face_on_card",
            Self::PictureRefused { .. } => "picture_refused",
            Self::Trouble(Trouble::Unavailable) => "registry_unavailable",
            Self::Trouble(Trouble::Timeout) => "registry_timeout",
            Self::Trouble(Trouble::RateLimited) => "registry_rate_limited",
            Self::Trouble(Trouble::OutOfQuota) => "registry_out_of_quota",
            Self::Trouble(Trouble::Setup { .. }) => "registry_setup",
            Self::Trouble(Trouble::QueryFailed { .. }) => "registry_query_failed",
            Self::Trouble(Trouble::BadAnswer) => "registry_bad_answer",
            Self::Refused(Refusal::Invalid) => "invalid_request",
            Self::Refused(Refusal::Expired) => "credential_expired",
            Self::Refused(Refusal::NotPermitted) => "not_permitted",
            Self::Refused(Refusal::OutOfQuota) => "out_of_quota",
            Self::Refused(Refusal::RateLimited { .. }) => "rate_limited",
            Self::Refused(Refusal::Repeated { .. }) => "repeated",
            Self::Refused(Refusal::Overloaded) => "overloaded",
            Self::Abandoned => "abandoned",
            Self::Internal => "internal_error",
        }
    }
}

/// An outcome with the checks that led to it, in the order they were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// How it ended.
    pub outcome: Outcome,
    /// What was checked.
    pub checks: Vec<Check>,
    /// Reason codes about the request as a whole, for the evidence.
    pub notes: Vec<&'static str>,
}

impl Assessment {
    /// An assessment that ended before any check.
    pub fn without_checks(outcome: Outcome) -> Self {
        Self { outcome, checks: Vec::new(), notes: Vec::new() }
    }

    /// The check of that name, if it was made.
    pub fn check(&self, name: CheckName) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

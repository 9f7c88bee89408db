//! What an assessment comes to in this dialect: status, rejected fields, errors, charges.

use absah_core::assessment::{
    Assessment, CheckName, Outcome, PictureFault, PictureRole, QualityFault, Refusal, Verdict,
};
use absah_core::charge::ChargeItem;
use absah_core::field::Field;
use absah_core::trouble::Trouble;
use absah_engine::{WireIds, WireRules};
use http::StatusCode;
use serde::Serialize;

use crate::dialect::kredibel::error::TypedFault;

/// How long a caller is asked to wait while the server is at its bounds, in seconds.
pub(super) const OVERLOADED_RETRY_AFTER: u32 = 1;
/// What a caller is told who has to come back later.
pub(super) const TOO_MANY_REQUESTS: &str = "Too many requests.";

/// The `status` of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Verified,
    VerifiedWithReason,
    NotVerified,
}

/// A value of `rejectFields`, in the order they are listed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum RejectField {
    IdentityId,
    FullName,
    BirthDate,
    FaceImage,
    IdentityImage,
    PhoneNumber,
    EmailAddress,
    /// The one value that is written in snake case.
    #[serde(rename = "liveness_check")]
    LivenessCheck,
}

/// What an assessment comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// The checks were made.
    Checked(Status, Vec<RejectField>),
    /// An error with a type of its own.
    Failed(TypedFault),
    /// Refused with a sentence.
    Refused { status: StatusCode, message: &'static str, retry_after: Option<u32> },
    /// The request's form is at fault: the handler knows how.
    Invalid,
    /// The server failed.
    Internal,
}

/// Concludes an assessment.
pub(super) fn conclude(assessment: &Assessment) -> Conclusion {
    use Conclusion::{Checked, Failed, Internal};
    match &assessment.outcome {
        Outcome::Verified => Checked(Status::Verified, Vec::new()),
        Outcome::VerifiedWithReason => Checked(Status::VerifiedWithReason, taken_contacts(assessment)),
        Outcome::NotVerified => Checked(Status::NotVerified, rejected(assessment)),
        Outcome::NikNotFound | Outcome::RecordNotActive(_) => {
            Checked(Status::NotVerified, vec![RejectField::IdentityId])
        }
        Outcome::LivenessFailed => Checked(Status::NotVerified, vec![RejectField::LivenessCheck]),
        Outcome::QualityRefused(QualityFault::SeveralFaces) => {
            Checked(Status::NotVerified, vec![RejectField::FaceImage])
        }
        // The provider has one word for every selfie whose face cannot be used.
        Outcome::QualityRefused(_) | Outcome::NoFace => Failed(TypedFault {
            status: StatusCode::BAD_REQUEST,
            error_type: "no_face_detected",
            message: "No face detected in faceImage.".to_owned(),
        }),
        Outcome::NoFaceOnCard => Failed(TypedFault {
            status: StatusCode::BAD_REQUEST,
            error_type: "no_face_detected",
            message: "No face detected in identityImage.".to_owned(),
        }),
        Outcome::PictureRefused { picture, fault } => Failed(picture_fault(*picture, *fault)),
        Outcome::Trouble(trouble) => Failed(TypedFault {
            status: match trouble {
                Trouble::QueryFailed { .. } => StatusCode::BAD_REQUEST,
                _ => StatusCode::SERVICE_UNAVAILABLE,
            },
            error_type: "request_error",
            message: "Cannot get response from Dukcapil server.".to_owned(),
        }),
        Outcome::Refused(refusal) => refused(refusal),
        Outcome::Abandoned | Outcome::Internal => Internal,
    }
}

fn refused(refusal: &Refusal) -> Conclusion {
    let (status, message, retry_after) = match refusal {
        Refusal::Invalid => return Conclusion::Invalid,
        Refusal::Expired => (StatusCode::UNAUTHORIZED, "API key has expired.", None),
        Refusal::NotPermitted => (StatusCode::FORBIDDEN, "Permission denied.", None),
        Refusal::OutOfQuota => (StatusCode::FORBIDDEN, "Insufficient credit.", None),
        Refusal::RateLimited { retry_after } | Refusal::Repeated { retry_after } => {
            (StatusCode::TOO_MANY_REQUESTS, TOO_MANY_REQUESTS, Some(*retry_after))
        }
        Refusal::Overloaded => {
            (StatusCode::TOO_MANY_REQUESTS, TOO_MANY_REQUESTS, Some(OVERLOADED_RETRY_AFTER))
        }
    };
    Conclusion::Refused { status, message, retry_after }
}

/// The rejected identity fields; contacts are not told beside them.
fn rejected(assessment: &Assessment) -> Vec<RejectField> {
    let fields = [
        (CheckName::Nik, RejectField::IdentityId),
        (CheckName::Field(Field::Name), RejectField::FullName),
        (CheckName::Field(Field::DateOfBirth), RejectField::BirthDate),
        (CheckName::Face, RejectField::FaceImage),
        (CheckName::Card, RejectField::IdentityImage),
    ];
    let rejects = |name: CheckName| match assessment.check(name).map(|check| check.verdict) {
        Some(Verdict::Fail) => true,
        // A picture that could not be compared is rejected; a field the registry does not hold is not.
        Some(Verdict::Unknown) => matches!(name, CheckName::Face | CheckName::Card),
        Some(Verdict::Pass | Verdict::Flagged) | None => false,
    };
    // What the card prints, and whether it is one, is told by the picture of it.
    let card_contradicts = assessment.checks.iter().any(|check| {
        let is_of_card =
            matches!(check.name, CheckName::CardFound | CheckName::CardNik | CheckName::CardField(_));
        is_of_card && check.verdict == Verdict::Fail
    });
    let is_rejected =
        |name, field: &RejectField| rejects(name) || *field == RejectField::IdentityImage && card_contradicts;
    fields.into_iter().filter(|(name, field)| is_rejected(*name, field)).map(|(_, field)| field).collect()
}

fn taken_contacts(assessment: &Assessment) -> Vec<RejectField> {
    let contacts =
        [(CheckName::Phone, RejectField::PhoneNumber), (CheckName::Email, RejectField::EmailAddress)];
    let is_taken =
        |name: CheckName| assessment.check(name).is_some_and(|check| check.verdict == Verdict::Fail);
    contacts.into_iter().filter(|(name, _)| is_taken(*name)).map(|(_, field)| field).collect()
}

fn picture_fault(picture: PictureRole, fault: PictureFault) -> TypedFault {
    let field = match picture {
        PictureRole::Selfie => "faceImage",
        PictureRole::Card => "identityImage",
    };
    let (status, error_type, what) = match fault {
        PictureFault::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "image_too_large", "is too large"),
        PictureFault::TooSmall => (StatusCode::BAD_REQUEST, "image_too_small", "is too small"),
        PictureFault::Dimensions => {
            (StatusCode::BAD_REQUEST, "image_dimensions", "has unsupported dimensions")
        }
        PictureFault::Unreadable => {
            (StatusCode::BAD_REQUEST, "image_unreadable", "is not a JPG, PNG or SVG image")
        }
    };
    TypedFault { status, error_type, message: format!("{field} {what}.") }
}

/// The rules the engine records by; `invalid` is the status of a request whose form is at fault.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) invalid: StatusCode,
}

impl Default for Rules {
    fn default() -> Self {
        Self { invalid: StatusCode::BAD_REQUEST }
    }
}

impl WireRules for Rules {
    fn status(&self, assessment: &Assessment) -> u16 {
        let status = match conclude(assessment) {
            Conclusion::Checked(..) => StatusCode::OK,
            Conclusion::Failed(fault) => fault.status,
            Conclusion::Refused { status, .. } => status,
            Conclusion::Invalid => self.invalid,
            Conclusion::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        status.as_u16()
    }

    /// Failed liveness costs liveness; every other answer of status 200 costs a certificate, and so does a selfie
    /// without a usable face.
    fn charges(&self, assessment: &Assessment) -> Vec<ChargeItem> {
        match &assessment.outcome {
            Outcome::LivenessFailed => vec![ChargeItem::Liveness],
            Outcome::Verified
            | Outcome::VerifiedWithReason
            | Outcome::NotVerified
            | Outcome::NikNotFound
            | Outcome::RecordNotActive(_)
            | Outcome::QualityRefused(_)
            | Outcome::NoFace
            | Outcome::NoFaceOnCard => vec![ChargeItem::Certificate],
            Outcome::PictureRefused { .. }
            | Outcome::Trouble(_)
            | Outcome::Refused(_)
            | Outcome::Abandoned
            | Outcome::Internal => Vec::new(),
        }
    }

    fn wire_id(&self, _: &Assessment, ids: &WireIds) -> String {
        ids.history.to_string()
    }
}

//! What an assessment comes to in this dialect: verdict, reason, errors, charges.

use absah_core::assessment::{Assessment, CheckName, Outcome, Refusal, Verdict};
use absah_core::charge::ChargeItem;
use absah_core::field::Field;
use absah_engine::{WireIds, WireRules};
use http::StatusCode;

use crate::dialect::glair::error::{self, Fault};

/// How long a caller is asked to wait while the server is at its bounds, in seconds.
const OVERLOADED_RETRY_AFTER: u32 = 1;

/// What an assessment comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// The fields were compared, and all that is held agrees.
    Match,
    /// The fields were compared; this is the first one that differs.
    Mismatch(Field),
    /// The number is not known, or may not be used; no field was compared.
    NoRecord(&'static str),
    /// The registry gave no verdict.
    SourceFailed,
    /// Refused, with the seconds until the next attempt can succeed.
    Refused(Fault, Option<u32>),
    /// The request's form is at fault: the handler knows how.
    Invalid,
    /// The server failed.
    Internal,
}

/// Concludes an assessment.
pub(super) fn conclude(assessment: &Assessment) -> Conclusion {
    match &assessment.outcome {
        Outcome::Verified | Outcome::VerifiedWithReason => Conclusion::Match,
        Outcome::NotVerified => match first_mismatch(assessment) {
            Some(field) => Conclusion::Mismatch(field),
            None => Conclusion::Internal,
        },
        Outcome::NikNotFound => Conclusion::NoRecord("NIK not found on Dukcapil database"),
        Outcome::RecordNotActive(_) => Conclusion::NoRecord("NIK is not active on Dukcapil database"),
        Outcome::Trouble(_) => Conclusion::SourceFailed,
        Outcome::Refused(refusal) => refused(refusal),
        // This product has no picture.
        Outcome::LivenessFailed
        | Outcome::QualityRefused(_)
        | Outcome::NoFace
        | Outcome::NoFaceOnCard
        | Outcome::PictureRefused { .. } => Conclusion::Internal,
        Outcome::Abandoned | Outcome::Internal => Conclusion::Internal,
    }
}

fn first_mismatch(assessment: &Assessment) -> Option<Field> {
    let differs = |field: &Field| {
        assessment.check(CheckName::Field(*field)).is_some_and(|check| check.verdict == Verdict::Fail)
    };
    Field::ALL.into_iter().find(differs)
}

fn refused(refusal: &Refusal) -> Conclusion {
    let (fault, retry_after) = match refusal {
        Refusal::Invalid => return Conclusion::Invalid,
        Refusal::Expired => (error::DISALLOWED, None),
        Refusal::NotPermitted => (error::NOT_PERMITTED, None),
        Refusal::OutOfQuota => (error::OUT_OF_QUOTA, None),
        Refusal::RateLimited { retry_after } | Refusal::Repeated { retry_after } => {
            (error::RATE_LIMITED, Some(*retry_after))
        }
        Refusal::Overloaded => (error::RATE_LIMITED, Some(OVERLOADED_RETRY_AFTER)),
    };
    Conclusion::Refused(fault, retry_after)
}

/// What a mismatch of the field is called.
pub(super) const fn mismatch_text(field: Field) -> &'static str {
    match field {
        Field::Name => "Name does not match",
        Field::DateOfBirth => "Date of birth does not match",
        Field::NoKk => "KK number does not match",
        Field::MotherMaidenName => "Mother maiden name does not match",
        Field::PlaceOfBirth => "Place of birth does not match",
        Field::Address => "Address does not match",
        Field::Gender => "Gender does not match",
        Field::MaritalStatus => "Marital status does not match",
        Field::JobType => "Job type does not match",
        Field::Province => "Province does not match",
        Field::City => "City does not match",
        Field::District => "District does not match",
        Field::Subdistrict => "Subdistrict does not match",
        Field::Rt => "RT does not match",
        Field::Rw => "RW does not match",
    }
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
            Conclusion::Match | Conclusion::Mismatch(_) | Conclusion::NoRecord(_) => StatusCode::OK,
            Conclusion::SourceFailed => StatusCode::SERVICE_UNAVAILABLE,
            Conclusion::Refused(fault, _) => fault.status(),
            Conclusion::Invalid => self.invalid,
            Conclusion::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        status.as_u16()
    }

    /// A 200 is charged; all else is free.
    fn charges(&self, assessment: &Assessment) -> Vec<ChargeItem> {
        if self.status(assessment) == StatusCode::OK.as_u16() {
            vec![ChargeItem::BasicVerification]
        } else {
            Vec::new()
        }
    }

    fn wire_id(&self, _: &Assessment, ids: &WireIds) -> String {
        ids.history.to_string()
    }
}

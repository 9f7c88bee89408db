//! What an assessment comes to in this dialect: result codes, errors, charges.

use absah_core::assessment::{
    Assessment, CheckName, Outcome, PictureFault, PictureRole, Refusal, Verdict, reason,
};
use absah_core::charge::ChargeItem;
use absah_core::claims::RecordState;
use absah_core::trouble::Trouble;
use absah_engine::{WireIds, WireRules};
use http::StatusCode;

use crate::dialect::accuauth::error::{Error, request_id};

/// The `result` of a verification, with its remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ResultCode {
    pub(super) code: &'static str,
    pub(super) remark: &'static str,
}

const fn result(code: &'static str, remark: &'static str) -> ResultCode {
    ResultCode { code, remark }
}

const MATCH: ResultCode = result("01", "SAME");
const MISMATCH: ResultCode = result("02", "UNSAME");
const NOT_FOUND: ResultCode = result("03", "UNKNOW");
const LIVENESS: ResultCode = result("04", "LIVENESS");
const QUALITY: ResultCode = result("04", "QUALITY");
const DECEASED: ResultCode = result("04", "DECEASED");
const DUPLICATE: ResultCode = result("04", "DUPLICATE");
const INACTIVE: ResultCode = result("04", "INACTIVE");
const CARD_UNUSABLE: ResultCode = result("04", "CARD_UNUSABLE");
const PHOTO_UNUSABLE: ResultCode = result("04", "PHOTO_UNUSABLE");
const FAILED: ResultCode = result("04", "FAILED");
const NO_REFERENCE: ResultCode = result("05", "NO_REFERENCE");
const CHANNEL_FAILED: ResultCode = result("06", "CHANNEL_FAILED");
const CHANNEL_LIMITED: ResultCode = result("07", "CHANNEL_LIMITED");
const NO_FACE: ResultCode = result("08", "NO_FACE");

/// What an assessment comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// A result, with status 200.
    Result(ResultCode),
    /// An error.
    Error(Error),
    /// The request's form is at fault: the handler knows how.
    Invalid,
}

/// The `order_no` of a result.
pub(super) fn order_no(ids: &WireIds) -> String {
    format!("SFBw{}", ids.order_number)
}

/// Concludes an assessment.
pub(super) fn conclude(assessment: &Assessment) -> Conclusion {
    use Conclusion::Result;
    match &assessment.outcome {
        Outcome::Verified | Outcome::VerifiedWithReason => Result(MATCH),
        Outcome::NotVerified => Result(not_verified(assessment)),
        Outcome::NikNotFound => Result(NOT_FOUND),
        Outcome::RecordNotActive(RecordState::Deceased) => Result(DECEASED),
        Outcome::RecordNotActive(RecordState::Duplicate) => Result(DUPLICATE),
        Outcome::RecordNotActive(RecordState::Active | RecordState::Inactive) => Result(INACTIVE),
        Outcome::LivenessFailed => Result(LIVENESS),
        Outcome::QualityRefused(_) => Result(QUALITY),
        Outcome::NoFace => Result(NO_FACE),
        Outcome::NoFaceOnCard => Result(CARD_UNUSABLE),
        Outcome::PictureRefused { picture, fault } => Conclusion::Error(picture_fault(*picture, *fault)),
        Outcome::Trouble(trouble) => channel(trouble),
        Outcome::Refused(Refusal::Invalid) => Conclusion::Invalid,
        Outcome::Refused(refusal) => Conclusion::Error(refused(refusal)),
        Outcome::Abandoned | Outcome::Internal => Conclusion::Error(Error::internal()),
    }
}

/// No portrait to compare with (05) stands before an unusable picture (04), and that before a mismatch (02).
fn not_verified(assessment: &Assessment) -> ResultCode {
    let unknown = |name| {
        let check = assessment.check(name).filter(|check| check.verdict == Verdict::Unknown)?;
        Some(check.reason.unwrap_or_default())
    };
    let face = unknown(CheckName::Face);
    let card = unknown(CheckName::Card);
    match (face, card) {
        (Some(reason::NO_REFERENCE), _) => NO_REFERENCE,
        (Some(reason::PHOTO_UNUSABLE), _) | (None, Some(reason::PHOTO_UNUSABLE)) => PHOTO_UNUSABLE,
        (None, Some(reason::NO_FACE | reason::TOO_SMALL)) => CARD_UNUSABLE,
        (Some(_), _) | (None, Some(_)) => FAILED,
        (None, None) => MISMATCH,
    }
}

fn channel(trouble: &Trouble) -> Conclusion {
    let code = |number| StatusCode::from_u16(number).unwrap_or(StatusCode::BAD_GATEWAY);
    match trouble {
        Trouble::Setup { .. } => Conclusion::Result(CHANNEL_FAILED),
        Trouble::RateLimited | Trouble::OutOfQuota => Conclusion::Result(CHANNEL_LIMITED),
        Trouble::QueryFailed { .. } => {
            Conclusion::Error(Error::new(StatusCode::BAD_REQUEST, "QUERY_FAILED", "Query failed"))
        }
        Trouble::Unavailable | Trouble::BadAnswer => Conclusion::Error(Error::new(
            code(512),
            "SOURCE_SERVICE_UNAVAILABLE",
            "Source service is unavailable",
        )),
        Trouble::Timeout => {
            Conclusion::Error(Error::new(code(513), "SOURCE_SERVICE_TIMEOUT", "Source service is timeout"))
        }
    }
}

fn picture_fault(picture: PictureRole, fault: PictureFault) -> Error {
    let name = match picture {
        PictureRole::Selfie => "face_image",
        PictureRole::Card => "ktp_image",
    };
    match fault {
        PictureFault::TooLarge { bytes, bound } => {
            Error::argument(name, &format!("size {bytes} exceeds {bound}"))
        }
        PictureFault::Dimensions => Error::argument(name, "invalid dimensions"),
        PictureFault::TooSmall | PictureFault::Unreadable => Error::argument(name, "not an image"),
    }
}

fn refused(refusal: &Refusal) -> Error {
    let (http, status, reason) = match refusal {
        Refusal::Invalid => (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", "Request parameter is invalid"),
        Refusal::Expired => (StatusCode::UNAUTHORIZED, "KEY_EXPIRED", "Your API ID has expired"),
        Refusal::NotPermitted => {
            (StatusCode::FORBIDDEN, "NO_PERMISSION", "You are not authorized to use this API")
        }
        Refusal::OutOfQuota => (StatusCode::FORBIDDEN, "OUT_OF_QUOTA", "API calls quota exceeded"),
        Refusal::RateLimited { .. } | Refusal::Overloaded => {
            (StatusCode::FORBIDDEN, "RATE_LIMIT_EXCEEDED", "API request frequency exceeds the limit")
        }
        Refusal::Repeated { .. } => (
            StatusCode::BAD_REQUEST,
            "ABNORMAL_BEHAVIOURS_DETECTED",
            "Request with same parameters repeated more than amount of times",
        ),
    };
    Error::new(http, status, reason)
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
            Conclusion::Result(_) => StatusCode::OK,
            Conclusion::Error(error) => error.http,
            Conclusion::Invalid => self.invalid,
        };
        status.as_u16()
    }

    /// A match and a mismatch are charged; every other result is free.
    fn charges(&self, assessment: &Assessment) -> Vec<ChargeItem> {
        match conclude(assessment) {
            Conclusion::Result(MATCH | MISMATCH) => vec![ChargeItem::IdSelfie],
            _ => Vec::new(),
        }
    }

    /// A result is known by its order number, an error by its request id.
    fn wire_id(&self, assessment: &Assessment, ids: &WireIds) -> String {
        match conclude(assessment) {
            Conclusion::Result(_) => order_no(ids),
            Conclusion::Error(_) | Conclusion::Invalid => request_id(ids.history),
        }
    }
}

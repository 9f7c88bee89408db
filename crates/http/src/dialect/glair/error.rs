//! Errors of this dialect: `{"error"}` for the way here, `{"verification_status","reason"}` for the request itself.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::answer::json;
use crate::intake::body::BodyFault;
use crate::intake::form::FormFault;

/// Why a request was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// `{"error":…}`
    Error(StatusCode, &'static str),
    /// `{"verification_status":false,"reason":…}`
    Reason(StatusCode, String),
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
}

#[derive(Serialize)]
struct ReasonBody<'a> {
    verification_status: bool,
    reason: &'a str,
}

/// What a caller without `Authorization` is told.
pub(super) const NO_AUTHORIZATION: Fault =
    Fault::Error(StatusCode::UNAUTHORIZED, "Authorization field missing");
/// What an unknown credential is told.
pub(super) const DISALLOWED: Fault = Fault::Error(StatusCode::UNAUTHORIZED, DISALLOWED_TEXT);
/// What a credential without the right to this product is told.
pub(super) const NOT_PERMITTED: Fault = Fault::Error(StatusCode::FORBIDDEN, DISALLOWED_TEXT);
/// What an unknown path is told.
pub(super) const NOT_FOUND: Fault = Fault::Error(StatusCode::NOT_FOUND, "Not found");
/// What another method than POST is told.
pub(super) const WRONG_METHOD: Fault = Fault::Error(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
/// What too frequent or repeated requests are told.
pub(super) const RATE_LIMITED: Fault = Fault::Error(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded");
/// What a credential is told whose quota is used up.
pub(super) const OUT_OF_QUOTA: Fault = Fault::Error(StatusCode::FORBIDDEN, "Quota exceeded");
/// What a caller is told when the server failed.
pub(super) const INTERNAL: Fault = Fault::Error(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error");

const DISALLOWED_TEXT: &str = "Access to this API has been disallowed";

impl Fault {
    /// The request itself is at fault.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::Reason(StatusCode::BAD_REQUEST, reason.into())
    }

    /// The body is of a media type this dialect does not read.
    pub(super) fn wrong_media_type() -> Self {
        Self::Reason(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type".to_owned())
    }

    /// The status of the answer.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Error(status, _) | Self::Reason(status, _) => *status,
        }
    }

    /// The answer, still without its id.
    pub(super) fn response(&self) -> Response {
        match self {
            Self::Error(status, error) => json(*status, &ErrorBody { error }),
            Self::Reason(status, reason) => json(*status, &ReasonBody { verification_status: false, reason }),
        }
    }
}

impl From<BodyFault> for Fault {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => Self::Error(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large"),
            BodyFault::Slow => Self::Error(StatusCode::REQUEST_TIMEOUT, "Request body not received in time"),
            BodyFault::Broken => Self::invalid("Request body is incomplete"),
            BodyFault::Busy => RATE_LIMITED,
        }
    }
}

impl From<FormFault> for Fault {
    fn from(fault: FormFault) -> Self {
        Self::invalid(match fault {
            FormFault::Syntax => "Invalid request body",
            FormFault::NotAnObject => "Request body must be an object",
            FormFault::TooManyFields => "Too many fields",
            FormFault::NameTooLong => "Field name too long",
            FormFault::TooDeep => "Request body nested too deeply",
        })
    }
}

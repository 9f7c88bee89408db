//! Errors of this dialect: `{"status","reason","request_id"}`.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use uuid::Uuid;

use crate::answer::json;
use crate::intake::body::BodyFault;
use crate::intake::form::FormFault;

/// An error on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    pub(super) http: StatusCode,
    pub(super) status: &'static str,
    pub(super) reason: String,
}

#[derive(Serialize)]
struct Body<'a> {
    status: &'static str,
    reason: &'a str,
    request_id: &'a str,
}

impl Error {
    pub(super) fn new(http: StatusCode, status: &'static str, reason: impl Into<String>) -> Self {
        Self { http, status, reason: reason.into() }
    }

    /// An argument is at fault: `argument 'id_number': not found`.
    pub(super) fn argument(name: &str, problem: &str) -> Self {
        Self::invalid(format!("argument '{name}': {problem}"))
    }

    /// The request as a whole is at fault.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", reason)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Requested API cannot be found")
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized or access is denied")
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "Internal server error")
    }

    /// The answer.
    pub(super) fn response(&self, request_id: &str) -> Response {
        json(self.http, &Body { status: self.status, reason: &self.reason, request_id })
    }
}

impl From<BodyFault> for Error {
    fn from(fault: BodyFault) -> Self {
        Self::invalid(match fault {
            BodyFault::TooLarge => "request body: too large",
            BodyFault::Slow => "request body: not received in time",
            BodyFault::Broken | BodyFault::Busy => "request body: incomplete",
        })
    }
}

impl From<FormFault> for Error {
    fn from(fault: FormFault) -> Self {
        Self::invalid(match fault {
            FormFault::Syntax | FormFault::NotAnObject => "request body: invalid format",
            FormFault::TooManyFields => "request body: too many arguments",
            FormFault::NameTooLong => "request body: argument name too long",
            FormFault::TooDeep => "request body: nested too deeply",
        })
    }
}

/// A request id of this dialect.
pub(super) fn request_id(id: Uuid) -> String {
    format!("TID{}", id.simple())
}

//! Faults of a request that only this dialect can tell, and the four bodies its errors have.

use axum::response::Response;
use http::StatusCode;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::answer::{json, with_retry_after};
use crate::dialect::kredibel::rules::TOO_MANY_REQUESTS;
use crate::intake::body::BodyFault;
use crate::intake::form::FormFault;

/// Why a request was not taken.
#[derive(Debug)]
pub(super) enum Fault {
    /// A sentence, and no more.
    Message(StatusCode, &'static str),
    /// A field's content is at fault.
    Typed(TypedFault),
    /// Fields break the rules of their form.
    Fields(FieldErrors),
}

/// An error with a type of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedFault {
    pub(super) status: StatusCode,
    pub(super) error_type: &'static str,
    pub(super) message: String,
}

/// The faulty fields in the order they are reported in, each with its texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FieldErrors(Vec<(String, Vec<&'static str>)>);

impl FieldErrors {
    /// Adds a text to a field.
    pub(super) fn add(&mut self, field: &str, text: &'static str) {
        match self.0.iter_mut().find(|(known, _)| known == field) {
            Some((_, texts)) => texts.push(text),
            None => self.0.push((field.to_owned(), vec![text])),
        }
    }

    /// Whether no field is at fault.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, texts)| (field, texts)))
    }
}

/// What an unknown credential is told.
pub(super) const UNAUTHORIZED: Fault = Fault::Message(StatusCode::UNAUTHORIZED, "Unauthorized.");
/// What an unknown path is told.
pub(super) const NOT_FOUND: Fault = Fault::Message(StatusCode::NOT_FOUND, "Not found.");
/// What another method than POST is told.
pub(super) const WRONG_METHOD: Fault = Fault::Message(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.");
/// What another media type than JSON is told.
pub(super) const WRONG_MEDIA_TYPE: Fault =
    Fault::Message(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type.");

impl Fault {
    /// The status of the answer.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Message(status, _) => *status,
            Self::Typed(typed) => typed.status,
            Self::Fields(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer; `id` is that of the history.
    pub(super) fn response(&self, id: Uuid) -> Response {
        match self {
            Self::Message(status, text) => message(*status, text, None),
            Self::Typed(fault) => typed(fault, id),
            Self::Fields(errors) => {
                let body = Body { errors: Some(errors), message: "Input payload validation failed." };
                json(StatusCode::BAD_REQUEST, &body)
            }
        }
    }
}

impl From<BodyFault> for Fault {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::TooLarge => Self::Message(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large."),
            BodyFault::Slow => {
                Self::Message(StatusCode::REQUEST_TIMEOUT, "Request body did not arrive in time.")
            }
            BodyFault::Broken => Self::Message(StatusCode::BAD_REQUEST, "Request body is incomplete."),
            BodyFault::Busy => Self::Message(StatusCode::TOO_MANY_REQUESTS, TOO_MANY_REQUESTS),
        }
    }
}

impl From<FormFault> for Fault {
    fn from(fault: FormFault) -> Self {
        let text = match fault {
            FormFault::Syntax => "Request body is not valid JSON.",
            FormFault::NotAnObject => "Request body must be a JSON object.",
            FormFault::TooManyFields => "Request body has too many fields.",
            FormFault::NameTooLong => "Request body has a field with too long a name.",
            FormFault::TooDeep => "Request body is nested too deeply.",
        };
        Self::Message(StatusCode::BAD_REQUEST, text)
    }
}

/// Every error body: the keys in this order.
#[derive(Serialize)]
struct Body<'a, E: Serialize> {
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<E>,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    error_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
}

/// The first form.
pub(super) fn message(status: StatusCode, text: &str, retry_after: Option<u32>) -> Response {
    with_retry_after(json(status, &Body::<()> { errors: None, message: text }), retry_after)
}

/// The second form.
pub(super) fn internal(id: Uuid) -> Response {
    let errors = Some(Reference { error_id: id.to_string(), error_type: None });
    json(StatusCode::INTERNAL_SERVER_ERROR, &Body { errors, message: "Internal server error." })
}

/// The third form.
pub(super) fn typed(fault: &TypedFault, id: Uuid) -> Response {
    let errors = Some(Reference { error_id: id.to_string(), error_type: Some(fault.error_type) });
    json(fault.status, &Body { errors, message: &fault.message })
}

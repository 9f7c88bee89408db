//! A recorded answer on the wire.

use absah_engine::Answer;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::answer::json;
use crate::dialect::kredibel::error::{self, Fault};
use crate::dialect::kredibel::rules::{
    Conclusion, OVERLOADED_RETRY_AFTER, RejectField, Status, TOO_MANY_REQUESTS, conclude,
};

#[derive(Serialize)]
struct Body {
    message: &'static str,
    data: Data,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    id: String,
    status: Status,
    reject_fields: Vec<RejectField>,
    reference_id: String,
}

/// The answer to a request; `fault` is what the handler found wrong with its form.
pub(super) fn render(answer: &Answer, fault: Option<&Fault>) -> Response {
    let id = answer.ids.history;
    match conclude(&answer.assessment) {
        Conclusion::Checked(status, reject_fields) => {
            let reference_id = format!("ref_certel#{}", answer.ids.reference);
            let data = Data { id: id.to_string(), status, reject_fields, reference_id };
            json(StatusCode::OK, &Body { message: "Certificate electronic verification has been done", data })
        }
        Conclusion::Failed(fault) => error::typed(&fault, id),
        Conclusion::Refused { status, message, retry_after } => error::message(status, message, retry_after),
        Conclusion::Invalid => match fault {
            Some(fault) => fault.response(id),
            None => error::internal(id),
        },
        Conclusion::Internal => error::internal(id),
    }
}

/// The answer to a caller nobody knows yet, while the server is at its bounds.
pub(super) fn overloaded() -> Response {
    error::message(StatusCode::TOO_MANY_REQUESTS, TOO_MANY_REQUESTS, Some(OVERLOADED_RETRY_AFTER))
}

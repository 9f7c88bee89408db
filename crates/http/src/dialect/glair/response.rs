//! A recorded answer on the wire.

use absah_core::assessment::{Assessment, CheckName, Verdict};
use absah_core::field::Field;
use absah_engine::Answer;
use axum::response::Response;
use http::{HeaderName, StatusCode};
use serde::{Serialize, Serializer};

use crate::answer::{json, with_header, with_retry_after};
use crate::dialect::glair::error::{self, Fault};
use crate::dialect::glair::rules::{Conclusion, conclude, mismatch_text};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

#[derive(Serialize)]
struct Body {
    verification_status: bool,
    reason: &'static str,
    result: Verdicts,
}

/// `nik` and the fields that were sent, in the documented order; `None` where nothing can be said.
#[derive(Debug, PartialEq, Eq)]
struct Verdicts(Vec<(&'static str, Option<bool>)>);

impl Serialize for Verdicts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Verdicts {
    fn of(nik: Option<bool>, sent: &[Field], verdict: impl Fn(Field) -> Option<bool>) -> Self {
        let fields = sent.iter().map(|field| (field.key(), verdict(*field)));
        Self([("nik", nik)].into_iter().chain(fields).collect())
    }
}

/// The answer to a request that sent these fields, in the documented order; `fault` is what the handler found wrong
/// with its form.
pub(super) fn render(answer: &Answer, sent: &[Field], fault: Option<&Fault>) -> Response {
    let response = match conclude(&answer.assessment) {
        Conclusion::Match => compared(&answer.assessment, sent, None),
        Conclusion::Mismatch(first) => compared(&answer.assessment, sent, Some(first)),
        Conclusion::NoRecord(reason) => {
            let result = Verdicts::of(Some(false), sent, |_| None);
            json(StatusCode::OK, &Body { verification_status: false, reason, result })
        }
        Conclusion::SourceFailed => {
            let result = Verdicts::of(None, sent, |_| None);
            let reason = "Something wrong in Dukcapil server";
            json(StatusCode::SERVICE_UNAVAILABLE, &Body { verification_status: false, reason, result })
        }
        Conclusion::Refused(fault, retry_after) => with_retry_after(fault.response(), retry_after),
        Conclusion::Invalid => fault.unwrap_or(&error::INTERNAL).response(),
        Conclusion::Internal => error::INTERNAL.response(),
    };
    with_id(response, &answer.wire_id)
}

fn compared(assessment: &Assessment, sent: &[Field], first_mismatch: Option<Field>) -> Response {
    let verdict = |field| match assessment.check(CheckName::Field(field))?.verdict {
        Verdict::Pass => Some(true),
        Verdict::Fail | Verdict::Flagged => Some(false),
        Verdict::Unknown => None,
    };
    let body = Body {
        verification_status: first_mismatch.is_none(),
        reason: first_mismatch.map_or("Verification Success", mismatch_text),
        result: Verdicts::of(Some(true), sent, verdict),
    };
    json(StatusCode::OK, &body)
}

/// Every answer carries its id.
pub(super) fn with_id(response: Response, id: &str) -> Response {
    with_header(response, REQUEST_ID, id)
}

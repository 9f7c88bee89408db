//! Faults as they reach the other side.

use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::cut::Scissors;
use crate::faults::{Fault, ServiceName};
use crate::server::World;

const PAGE: &str = "<!DOCTYPE html><html><body><h1>Layanan tidak tersedia</h1></body></html>";
/// Bytes of the answer that is too large.
const HUGE: usize = 1 << 20;
/// Between the two halves of an answer that is cut, so that the first one arrives.
const HALVES_APART: Duration = Duration::from_millis(20);

/// What befalls a call: a fault to be done to its answer, or, as an error, what comes instead of one.
pub(crate) async fn befallen(
    world: &World,
    service: ServiceName,
    scissors: &Scissors,
) -> Result<Option<Fault>, Response> {
    world.books.received(service);
    let fault = world.faults.befalls(service);
    match fault.as_ref().filter(|fault| replaces_answer(fault)) {
        None => Ok(fault),
        Some(replacing) => {
            world.books.answered(service, "fault");
            Err(instead(replacing, scissors).await)
        }
    }
}

/// Whether a fault takes the place of an answer; the others are done to it.
fn replaces_answer(fault: &Fault) -> bool {
    matches!(fault, Fault::Hang | Fault::Reset | Fault::Html | Fault::Status { .. })
}

/// What comes instead of an answer.
async fn instead(fault: &Fault, scissors: &Scissors) -> Response {
    match fault {
        Fault::Hang => std::future::pending().await,
        Fault::Status { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, "text/html")], PAGE).into_response()
        }
        Fault::Html => ([(header::CONTENT_TYPE, "text/html")], PAGE).into_response(),
        _ => {
            scissors.cut();
            StatusCode::OK.into_response()
        }
    }
}

/// An answer, after what a fault does to it.
pub(crate) async fn deliver(answer: Value, fault: Option<&Fault>, scissors: &Scissors) -> Response {
    let text = answer.to_string();
    match fault {
        Some(Fault::Slow { milliseconds }) => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            json_body(text)
        }
        Some(Fault::Cut) => cut_in_half(&text, scissors.clone()),
        Some(Fault::TruncatedJson) => json_body(halves(&text).0.to_owned()),
        Some(Fault::WrongTypes) => json_body(mistyped(answer).to_string()),
        Some(Fault::HugeBody) => {
            json_body(json!({ "padding": "x".repeat(HUGE), "answer": answer }).to_string())
        }
        _ => json_body(text),
    }
}

fn json_body(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// Says how long the answer is, sends half of it, and cuts the connection.
fn cut_in_half(text: &str, scissors: Scissors) -> Response {
    let (first, rest) = halves(text);
    let first = Bytes::copy_from_slice(first.as_bytes());
    let rest = Bytes::copy_from_slice(rest.as_bytes());
    let length = first.len() + rest.len();
    let second = stream::once(async move {
        tokio::time::sleep(HALVES_APART).await;
        scissors.cut();
        rest
    });
    let body = stream::once(async move { first }).chain(second).map(Ok::<_, std::convert::Infallible>);
    let head =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    (head, Body::from_stream(body)).into_response()
}

/// Both halves; answers are ASCII.
fn halves(text: &str) -> (&str, &str) {
    text.split_at_checked(text.len() / 2).unwrap_or((text, ""))
}

/// Texts as numbers and numbers as lists, all through.
fn mistyped(value: Value) -> Value {
    match value {
        Value::String(_) => json!(17),
        Value::Number(number) => json!([number]),
        Value::Bool(truth) => json!({ "value": truth }),
        Value::Array(values) => values.into_iter().map(mistyped).collect(),
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, mistyped(value))).collect(),
        Value::Null => Value::Null,
    }
}

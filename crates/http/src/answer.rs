//! Answers as JSON.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer whose keys stand in the order of the struct's fields.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // The bodies are plain structs of texts, numbers and lists, which always serialise.
    let bytes = serde_json::to_vec(body).unwrap_or_else(|_| b"{}".to_vec());
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Adds a header; a value that is none is left out.
pub(crate) fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Adds `Retry-After` (RFC 9110, section 10.2.3), in whole seconds.
pub(crate) fn with_retry_after(response: Response, seconds: Option<u32>) -> Response {
    match seconds {
        Some(seconds) => with_header(response, header::RETRY_AFTER, &seconds.to_string()),
        None => response,
    }
}

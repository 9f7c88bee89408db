//! Whether the process lives, whether it can serve, and what it counts.

pub mod metrics;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::{StatusCode, header};
use serde::Serialize;

use crate::answer::{json, with_header};
use crate::desk::Desk;
use crate::intake::body::Inbound;

#[derive(Serialize)]
struct Body {
    status: &'static str,
}

/// Answers as long as the process does.
pub(crate) async fn livez() -> Response {
    json(StatusCode::OK, &Body { status: "ok" })
}

/// Answers 200 while requests can be served, 503 while the store or the registry cannot be reached.
pub(crate) async fn readyz(State(desk): State<Arc<Desk>>) -> Response {
    match desk.engine.ready().await {
        Ok(()) => json(StatusCode::OK, &Body { status: "ready" }),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            json(StatusCode::SERVICE_UNAVAILABLE, &Body { status: "not ready" })
        }
    }
}

/// Answers any other method than GET and HEAD.
pub(crate) async fn wrong_method(request: Request) -> Response {
    let (head, body) = request.into_parts();
    Inbound::new(body, &head.headers).drain().await;
    let response = json(StatusCode::METHOD_NOT_ALLOWED, &Body { status: "method not allowed" });
    with_header(response, header::ALLOW, "GET, HEAD")
}

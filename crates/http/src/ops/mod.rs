//! Whether the process lives, and whether it can serve.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::answer::json;
use crate::desk::Desk;

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
            tracing::warn!(%error, "not ready");
            json(StatusCode::SERVICE_UNAVAILABLE, &Body { status: "not ready" })
        }
    }
}

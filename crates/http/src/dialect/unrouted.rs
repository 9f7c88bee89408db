//! What no route takes, and what broke: answered in the shape of the dialect whose paths it is under.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use uuid::Uuid;

use crate::desk::Desk;
use crate::dialect::{accuauth, glair, kredibel};
use crate::intake::body::Inbound;

/// Whose shape a path is answered in; what belongs to nobody is answered in Kredibel's plain one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Accuauth,
    Glair,
    Kredibel,
}

impl Shape {
    fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("verify") => Self::Accuauth,
            Some("identity") => Self::Glair,
            _ => Self::Kredibel,
        }
    }
}

/// Answers a path that leads nowhere.
pub(crate) async fn unknown_path(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    Inbound::new(body, &head.headers).drain().await;
    let id = desk.engine.ids().uuid();
    match Shape::of(head.uri.path()) {
        Shape::Accuauth => accuauth::unknown_path(id),
        Shape::Glair => glair::unknown_path(id),
        Shape::Kredibel => kredibel::unknown_path(),
    }
}

/// Answers a request whose handler panicked, instead of dropping the connection.
pub(crate) async fn catch_panic(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let shape = Shape::of(request.uri().path());
    answered(next.run(request), shape, || desk.engine.ids().uuid()).await
}

async fn answered(
    handler: impl Future<Output = Response>,
    shape: Shape,
    id: impl FnOnce() -> Uuid,
) -> Response {
    match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("a handler panicked");
            let id = id();
            match shape {
                Shape::Accuauth => accuauth::broken(id),
                Shape::Glair => glair::broken(id),
                Shape::Kredibel => kredibel::broken(id),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_in_shape() {
        let nil = "00000000-0000-0000-0000-000000000000";
        let simple = nil.replace('-', "");
        let rows = [
            (
                Shape::Kredibel,
                format!(r#"{{"errors":{{"errorId":"{nil}"}},"message":"Internal server error."}}"#),
                None,
            ),
            (
                Shape::Accuauth,
                format!(
                    r#"{{"status":"INTERNAL_ERROR","reason":"Internal server error","request_id":"TID{simple}"}}"#
                ),
                None,
            ),
            (Shape::Glair, r#"{"error":"Internal server error"}"#.to_owned(), Some(nil)),
        ];
        for (shape, expected, id) in rows {
            let handler = async { panic!("a fault of the program") };
            let (head, body) = answered(handler, shape, Uuid::nil).await.into_parts();
            assert_eq!(head.status, StatusCode::INTERNAL_SERVER_ERROR, "{shape:?}");
            assert_eq!(head.headers.get("content-type").expect("a media type"), "application/json");
            let told = head.headers.get("request-id").map(|id| id.to_str().expect("text"));
            assert_eq!(told, id, "{shape:?}");
            assert_eq!(body.collect().await.expect("a body").to_bytes(), expected, "{shape:?}");
        }
    }

    #[test]
    fn a_path_has_the_shape_of_its_first_segment() {
        let rows = [
            ("/verify", Shape::Accuauth),
            ("/verify/", Shape::Accuauth),
            ("/verify/id_selfie/x", Shape::Accuauth),
            ("/verifying", Shape::Kredibel),
            ("/identity", Shape::Glair),
            ("/identity/v2", Shape::Glair),
            ("/v1/certificate", Shape::Kredibel),
            ("/", Shape::Kredibel),
            ("*", Shape::Kredibel),
            ("", Shape::Kredibel),
        ];
        for (path, shape) in rows {
            assert_eq!(Shape::of(path), shape, "{path}");
        }
    }
}

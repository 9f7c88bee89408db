//! What the server counts, in the text form Prometheus reads, on a listener of its own.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::routing::get;

use crate::serve::serve_router;
use crate::settings::HttpSettings;

/// Renders everything that is counted.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// The form that `render` gives.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves `GET /metrics` until `shutdown` resolves. Callers of the dialects have no business there, so it has an address
/// of its own.
///
/// # Errors
/// The listener cannot be used.
pub async fn serve_metrics(
    listener: std::net::TcpListener,
    render: Render,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let answer = move || {
        let text = render();
        async move { ([(header::CONTENT_TYPE, TEXT)], text) }
    };
    let router = Router::new().route("/metrics", get(answer));
    let settings = HttpSettings { max_connections: 16, ..HttpSettings::default() };
    serve_router(listener, router, &settings, shutdown).await
}

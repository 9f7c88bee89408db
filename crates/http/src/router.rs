//! Which handler takes which path.

use std::sync::Arc;

use absah_engine::Engine;
use axum::Router;
use axum::middleware;
use axum::routing::{any, get};

use crate::desk::Desk;
use crate::dialect::{accuauth, glair, kredibel, unrouted};
use crate::ops;
use crate::settings::HttpSettings;

/// The whole service. Every method of a dialect's path goes to its handler, which answers the wrong ones in its own
/// shape.
pub fn router(engine: Arc<Engine>, settings: &HttpSettings) -> Router {
    let desk = Arc::new(Desk::new(engine, settings));
    Router::new()
        .route(accuauth::PATH, any(accuauth::id_selfie))
        .route(glair::PATH, any(glair::verification))
        .route(&kredibel_path(&settings.kredibel_prefix), any(kredibel::issuance))
        .route("/livez", get(ops::livez).fallback(ops::wrong_method))
        .route("/readyz", get(ops::readyz).fallback(ops::wrong_method))
        .fallback(unrouted::unknown_path)
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), unrouted::catch_panic))
        .with_state(desk)
}

/// The path of the Kredibel dialect below its prefix.
fn kredibel_path(prefix: &str) -> String {
    format!("{}{}", prefix.trim_end_matches('/'), kredibel::PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_may_end_in_a_slash_or_not() {
        let rows = [
            ("/", "/v1/certificate/issuance"),
            ("", "/v1/certificate/issuance"),
            ("/kredibel", "/kredibel/v1/certificate/issuance"),
            ("/kredibel/", "/kredibel/v1/certificate/issuance"),
            ("/a/b", "/a/b/v1/certificate/issuance"),
        ];
        for (prefix, path) in rows {
            assert_eq!(kredibel_path(prefix), path, "{prefix}");
        }
    }
}

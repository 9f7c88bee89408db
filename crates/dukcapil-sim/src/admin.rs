//! What a tester may ask of the simulator while it runs. On a listener of its own, on this machine alone.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, put};
use http::StatusCode;
use serde::Deserialize;

use crate::books::Calls;
use crate::faults::FaultRule;
use crate::server::World;

/// The quota to set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quota {
    /// Calls left for each service; nothing for without bound.
    left: Option<u64>,
}

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/sim/faults", put(set_faults).get(faults))
        .route("/sim/quota", put(set_quota))
        .route("/sim/calls", get(calls))
        .with_state(world)
}

async fn set_faults(State(world): State<Arc<World>>, Json(rules): Json<Vec<FaultRule>>) -> StatusCode {
    world.faults.set(rules);
    StatusCode::NO_CONTENT
}

async fn faults(State(world): State<Arc<World>>) -> Json<Vec<FaultRule>> {
    Json(world.faults.rules())
}

async fn set_quota(State(world): State<Arc<World>>, Json(quota): Json<Quota>) -> StatusCode {
    world.books.set_quota(quota.left);
    StatusCode::NO_CONTENT
}

async fn calls(State(world): State<Arc<World>>) -> Json<Calls> {
    Json(world.books.calls())
}

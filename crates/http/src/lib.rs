//! The three wire protocols over HTTP.
//!
//! A dialect is a translation: a request on the wire becomes an engine's request, and a recorded answer becomes bytes.
//! No check of a person lives here.

mod answer;
mod conversation;
mod desk;
mod dialect;
mod intake;
mod ops;
mod router;
mod serve;
mod settings;

pub use ops::metrics::{Render, serve_metrics};
pub use router::router;
pub use serve::serve;
pub use settings::{BodyLimits, HttpSettings};

//! Inference: a fixed set of threads, each with its own sessions, behind a bounded queue.

mod bench;
mod form;
mod library;
mod network;
mod workers;

pub use self::bench::{Bench, ModelError};
pub use self::library::LibraryError;
pub use self::workers::{RunError, StartError, Workers, WorkersConfig};

pub(crate) use self::bench::Scratch;
pub(crate) use self::network::Network;

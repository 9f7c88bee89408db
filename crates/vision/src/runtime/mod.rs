//! Inference: a fixed set of threads, each with its own sessions, behind a bounded queue.

mod bench;
mod form;
mod library;
mod memory;
mod network;
mod recording;
mod workers;

pub use self::bench::{Bench, ModelError};
pub use self::library::LibraryError;
pub use self::memory::resident_bytes;
pub use self::recording::{Lap, ModelRun, Recording};
pub use self::workers::{RunError, StartError, Workers, WorkersConfig};

pub(crate) use self::bench::Scratch;
pub(crate) use self::network::Network;

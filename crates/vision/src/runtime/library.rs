//! The process's one ONNX Runtime.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;

/// The environment, made once: ONNX Runtime allows one a process.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// Why ONNX Runtime does not start.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The shared library cannot be loaded, or is too old.
    #[error(
        "the ONNX Runtime library cannot be loaded: run scripts/fetch-runtime, or name another file in the configuration"
    )]
    Load(#[from] ort::LoadDynamicError),
    /// It loaded, but refused to start.
    #[error("ONNX Runtime does not start")]
    Start(#[from] ort::Error),
    /// It cannot read a model's graph.
    #[error("ONNX Runtime cannot load the model {model}")]
    Graph {
        /// Name and version.
        model: String,
        /// Why.
        source: ort::Error,
    },
    /// A model's inputs or outputs are not what its entry in the manifest says.
    #[error("the model {model} does not fit its entry in the manifest: {what}")]
    Form {
        /// Name and version.
        model: String,
        /// What does not fit.
        what: String,
    },
}

/// The environment; the library given first is the one that is loaded.
pub(super) fn environment(library: &Path) -> Result<Environment, LibraryError> {
    let mut slot = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = slot.as_ref() {
        return Ok(environment.clone());
    }
    let environment = ort::init_from(library)?.with_name("absah").with_telemetry(false).build()?;
    environment.set_log_level(LogLevel::Error);
    Ok(slot.insert(environment).clone())
}

//! The models the server may load: named in one manifest, found beside the program, checked before use.

mod files;
mod manifest;
mod places;

pub(crate) use self::files::ModelFile;
pub use self::files::Models;
pub use self::manifest::{CalibrationEntry, Channels, Input, Manifest, ModelEntry, Origin, Role};
pub use self::places::{Places, RUNTIME_VERSION};

use std::path::PathBuf;

/// Why the models cannot be used. Every message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// No folder with a manifest in any of the places looked at.
    #[error(
        "no models/manifest.toml beside the program or in a folder above it: run from the project, or name the folder in the configuration"
    )]
    NoManifest,
    /// No ONNX Runtime library in any of the places looked at.
    #[error(
        "no ONNX Runtime library (libonnxruntime.so): run scripts/fetch-runtime, or name the file in the configuration"
    )]
    NoLibrary,
    /// A file could not be read.
    #[error("{} cannot be read: restore it from the repository", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The manifest is not valid.
    #[error("{} is no valid manifest: restore it from the repository", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// The manifest names no model, or more than one, for a role.
    #[error(
        "the manifest names {count} models as {role}, and has to name one: restore it from the repository"
    )]
    Role {
        /// The role.
        role: Role,
        /// How many models claim it.
        count: usize,
    },
    /// A model lacks something its role needs, or its numbers make no sense.
    #[error("the manifest's entry for {model} is not usable ({what}): restore it from the repository")]
    Entry {
        /// The model.
        model: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A file's SHA-256 is not the manifest's.
    #[error("{} has SHA-256 {found}, not the manifest's {expected}: restore it from the repository, or make it anew with models/prepare", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
        /// The manifest's, in hexadecimal.
        expected: String,
        /// The file's, in hexadecimal.
        found: String,
    },
}

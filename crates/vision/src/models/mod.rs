//! The models the server may load: named in one manifest, found beside the program, checked before use.

mod files;
mod input;
mod manifest;
mod places;
mod selection;

pub(crate) use self::files::ModelFile;
pub use self::files::{FittedScale, Models};
pub use self::input::{Channels, Input, PerChannel};
pub use self::manifest::{
    AlignmentEntry, CalibrationEntry, ClassOutput, Look, Manifest, ModelEntry, Origin, Presentation, Role,
    Sampling, ScaleEntry,
};
pub use self::places::{Places, RUNTIME_VERSION};
pub use self::selection::Selection;

use std::path::PathBuf;

use absah_core::face::{OtherModel, Profile};

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
    #[error("{} cannot be read: restore it, or name another folder of models", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The manifest is not valid.
    #[error("{} is no valid manifest: docs/models.md lists its keys", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// An included manifest includes another.
    #[error("{} is included by another manifest and may not include one itself", path.display())]
    IncludesFurther {
        /// The included manifest.
        path: PathBuf,
    },
    /// It is not clear which model serves a role.
    #[error("the manifest's models for {role} ({names}) leave open which to use: name it under [active]")]
    Role {
        /// The role.
        role: Role,
        /// The models that claim it.
        names: String,
    },
    /// A model is asked for that the manifest does not have.
    #[error("the manifest has no {role} {id}: it has {names}")]
    Unknown {
        /// The role.
        role: Role,
        /// What was asked for.
        id: String,
        /// The models of that role.
        names: String,
    },
    /// Two entries have the same name and version.
    #[error("the manifest names {id} twice: templates of two models could be taken for each other's")]
    Twice {
        /// Name and version.
        id: String,
    },
    /// An operator's anchors make no scale.
    #[error(
        "vision.calibration.{profile}: anchors have to be two or more, cosines and scores rising, scores 0 to 100"
    )]
    Anchors {
        /// The profile.
        profile: Profile,
    },
    /// An operator's scale was fitted with another model than the one that serves.
    #[error(
        "vision.calibration: {0}; fit it anew with `absah calibrate`, or choose the model it was fitted with"
    )]
    OtherModel(#[from] OtherModel),
    /// A model lacks something its role needs, or its numbers make no sense.
    #[error("the manifest's entry for {model} is not usable ({what}): docs/models.md explains every key")]
    Entry {
        /// The model.
        model: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A file's SHA-256 is not the manifest's.
    #[error("{} has SHA-256 {found}, not the manifest's {expected}: restore the file, or, if it is meant to be this one, name its SHA-256", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
        /// The manifest's, in hexadecimal.
        expected: String,
        /// The file's, in hexadecimal.
        found: String,
    },
}

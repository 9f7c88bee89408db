//! The manifest: `models/manifest.toml`.

use std::fmt;

use absah_core::face::{Calibration, ModelId};
use serde::Deserialize;

use super::ModelsError;

/// The whole manifest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its models, in file order.
    #[serde(rename = "model")]
    pub models: Vec<ModelEntry>,
}

/// One model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    /// Its name, without version.
    pub name: String,
    /// Its version, as its publisher names it.
    pub version: String,
    /// What it does.
    pub role: Role,
    /// The served file, relative to the manifest.
    pub file: String,
    /// The served file's SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// Its licence, as an SPDX identifier.
    pub licence: String,
    /// The licence's text, relative to the manifest.
    pub licence_file: String,
    /// How many features a template has (recogniser).
    pub template_length: Option<usize>,
    /// How pictures are fed to it.
    pub input: Input,
    /// What the served file was made from.
    pub origin: Origin,
    /// How its cosines read as scores (recogniser).
    pub calibration: Option<CalibrationEntry>,
}

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Finds faces and their five landmarks.
    FaceDetector,
    /// Turns an aligned face into a template.
    FaceRecogniser,
    /// Tells a bona fide presentation from an attack.
    PresentationAttack,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FaceDetector => "face-detector",
            Self::FaceRecogniser => "face-recogniser",
            Self::PresentationAttack => "presentation-attack",
        })
    }
}

/// How pictures are fed: (value - mean) * scale for values of 0 to 255, in planes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where given, other sizes may be fed as well: multiples of this.
    pub multiple_of: Option<u32>,
    /// Order of the planes.
    pub channels: Channels,
    /// Subtracted from every value.
    pub mean: f32,
    /// Multiplied with what is left.
    pub scale: f32,
}

/// Order of the colour planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

/// What a served file was made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// `pypi` or `npm`.
    pub registry: String,
    /// Package and exact version, as the registry's client takes it.
    pub package: String,
    /// The file inside the package.
    pub path: String,
    /// The original file's SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

/// How a recogniser's cosines read as scores, and where that was fitted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationEntry {
    /// Anchors of (cosine, score), both strictly rising.
    pub anchors: Vec<(f32, f64)>,
    /// What it was fitted on, for people to read.
    pub fitted_on: String,
}

impl ModelEntry {
    /// Name and version, as templates and evidence carry them.
    pub fn id(&self) -> ModelId {
        format!("{}-{}", self.name, self.version).into()
    }

    /// The recogniser's calibration.
    pub fn calibration(&self) -> Result<Calibration, ModelsError> {
        let anchors = self.calibration.as_ref().map(|entry| entry.anchors.clone()).unwrap_or_default();
        Calibration::new(self.id(), anchors)
            .map_err(|_| self.unusable("calibration: two or more anchors, rising, scores 0 to 100"))
    }

    /// Checks what the types cannot say.
    pub(super) fn check(&self) -> Result<(), ModelsError> {
        let sides = [self.input.width, self.input.height];
        if sides.iter().any(|side| !(1..=4096).contains(side)) {
            return Err(self.unusable("input: sides of 1 to 4096 pixels"));
        }
        if self.input.multiple_of.is_some_and(|step| step == 0 || sides.iter().any(|side| side % step != 0)) {
            return Err(self.unusable("input: sides that are multiples of multiple_of"));
        }
        if self.role == Role::FaceRecogniser {
            self.calibration()?;
            if !self.template_length.is_some_and(|length| (1..=4096).contains(&length)) {
                return Err(self.unusable("template_length: 1 to 4096"));
            }
        }
        Ok(())
    }

    fn unusable(&self, what: &'static str) -> ModelsError {
        ModelsError::Entry { model: self.name.clone(), what }
    }
}

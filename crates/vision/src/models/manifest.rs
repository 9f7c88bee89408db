//! The manifest: `manifest.toml` of a folder of models.

use std::fmt;
use std::path::PathBuf;

use absah_core::face::{Calibration, ModelId, Profile, Scales};
use serde::Deserialize;

use super::{Input, ModelsError, Selection};
use crate::card::Alphabet;

/// The whole manifest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Another folder whose manifest's models are known here as well; relative to this folder.
    pub include: Option<PathBuf>,
    /// Which models serve, where several could.
    #[serde(default)]
    pub active: Selection,
    /// Its models, in file order.
    #[serde(rename = "model", default)]
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
    pub file: PathBuf,
    /// The served file's SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// Its licence, as an SPDX identifier.
    pub licence: String,
    /// The licence's text, relative to the manifest.
    pub licence_file: Option<PathBuf>,
    /// How many features a template has (recogniser).
    pub template_length: Option<usize>,
    /// How pictures are fed to it.
    pub input: Input,
    /// What the served file was made from.
    pub origin: Option<Origin>,
    /// Where a face's landmarks lie in what the recogniser is fed; without it the five-point template of ArcFace.
    pub alignment: Option<AlignmentEntry>,
    /// What a presentation-attack model sees and says.
    pub presentation: Option<Presentation>,
    /// The characters a text recogniser tells apart, in the order of its classes after the blank.
    pub alphabet: Option<String>,
    /// How its cosines read as scores (recogniser).
    pub calibration: Option<CalibrationEntry>,
}

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Finds faces and their five landmarks, with YuNet's outputs.
    FaceDetector,
    /// Turns an aligned face into a template.
    FaceRecogniser,
    /// Finds the 468 points of a face's mesh.
    FaceLandmarks,
    /// Tells an open eye from a closed or covered one.
    EyeState,
    /// Tells a bona fide presentation from an attack.
    PresentationAttack,
    /// Finds lines of text.
    TextDetector,
    /// Reads a line of text.
    TextRecogniser,
    /// Reads again, slower and surer, what the other one was unsure of.
    TextRecogniserFine,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FaceDetector => "face-detector",
            Self::FaceRecogniser => "face-recogniser",
            Self::FaceLandmarks => "face-landmarks",
            Self::EyeState => "eye-state",
            Self::PresentationAttack => "presentation-attack",
            Self::TextDetector => "text-detector",
            Self::TextRecogniser => "text-recogniser",
            Self::TextRecogniserFine => "text-recogniser-fine",
        })
    }
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
    /// The file with a text recogniser's characters, inside the package.
    pub dictionary: Option<String>,
    /// That file's SHA-256, in lower-case hexadecimal.
    pub dictionary_sha256: Option<String>,
}

/// Where the landmarks of an aligned face lie.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlignmentEntry {
    /// The eye on the left of the picture, the other eye, the tip of the nose, the left corner of the mouth, the other;
    /// in pixels of the model's input, from its top left.
    pub landmarks: [[f32; 2]; 5],
}

/// What a presentation-attack model sees and says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presentation {
    /// How many times the face's bounds it sees.
    pub crop: f32,
    /// Further looks at the same face, each a run of the model; the mean of all looks' log odds counts.
    #[serde(default)]
    pub also: Vec<Look>,
    /// How many classes it tells apart.
    pub classes: usize,
    /// Which of them, counted from 0, is the bona fide one; the others are kinds of attack.
    pub bona_fide: usize,
    /// What its numbers are.
    #[serde(default)]
    pub output: ClassOutput,
    /// How the picture is brought to its input.
    #[serde(default)]
    pub sampling: Sampling,
    /// What its log odds count in the score, beside other models' (see [`crate::runtime::Bench::presentation`]).
    #[serde(default = "one")]
    pub weight: f64,
    /// Added to its weighted log odds: moves the score of 50 to where it should be.
    #[serde(default)]
    pub offset: f64,
}

/// Each look is a run of the model, which a request waits for.
const MOST_FURTHER_LOOKS: usize = 8;

/// One look of a presentation-attack model at a face.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// How many times the face's bounds it sees.
    pub crop: f32,
    /// Whether it sees the mirror image.
    #[serde(default)]
    pub mirrored: bool,
}

impl Presentation {
    /// All looks, the first as the model was trained.
    pub fn looks(&self) -> impl Iterator<Item = Look> {
        std::iter::once(Look { crop: self.crop, mirrored: false }).chain(self.also.iter().copied())
    }
}

fn one() -> f64 {
    1.0
}

/// How a picture is brought to a model's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sampling {
    /// Read at as many points as the input has pixels, as most classifiers were trained.
    #[default]
    Point,
    /// Averaged over what each pixel of the input covers: evens out the noise of dim light.
    Area,
}

/// What a classifier's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassOutput {
    /// Softmax makes probabilities of them.
    #[default]
    Logits,
    /// They are probabilities, 0 to 1, already.
    Probabilities,
}

/// How a recogniser's cosines read as scores, and where that was fitted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationEntry {
    /// Anchors of (cosine, score), both strictly rising: for the selfie with the registry's portrait, and for the other
    /// profiles where they have none of their own.
    pub anchors: Vec<(f32, f64)>,
    /// What they were fitted on, for people to read.
    pub fitted_on: String,
    /// The cosine that the strict level asks for at least.
    pub strict: Option<f32>,
    /// The cosine that a score of 75 never stands below, whatever is measured when the scale is fitted anew.
    pub floor: Option<f32>,
    /// For the selfie with the card's portrait.
    pub selfie_card: Option<ScaleEntry>,
    /// For the card's portrait with the registry's.
    pub card_portrait: Option<ScaleEntry>,
}

/// One profile's own scale.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleEntry {
    /// Anchors of (cosine, score), both strictly rising.
    pub anchors: Vec<(f32, f64)>,
    /// What they were fitted on, for people to read.
    pub fitted_on: String,
}

impl ModelEntry {
    /// Name and version, as templates and evidence carry them.
    pub fn id(&self) -> ModelId {
        format!("{}-{}", self.name, self.version).into()
    }

    /// The recogniser's scales; `None` where it was not calibrated.
    ///
    /// # Errors
    /// Anchors that do not rise, or a strict cosine that is none.
    pub fn scales(&self) -> Result<Option<Scales>, ModelsError> {
        let Some(entry) = &self.calibration else { return Ok(None) };
        let unusable = || self.unusable("calibration: two or more anchors, rising, scores 0 to 100");
        let scale =
            |anchors: &[(f32, f64)]| Calibration::new(self.id(), anchors.to_vec()).map_err(|_| unusable());
        let mut cosines = [entry.strict, entry.floor].into_iter().flatten();
        if cosines.any(|cosine| !(-1.0..1.0).contains(&cosine)) {
            return Err(self.unusable("calibration: strict and floor are cosines, -1 to 1"));
        }
        let mut scales = Scales::new(scale(&entry.anchors)?).with_strict(entry.strict);
        let own = [(Profile::SelfieCard, &entry.selfie_card), (Profile::CardPortrait, &entry.card_portrait)];
        for (profile, entry) in own {
            if let Some(ScaleEntry { anchors, .. }) = entry {
                scales = scales.with(profile, scale(anchors)?).map_err(|_| unusable())?;
            }
        }
        Ok(Some(scales))
    }

    /// Checks what the types cannot say.
    pub(super) fn check(&self) -> Result<(), ModelsError> {
        match self.fault() {
            Some(what) => Err(self.unusable(what)),
            None => self.scales().map(|_| ()),
        }
    }

    fn fault(&self) -> Option<&'static str> {
        self.input.fault().or_else(|| match self.role {
            Role::FaceDetector | Role::FaceLandmarks | Role::EyeState | Role::TextDetector => None,
            Role::TextRecogniser | Role::TextRecogniserFine => self.text_recogniser_fault(),
            Role::FaceRecogniser => self.recogniser_fault(),
            Role::PresentationAttack => self.presentation_fault(),
        })
    }

    fn recogniser_fault(&self) -> Option<&'static str> {
        let Input { width, height, .. } = self.input;
        let length_fits = self.template_length.is_some_and(|length| (1..=4096).contains(&length));
        let own = |entry: AlignmentEntry| entry.landmarks.iter().flatten().all(|place| place.is_finite());
        if !length_fits {
            Some("template_length: 1 to 4096")
        } else if width != height || width > 512 {
            Some("input: a recogniser is fed squares of at most 512 pixels")
        } else if !self.alignment.is_none_or(own) {
            Some("alignment: five landmarks of finite places")
        } else if self.alignment.is_none() && width != 112 {
            Some("alignment: where the input is not 112 pixels wide, the five landmarks have to be given")
        } else {
            None
        }
    }

    fn text_recogniser_fault(&self) -> Option<&'static str> {
        let known = Alphabet::new(self.alphabet.as_deref().unwrap_or_default());
        let sound = known.is_some() && self.input.multiple_of.is_some();
        (!sound).then_some("alphabet: 1 to 127 characters, none twice; input: multiple_of for the free width")
    }

    fn presentation_fault(&self) -> Option<&'static str> {
        let sound = self.presentation.as_ref().is_some_and(|entry| {
            entry.looks().all(|look| (0.5..=8.0).contains(&look.crop))
                && entry.also.len() <= MOST_FURTHER_LOOKS
                && (2..=1000).contains(&entry.classes)
                && entry.bona_fide < entry.classes
                && (0.0..=100.0).contains(&entry.weight)
                && (-100.0..=100.0).contains(&entry.offset)
        });
        (!sound).then_some(
            "presentation: crop 0.5 to 8, also at most 8, classes from 2, bona_fide below classes, weight 0 to 100, offset -100 to 100",
        )
    }

    fn unusable(&self, what: &'static str) -> ModelsError {
        ModelsError::Entry { model: self.id().to_string(), what }
    }
}

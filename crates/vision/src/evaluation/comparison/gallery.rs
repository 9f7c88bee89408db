//! The templates of many captures, each made once.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use absah_core::face::FaceTemplate;

use super::slices::Bands;
use crate::admission::{PictureBounds, PixelBudget, admit};
use crate::crew::{self, Done, Progress};
use crate::degrade::{self, Dice};
use crate::evaluation::EvaluationError;
use crate::face::{AlignedFace, Face};
use crate::models::Models;
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

/// A picture, as it is or as a card's portrait.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Capture {
    pub(super) path: PathBuf,
    /// Its name within the set: with the seed it decides how the card is drawn.
    pub(super) name: String,
    /// The seed of the simulated card; `None` where the picture is taken as it is.
    pub(super) card: Option<u64>,
}

/// What a capture gave.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) template: FaceTemplate,
    pub(super) bands: Bands,
}

/// Samples in the order of their captures; `None` is a failure to acquire.
pub(super) struct Gallery {
    pub(super) samples: Vec<Option<Sample>>,
    /// Time of all threads together: reading, decoding, detecting, aligning, embedding; where cards are simulated, that
    /// as well.
    pub(super) busy: Duration,
}

impl Gallery {
    /// Embeds every capture on `jobs` threads (at least one).
    pub(super) fn embed(
        models: &Models,
        captures: &[Capture],
        jobs: usize,
        progress: Progress,
    ) -> Result<Self, EvaluationError> {
        let Done { results: samples, busy } = crew::each(models, captures, jobs, progress, acquire)?;
        Ok(Self { samples, busy })
    }

    /// Captures without a template.
    pub(super) fn failures(&self) -> usize {
        self.samples.iter().filter(|sample| sample.is_none()).count()
    }
}

/// The sample of the face nearest the picture's centre; `None` where the picture cannot be decoded or shows none.
fn acquire(bench: &mut Bench, capture: &Capture) -> Result<Option<Sample>, EvaluationError> {
    let Capture { path, name, card } = capture;
    let bytes = fs::read(path).map_err(|source| EvaluationError::Read { path: path.into(), source })?;
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    let Ok(picture) = admit(&bytes, &any, &PixelBudget::default()) else { return Ok(None) };
    let upright = bench.detect_upright_nearest_centre(&picture)?;
    let (picture, Some(face)) = (upright.picture(), upright.faces().first()) else { return Ok(None) };
    let Some(seed) = card else { return sample(bench, picture, face) };

    let Some(portrait) = degrade::card_portrait(picture, face, &mut Dice::new(*seed, name)) else {
        return Ok(None);
    };
    match bench.detect_nearest_centre(&portrait)? {
        Some(face) => sample(bench, &portrait, &face),
        None => Ok(None),
    }
}

fn sample(bench: &mut Bench, picture: &Picture, face: &Face) -> Result<Option<Sample>, EvaluationError> {
    // Landmarks without extent: nothing to align by.
    let Some(aligned) = AlignedFace::cut(picture, face) else { return Ok(None) };
    let bands = Bands::measure(&aligned, picture, face);
    match bench.embed_aligned(picture, face, &aligned) {
        Ok(template) => Ok(Some(Sample { template, bands })),
        // Features without a length, or landmarks too near each other for the recogniser's own alignment.
        Err(ModelError::Output) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

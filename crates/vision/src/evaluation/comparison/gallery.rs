//! The templates of many captures, each made once.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use absah_core::face::FaceTemplate;

use super::pipeline::Pipeline;
use super::slices::Bands;
use super::trial::{Timed, Trial};
use crate::crew::{self, Done, Progress};
use crate::degrade::{self, Dice, Loss};
use crate::evaluation::{EvaluationError, picture};
use crate::models::Models;
use crate::picture::Picture;
use crate::runtime::Bench;

/// A picture, and what is made of it before it is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Capture {
    pub(super) path: PathBuf,
    /// Its name within the set: with the seed it decides what the dice say.
    pub(super) name: String,
    pub(super) made: Made,
}

/// What is made of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Made {
    /// Nothing.
    AsItIs,
    /// A card's portrait, by this seed.
    Card(u64),
    /// A poorer picture, by this seed.
    Poorer(Loss, u64),
}

/// What a capture gave.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) template: FaceTemplate,
    pub(super) bands: Bands,
}

/// Samples in the order of their captures; `None` is a failure to acquire.
#[derive(Default)]
pub(super) struct Gallery {
    pub(super) samples: Vec<Option<Sample>>,
    /// Time of all threads together: reading, decoding, detecting, aligning, embedding; where cards or poorer pictures
    /// are simulated, that as well.
    pub(super) busy: Duration,
}

impl Gallery {
    /// Embeds every capture by every pipeline, on `jobs` threads (at least one): a gallery a pipeline, in their order.
    pub(super) fn embed(
        models: &Models,
        captures: &[Capture],
        pipelines: &[Pipeline],
        jobs: usize,
        progress: Progress,
    ) -> Result<Vec<Self>, EvaluationError> {
        let acquire = |bench: &mut Bench, capture: &Capture| acquire(bench, capture, pipelines);
        let Done { results, busy: _ } = crew::each(models, captures, jobs, progress, acquire)?;
        let mut galleries: Vec<Self> = pipelines.iter().map(|_| Self::default()).collect();
        for samples in results {
            for (gallery, Timed { value, took }) in galleries.iter_mut().zip(samples) {
                gallery.samples.push(value);
                gallery.busy += took;
            }
        }
        Ok(galleries)
    }

    /// Captures without a template.
    pub(super) fn failures(&self) -> usize {
        self.samples.iter().filter(|sample| sample.is_none()).count()
    }
}

/// The samples of the face nearest the picture's centre, one a pipeline; `None` where the picture cannot be decoded or
/// shows none.
fn acquire(
    bench: &mut Bench,
    capture: &Capture,
    pipelines: &[Pipeline],
) -> Result<Vec<Timed<Option<Sample>>>, EvaluationError> {
    let begun = Instant::now();
    let picture = made(bench, capture)?;
    let took = begun.elapsed();
    let mut samples = match &picture {
        Some(picture) => {
            // A card is drawn upright.
            let is_upright = matches!(capture.made, Made::Card(_));
            Trial::of(picture, is_upright).samples(bench, pipelines)?
        }
        None => pipelines.iter().map(|_| Timed::default()).collect(),
    };
    samples.iter_mut().for_each(|sample| sample.took += took);
    Ok(samples)
}

/// The capture's picture; `None` where it cannot be decoded, or nothing could be made of it.
///
/// What is made of it is made around the face that the server finds: all pipelines are shown the same.
fn made(bench: &mut Bench, capture: &Capture) -> Result<Option<Picture>, EvaluationError> {
    let Capture { path, name, made } = capture;
    fs::metadata(path).map_err(|source| EvaluationError::Read { path: path.into(), source })?;
    let Some(picture) = picture::read(path) else { return Ok(None) };
    let (Made::Card(seed) | Made::Poorer(_, seed)) = made else { return Ok(Some(picture)) };
    let upright = bench.detect_upright_nearest_centre(&picture)?;
    let Some(face) = upright.faces().first() else { return Ok(None) };
    let mut dice = Dice::new(*seed, name);
    Ok(match made {
        Made::Poorer(loss, _) => loss.of(upright.picture(), face, &mut dice),
        Made::Card(_) | Made::AsItIs => degrade::card_portrait(upright.picture(), face, &mut dice),
    })
}

//! What a decision and the reading of a card are measured against.

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::admission::{AdmissionError, PictureBounds, PixelBudget, admit};
use crate::runtime::{Bench, Lap, ModelError, ModelRun, Recording};

/// A selfie of 1.5 megapixels, as a phone sends it: a public-domain photograph (see `tests/data/README.md`).
pub const SELFIE: &[u8] = include_bytes!("../tests/data/selfie-1.5mp.jpg");

/// Why there is no floor.
#[derive(Debug, thiserror::Error)]
pub enum FloorError {
    /// The text is no base64.
    #[error("the picture's text is no base64")]
    Base64(#[from] base64::DecodeError),
    /// The library that decodes photographs does not read the picture.
    #[error("the picture is neither a JPEG nor a PNG that can be decoded")]
    Picture(#[from] image::ImageError),
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The time of what no code around it can save: base64, decoding by the same library, and the same runs of the same
/// models on nothing.
///
/// Nothing is bounded or checked here: for pictures of one's own only.
///
/// # Errors
/// One of the three could not be done.
pub fn floor(bench: &mut Bench, text: &str, runs: &[ModelRun]) -> Result<Duration, FloorError> {
    let begun = Instant::now();
    let bytes = STANDARD.decode(text)?;
    black_box(image::load_from_memory(&bytes)?.into_rgb8());
    bench.run_again(runs)?;
    Ok(begun.elapsed())
}

/// How long reading a card took.
#[derive(Debug, Clone)]
pub struct CardTimes {
    /// Admission with decoding, finding, rectifying, lines, text and fields.
    pub whole: Duration,
    /// The same runs of the text detector and the recognisers, alone.
    pub models: Duration,
    /// How many runs those were.
    pub runs: usize,
    /// The stages of the whole, with their runs, in their order.
    pub stages: Vec<(&'static str, Duration)>,
}

/// Reads a card, and directly after that runs the same models as often on nothing of the same sizes.
///
/// # Errors
/// The picture is not admitted, or a model failed.
pub fn card(bench: &mut Bench, bytes: &[u8], budget: &PixelBudget) -> Result<CardTimes, CardBenchmarkError> {
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    let begun = Instant::now();
    bench.start_recording();
    let picture = admit(bytes, &any, budget)?;
    bench.lap("admit and decode");
    black_box(bench.read_card(&picture)?);
    let whole = begun.elapsed();
    let Recording { runs, laps } = bench.take_recording();
    let mut stages: Vec<(&'static str, Duration)> = Vec::new();
    for Lap { stage, took } in laps {
        match stages.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, sum)) => *sum += took,
            None => stages.push((stage, took)),
        }
    }
    let begun = Instant::now();
    bench.run_again(&runs)?;
    Ok(CardTimes { whole, models: begun.elapsed(), runs: runs.len(), stages })
}

/// Why reading a card was not measured.
#[derive(Debug, thiserror::Error)]
pub enum CardBenchmarkError {
    /// The picture is not one that can be read.
    #[error("the picture cannot be read: {0}")]
    Picture(#[from] AdmissionError),
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}

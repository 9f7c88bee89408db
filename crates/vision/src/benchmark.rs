//! What a decision is measured against.

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::runtime::{Bench, ModelError, ModelRun};

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

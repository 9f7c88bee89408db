//! One decision, measured.

use std::hint::black_box;
use std::time::{Duration, Instant};

use absah_core::face::{FaceTemplate, Profile, Scales};
use absah_core::policy::Policy;
use absah_vision::admission::{PictureBounds, PixelBudget, admit};
use absah_vision::benchmark;
use absah_vision::picture::Picture;
use absah_vision::runtime::{Bench, Recording};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::BenchmarkError;
use crate::biometrics::{SelfieFinding, examine_selfie};

/// A picture as it comes in, and the template it is compared with.
pub(super) struct Subject {
    text: String,
    template: FaceTemplate,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Subject {
    pub(super) fn of(
        bench: &mut Bench,
        bytes: &[u8],
        budget: &PixelBudget,
        policy: &Policy,
    ) -> Result<Self, BenchmarkError> {
        let picture = admitted(bytes, budget)?;
        let template = template(bench, &picture, policy)?;
        let (width, height) = (picture.width(), picture.height());
        Ok(Self { text: STANDARD.encode(bytes), template, width, height })
    }
}

/// The times of one decision.
pub(super) struct Round {
    pub(super) whole: Duration,
    pub(super) recording: Recording,
    /// Measured directly after the decision; `None` where it was not asked for.
    pub(super) floor: Option<Duration>,
}

impl Round {
    pub(super) fn run(
        bench: &mut Bench,
        subject: &Subject,
        budget: &PixelBudget,
        policy: &Policy,
        scales: &Scales,
        with_floor: bool,
    ) -> Result<Self, BenchmarkError> {
        let begun = Instant::now();
        bench.start_recording();
        let bytes = STANDARD.decode(&subject.text).map_err(|_| BenchmarkError::Picture)?;
        bench.lap("base64");
        let picture = admitted(&bytes, budget)?;
        bench.lap("admit and decode");
        let template = template(bench, &picture, policy)?;
        black_box(scales.compare(Profile::SelfiePortrait, &template, &subject.template));
        bench.lap("compare");
        // Wiping the pixels is part of a decision.
        drop((bytes, picture));
        bench.lap("wipe");
        let whole = begun.elapsed();
        let recording = bench.take_recording();
        let floor =
            if with_floor { Some(benchmark::floor(bench, &subject.text, &recording.runs)?) } else { None };
        Ok(Self { whole, recording, floor })
    }
}

fn admitted(bytes: &[u8], budget: &PixelBudget) -> Result<Picture, BenchmarkError> {
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    admit(bytes, &any, budget).map_err(|_| BenchmarkError::Picture)
}

fn template(bench: &mut Bench, picture: &Picture, policy: &Policy) -> Result<FaceTemplate, BenchmarkError> {
    match examine_selfie(bench, picture, policy)? {
        SelfieFinding::Face { template: Some(template), .. } => Ok(template),
        SelfieFinding::Face { .. } | SelfieFinding::NoFace => Err(BenchmarkError::Picture),
    }
}

//! What a bench did and how long it took, written down where somebody asked for it.

use std::time::{Duration, Instant};

/// A stage and its time: everything since the stage before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lap {
    /// Its name.
    pub stage: &'static str,
    /// How long it took.
    pub took: Duration,
}

/// One run of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRun {
    /// Name and version.
    pub model: String,
    /// Width of what it was fed, in pixels.
    pub width: usize,
    /// Height, likewise.
    pub height: usize,
    /// How long ONNX Runtime took.
    pub took: Duration,
}

/// What was written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// The stages in their order.
    pub laps: Vec<Lap>,
    /// The runs of all models, model by model.
    pub runs: Vec<ModelRun>,
}

/// Measures laps.
#[derive(Debug)]
pub(super) struct Stopwatch {
    last: Instant,
    laps: Vec<Lap>,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    pub(super) fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.push(Lap { stage, took: now - self.last });
        self.last = now;
    }

    pub(super) fn laps(self) -> Vec<Lap> {
        self.laps
    }
}

//! `absah eval`: error rates on an operator's own pictures.

pub mod comparison;
mod faces;
mod liveness;
mod quality;

use clap::Subcommand;
use indicatif::style::TemplateError;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Ending;

/// Measure error rates on your own pictures.
#[derive(Subcommand)]
pub enum Eval {
    /// Compare faces: false match and false non-match rates by ISO/IEC 19795-1.
    Faces(faces::Faces),
    /// Detect presentation attacks: APCER by species and BPCER by ISO/IEC 30107-3.
    Liveness(liveness::Liveness),
    /// Judge quality: what the gate refuses, by the components of ISO/IEC 29794-5.
    Quality(quality::Quality),
}

impl Eval {
    pub fn run(self) -> Ending {
        match self {
            Self::Faces(command) => command.run(),
            Self::Liveness(command) => command.run(),
            Self::Quality(command) => command.run(),
        }
    }
}

/// How many threads work: as many as asked for, or one a processor.
fn jobs(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// How far a command has come, on standard error where that is a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Result<Self, TemplateError> {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} pictures, {per_sec}, {eta} left")?);
        Ok(Self(bar))
    }

    fn tell(&self, done: usize, all: usize) {
        self.0.set_length(all as u64);
        self.0.set_position(done as u64);
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}

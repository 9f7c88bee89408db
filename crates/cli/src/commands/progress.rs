//! Long work: how many threads do it, and how far it has come.

use indicatif::style::TemplateError;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How many threads work: as many as asked for, or one a processor.
pub fn jobs(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// How far a command has come, on standard error where that is a terminal.
pub struct Bar(ProgressBar);

impl Bar {
    pub fn new() -> Result<Self, TemplateError> {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} pictures, {per_sec}, {eta} left")?);
        Ok(Self(bar))
    }

    pub fn tell(&self, done: usize, all: usize) {
        self.0.set_length(all as u64);
        self.0.set_position(done as u64);
    }

    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

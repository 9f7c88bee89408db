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
    /// A bar of pictures.
    pub fn new() -> Result<Self, TemplateError> {
        Self::of("pictures")
    }

    /// A bar of whatever is counted.
    pub fn of(what: &str) -> Result<Self, TemplateError> {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let template = format!("{{bar:40}} {{human_pos}}/{{human_len}} {what}, {{per_sec}}, {{eta}} left");
        bar.set_style(ProgressStyle::with_template(&template)?);
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

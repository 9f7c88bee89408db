//! `absah eval card`: how well cards are read.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_vision::evaluation::card::evaluate;
use clap::Args;

use super::{Bar, jobs};
use crate::commands::{Common, Ending, print};
use crate::logging;
use crate::vision::models;

/// Read cards and hold every field against what is printed.
///
/// Prints one JSON object: how many cards were found, and for every field the share read exactly, the character error
/// rate, the share read at all, and the share read wrongly with the confidence to be relied on.
#[derive(Args)]
pub struct Card {
    #[command(flatten)]
    common: Common,
    /// CSV with the column path and one for each field, as `absah specimen` writes it.
    #[arg(long, value_name = "CSV")]
    manifest: PathBuf,
    /// Where the pictures lie [default: beside the manifest].
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// Where report.json and worst.html go; the page holds pictures of cards.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Card {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let models = models(&config.vision)?;
        let (jobs, bar) = (jobs(self.jobs), Bar::new()?);
        let progress = |done: usize, all: usize| bar.tell(done, all);
        let confidence = config.policy.card.confidence;
        let evaluation =
            evaluate(&models, &self.manifest, self.images.as_deref(), confidence, jobs, &progress)?;
        bar.clear();
        if let Some(out) = &self.out {
            evaluation.write(out)?;
        }
        print(serde_json::to_string(&evaluation.report)?);
        Ok(ExitCode::SUCCESS)
    }
}

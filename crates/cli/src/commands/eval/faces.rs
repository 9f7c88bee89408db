//! `absah eval faces`: error rates of the comparison.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_vision::evaluation::comparison::{evaluate_all_pairs, evaluate_pairs, fit};
use clap::Args;

use super::{Bar, jobs};
use crate::commands::{Common, Ending, note, print};
use crate::logging;
use crate::vision::models;

/// Compare pairs of faces whose truth is known, without quality gate or liveness.
///
/// Prints one JSON object; writes it to --out with a DET plot and a histogram of the scores.
#[derive(Args)]
pub struct Faces {
    #[command(flatten)]
    common: Common,
    /// Pairs: columns left, right (paths below --images) and same (1 or 0).
    #[arg(long, value_name = "CSV", requires = "images", required_unless_present = "all_pairs")]
    pairs: Option<PathBuf>,
    /// The folder the pairs' paths start from.
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// All pairs of a folder that holds one folder of pictures a person, instead of --pairs.
    #[arg(long, value_name = "DIR", conflicts_with = "pairs")]
    all_pairs: Option<PathBuf>,
    /// Where the report and the plots go.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Also fit the scale of scores to these pictures, and print its anchors as the models' manifest wants them.
    #[arg(long)]
    fit: bool,
}

impl Faces {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let models = models(&config.vision)?;
        let (jobs, bar) = (jobs(self.jobs), Bar::new()?);
        let progress = |done: usize, all: usize| bar.tell(done, all);
        let evaluation = match (&self.pairs, &self.images, &self.all_pairs) {
            (Some(pairs), Some(images), _) => evaluate_pairs(&models, pairs, images, jobs, &progress)?,
            (_, _, Some(people)) => evaluate_all_pairs(&models, people, jobs, &progress)?,
            _ => return Err("name --pairs with --images, or --all-pairs".into()),
        };
        bar.clear();
        if let Some(out) = &self.out {
            evaluation.write(out)?;
            note(format_args!("the report and its plots are in {}", out.display()));
        }
        if self.fit {
            note(fit(&evaluation));
        }
        print(serde_json::to_string(&evaluation.report)?);
        Ok(ExitCode::SUCCESS)
    }
}

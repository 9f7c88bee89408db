//! `absah eval liveness`: error rates of presentation-attack detection.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::policy::LivenessPolicy;
use absah_vision::evaluation::presentation::{self, Decision};
use clap::Args;

use super::{Bar, jobs};
use crate::commands::{Common, Ending, note, print};
use crate::logging;
use crate::vision::models;

/// Tell bona fide presentations from attacks whose truth is known, without quality gate or comparison.
///
/// Prints one JSON object. Scores are decided on by the configured thresholds.
#[derive(Args)]
pub struct Liveness {
    #[command(flatten)]
    common: Common,
    /// Presentations: columns path (below --images), label (bona_fide or attack) and species (of the attack).
    #[arg(long, value_name = "CSV")]
    manifest: PathBuf,
    /// The folder the paths start from.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// Where report, plots, scores and the page of the worst pictures go; that page holds pictures of people.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What if the score that has to be reached were this, 0 to 100, instead of the configured one.
    #[arg(long, value_name = "SCORE", value_parser = score)]
    threshold: Option<f64>,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Liveness {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let presentations = presentation::read(&self.manifest)?;
        let decision = decision(&config.policy.liveness, self.threshold);
        let models = models(&config.vision)?;
        let (jobs, bar) = (jobs(self.jobs), Bar::new()?);
        let progress = |done: usize, all: usize| bar.tell(done, all);
        let evaluation =
            presentation::evaluate(&models, presentations, &self.images, decision, jobs, &progress)?;
        bar.clear();
        if let Some(out) = &self.out {
            evaluation.write(out)?;
            note(format_args!(
                "the report, its plots and worst.html, which holds pictures of people, are in {}",
                out.display()
            ));
        }
        print(serde_json::to_string(&evaluation.report)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// The thresholds the server decides by, or another one.
fn decision(policy: &LivenessPolicy, what_if: Option<f64>) -> Decision {
    let threshold = what_if.unwrap_or(policy.threshold);
    Decision { threshold, attack_below: policy.attack_below.min(threshold) }
}

fn score(text: &str) -> Result<f64, String> {
    let score: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=100.0).contains(&score) { Ok(score) } else { Err("scores are 0 to 100".into()) }
}

//! `absah eval quality`: what the quality gate does to an operator's own pictures.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::assessment::QualityFinding;
use absah_core::policy::{Action, QualityPolicy};
use absah_engine::quality::{of_card, of_selfie, of_selfie_mesh};
use absah_vision::evaluation::quality::{Judgement, Measured, evaluate};
use clap::{Args, ValueEnum};

use super::{Bar, jobs};
use crate::commands::{Common, Ending, print};
use crate::logging;
use crate::vision::models;

/// Measure the quality of all pictures of a folder, and judge them by the policy.
///
/// Prints one JSON object: the share each measure refuses or notes, and the percentiles of every measure.
#[derive(Args)]
pub struct Quality {
    #[command(flatten)]
    common: Common,
    /// The folder; folders below it count as well.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// By whose bounds the pictures are judged.
    #[arg(long, value_enum, default_value_t = Profile::Selfie)]
    profile: Profile,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// Whose bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// A selfie's.
    Selfie,
    /// A card's portrait's.
    Card,
}

impl Quality {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let models = models(&config.vision)?;
        let (jobs, bar) = (jobs(self.jobs), Bar::new()?);
        let progress = |done: usize, all: usize| bar.tell(done, all);
        let policy = &config.policy.quality;
        let judge = |measured: &Measured| judgement(&self.profile.findings(measured, policy));
        let report = evaluate(&models, &self.images, jobs, &progress, judge)?;
        bar.clear();
        print(serde_json::to_string(&report)?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Profile {
    fn findings(self, measured: &Measured, policy: &QualityPolicy) -> Vec<QualityFinding> {
        match self {
            Self::Card => of_card(&measured.quality, policy),
            Self::Selfie => {
                let mut findings = of_selfie(&measured.quality, policy);
                findings.extend(of_selfie_mesh(&measured.mesh, policy));
                findings
            }
        }
    }
}

fn judgement(findings: &[QualityFinding]) -> Judgement {
    let codes = |action: Action| {
        findings
            .iter()
            .filter(|finding| finding.action == action)
            .map(|finding| finding.fault.reason())
            .collect()
    };
    Judgement { refused: codes(Action::Reject), flagged: codes(Action::Flag) }
}

//! `absah eval faces`: error rates of the comparison.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_vision::evaluation::comparison::fit;
use clap::Args;

use super::comparison::Comparison;
use crate::commands::{Common, Ending, note, print};
use crate::logging;
use crate::vision::models;

/// Compare pairs of faces whose truth is known, without quality gate or liveness.
///
/// Rates for parts of the pairs, by picture size, blur, pose and the attributes of the pairs file, are told at the
/// configured threshold. Prints one JSON object; writes it to --out with a DET plot and a histogram of the scores.
#[derive(Args)]
pub struct Faces {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    comparison: Comparison,
    /// Where the report and the plots go.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also fit the scale of scores to these pictures, and print its anchors as the models' manifest wants them.
    #[arg(long)]
    fit: bool,
}

impl Faces {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let models = models(&config.vision)?;
        let face = config.policy.face.on(models.scales())?;
        let evaluation = self.comparison.run(&models, face.threshold(self.comparison.profile))?;
        if let Some(out) = &self.out {
            evaluation.write(out)?;
            note(format_args!("the report and its plots are in {}", out.display()));
        }
        if self.fit {
            note(fit(&evaluation, models.floor())?);
        }
        print(serde_json::to_string(&evaluation.report)?);
        Ok(ExitCode::SUCCESS)
    }
}

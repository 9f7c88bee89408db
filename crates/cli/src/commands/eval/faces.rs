//! `absah eval faces`: error rates of the comparison.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_vision::degrade::Loss;
use absah_vision::evaluation::comparison::{Pipeline, fit};
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
    /// Measure variants of the pipeline beside the shipped one: flip, mesh, mesh_flip, only_320, only_640, no_border,
    /// border_first, separated by commas, or all.
    #[arg(long, value_name = "NAMES", value_parser = variants)]
    variants: Option<Variants>,
    /// What every picture loses first, but for those that become cards: tight (cut to the face), small (64 to 100 pixels,
    /// enlarged again) or blurred.
    #[arg(long, value_name = "NAME", value_parser = loss)]
    degrade: Option<Loss>,
    /// Where the report and the plots go.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also fit the scale of scores to these pictures, and print its anchors as the models' manifest wants them.
    #[arg(long, conflicts_with = "degrade")]
    fit: bool,
}

impl Faces {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let models = models(&config.vision)?;
        let face = config.policy.face.on(models.scales())?;
        let threshold = face.threshold(self.comparison.profile);
        let variants = self.variants.as_ref().map_or(&[][..], |Variants(variants)| variants);
        let evaluation = self.comparison.run_with(&models, threshold, variants, self.degrade)?;
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

/// Pipelines named in one word.
#[derive(Clone)]
struct Variants(Vec<Pipeline>);

/// The pipelines of names separated by commas.
fn variants(text: &str) -> Result<Variants, String> {
    if text == "all" {
        return Ok(Variants(Pipeline::ALL.to_vec()));
    }
    let names = || Pipeline::ALL.map(Pipeline::key).join(", ");
    let pipeline =
        |key| Pipeline::from_key(key).ok_or_else(|| format!("has to be all, or some of {}", names()));
    text.split(',').map(pipeline).collect::<Result<_, _>>().map(Variants)
}

/// The loss of a name.
fn loss(text: &str) -> Result<Loss, String> {
    let names = || Loss::ALL.map(Loss::key).join(", ");
    Loss::from_key(text).ok_or_else(|| format!("has to be one of {}", names()))
}

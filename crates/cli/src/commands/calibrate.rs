//! `absah calibrate`: a scale of scores fitted to an operator's own pictures.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use absah_core::face::Profile;
use absah_vision::evaluation::Rate;
use absah_vision::evaluation::comparison::{CalibrationFit, Evaluation, Operating, fit};
use clap::Args;
use serde_json::json;

use super::eval::comparison::Comparison;
use super::{Common, Ending, note, print};
use crate::logging;
use crate::vision::models;

/// The comparison score that a fitted scale has at a false match rate of 1 in 10,000.
const RECOMMENDED: f64 = 75.0;

/// Fit the scale of comparison scores to your own pictures.
///
/// Writes a configuration file for --config of every command: the scale for this recogniser and profile, and the
/// threshold it recommends. Prints one JSON object.
#[derive(Args)]
pub struct Calibrate {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    comparison: Comparison,
    /// Where the configuration file goes.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Calibrate {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let models = models(&config.vision)?;
        let profile = self.comparison.profile;
        let evaluation = self.comparison.run(&models, RECOMMENDED)?;
        let fit = fit(&evaluation, models.floor())?;
        let operating = fit.operating(&evaluation, RECOMMENDED)?;
        if let Some(out) = &self.out {
            std::fs::write(out, policy_file(profile, &evaluation, &fit, &operating))
                .map_err(|error| format!("{} cannot be written: {error}", out.display()))?;
            note(format_args!("use it with --config {}", out.display()));
        }
        if !fit.measured_75 {
            note(
                "a false match rate of 1e-4 is not resolved by so few pairs: 75 goes on from the rates that are",
            );
        }
        let report = &evaluation.report;
        print(json!({
            "model": report.model,
            "profile": profile,
            "simulated": report.simulated,
            "pairs": report.pairs,
            "genuine": report.genuine,
            "impostor": report.impostor,
            "failure_to_acquire": report.failure_to_acquire,
            "anchors": fit.anchors,
            "fmr_resolved": fit.resolved,
            "threshold": RECOMMENDED,
            "fmr": operating.fmr.rate,
            "fnmr": operating.fnmr.rate,
            "operating": operating,
            "written": self.out,
        }));
        Ok(ExitCode::SUCCESS)
    }
}

/// The fit as a configuration file: the same for the same pictures, whenever it is made.
fn policy_file(
    profile: Profile,
    evaluation: &Evaluation,
    fit: &CalibrationFit,
    operating: &Operating,
) -> String {
    let report = &evaluation.report;
    let CalibrationFit { profile: _, anchors, resolved, measured_75, fitted_on } = fit;
    let resolved: Vec<String> = resolved.iter().map(|rate| format!("{rate:e}")).collect();
    let anchors: Vec<String> =
        anchors.iter().map(|(cosine, score)| format!("[{cosine:?}, {score:?}]")).collect();
    let how = if *measured_75 {
        "75, a false match rate of 1e-4, was measured."
    } else {
        "75, a false match rate of 1e-4, is not resolved by so few pairs: it goes on in a straight line from the\n# rates that are, which is on the safe side."
    };
    let simulated = match report.simulated {
        Some(what) => format!("# Simulated: {what}.\n"),
        None => String::new(),
    };
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "# Comparison scores for {profile}, fitted by `absah calibrate`.\n\
         # {fitted_on}.\n\
         # {} of {} pictures gave no face.\n\
         {simulated}\
         # False match rates the impostor pairs resolve: {}. {how}\n\
         # At the threshold below: FMR {}; FNMR {}.\n\
         # The scale reads this recogniser's cosines and no other's: with another one, no command starts.\n\
         \n\
         [vision.calibration.{profile}]\n\
         model = {:?}\n\
         anchors = [{}]\n\
         \n\
         [policy.face.{profile}]\n\
         threshold = {RECOMMENDED:?}\n",
        report.failure_to_acquire,
        report.images,
        resolved.join(", "),
        told(&operating.fmr),
        told(&operating.fnmr),
        report.model,
        anchors.join(", "),
    );
    text
}

/// A rate with its 95 % interval, where it was none by the rule of three.
fn told(rate: &Rate) -> String {
    let Rate { errors, of, rate, interval } = rate;
    format!("{rate:.6} ({errors} of {of}; 95 %: {:.6} to {:.6})", interval.low, interval.high)
}

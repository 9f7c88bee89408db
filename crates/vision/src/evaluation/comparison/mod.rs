//! Evaluation of the comparison by ISO/IEC 19795-1: how often strangers match, how often the same person does not.
//!
//! It measures detection, alignment, embedding and comparison alone: no quality gate, no liveness. Of several faces in
//! a picture the one nearest its centre is taken. A picture without a face is a failure to acquire: it is counted as
//! such and its pairs are left out of the rates, since a missing face is no mismatch.

mod calibrate;
mod compare;
mod distribution;
mod gallery;
mod pairs;
mod plot;
mod report;

use std::path::Path;

pub use self::calibrate::{CalibrationFit, LEAST_COSINE_OF_75, fit};
pub use self::distribution::Distribution;
pub use self::report::{Operating, Report, Threshold};

use self::gallery::Gallery;
use super::crew::Progress;
use super::{EvaluationError, write_into};
use crate::models::Models;

/// A finished evaluation.
#[derive(Debug)]
pub struct Evaluation {
    /// The figures.
    pub report: Report,
    /// The cosines of the genuine pairs.
    pub genuine: Distribution,
    /// The cosines of the impostor pairs.
    pub impostor: Distribution,
}

impl Evaluation {
    /// Writes `report.json`, `det.svg` and `scores.svg` into a folder, which is made where it does not exist.
    pub fn write(&self, folder: &Path) -> Result<(), EvaluationError> {
        let report = serde_json::to_string_pretty(&self.report)? + "\n";
        write_into(
            folder,
            &[
                ("report.json", &report),
                ("det.svg", &plot::det(&self.genuine, &self.impostor)),
                ("scores.svg", &plot::scores(&self.genuine, &self.impostor, &self.report)),
            ],
        )
    }
}

/// Evaluates the pairs of a CSV file (columns `left`, `right`, `same`; paths relative to `images`) on `jobs` threads.
///
/// Every picture is embedded once. `progress` is told the number of pictures done and the number of all.
///
/// # Errors
/// [`EvaluationError::Row`] with the line for rows that cannot be read or name a file that is not there.
pub fn evaluate_pairs(
    models: &Models,
    csv: &Path,
    images: &Path,
    jobs: usize,
    progress: Progress,
) -> Result<Evaluation, EvaluationError> {
    let list = pairs::read(csv, images)?;
    let gallery = Gallery::embed(models, &list.pictures, jobs, progress)?;
    let compared = compare::listed(&gallery, &list.pairs);
    let labelled = list.labelled();
    finish(models, &gallery, compared, labelled)
}

/// Evaluates every pair of pictures under `people` (one folder a person) on `jobs` threads.
pub fn evaluate_all_pairs(
    models: &Models,
    people: &Path,
    jobs: usize,
    progress: Progress,
) -> Result<Evaluation, EvaluationError> {
    let list = pairs::of_people(people)?;
    let gallery = Gallery::embed(models, &list.pictures, jobs, progress)?;
    let compared = compare::all(&gallery, &list.person_of, jobs);
    let labelled = list.labelled();
    finish(models, &gallery, compared, labelled)
}

fn finish(
    models: &Models,
    gallery: &Gallery,
    compared: compare::Compared,
    labelled: pairs::Labelled,
) -> Result<Evaluation, EvaluationError> {
    let compare::Compared { genuine, impostor } = compared;
    if genuine.count() == 0 || impostor.count() == 0 {
        let what =
            format!("{} genuine and {} impostor pairs could be compared", genuine.count(), impostor.count());
        return Err(EvaluationError::TooFew { what });
    }
    let report = Report::new(models.calibration(), gallery, labelled, &genuine, &impostor);
    Ok(Evaluation { report, genuine, impostor })
}

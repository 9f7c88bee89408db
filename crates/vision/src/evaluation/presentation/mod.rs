//! Evaluation of presentation-attack detection by ISO/IEC 30107-3: how often attacks of each species are accepted
//! (APCER), and how often bona fide presentations are refused (BPCER).
//!
//! A picture goes the way a selfie goes in the server, without the quality gate: admitted, its most prominent face
//! found, scored. An unreadable picture and one without a face are failures to acquire, apart from every error rate.

mod decision;
mod deviate;
mod examine;
mod manifest;
mod page;
mod plot;
mod report;
mod scores;
mod tally;

use std::path::{Path, PathBuf};

pub use self::decision::Decision;
pub use self::manifest::{Label, MAX_ROWS, Presentation, UNSPECIFIED, read};
pub use self::report::{NonResponse, Report, Verdicts, VerdictsByLabel};
pub use self::tally::Operating;

use self::examine::Examined;
use self::report::Counted;
use super::{EvaluationError, write_into};
use crate::crew::{self, Done, Progress};
use crate::models::{Models, Role};

/// A finished evaluation.
#[derive(Debug)]
pub struct Evaluation {
    /// The figures.
    pub report: Report,
    presentations: Vec<Presentation>,
    examined: Vec<Examined>,
    images: PathBuf,
    decision: Decision,
}

/// Evaluates the presentations of a manifest (see [`read`]) on `jobs` threads; their paths start from `images`.
///
/// `progress` is told the number of pictures done and the number of all.
///
/// # Errors
/// [`EvaluationError::NoPictures`] where not one of the files is there; single missing ones are failures to acquire.
pub fn evaluate(
    models: &Models,
    presentations: Vec<Presentation>,
    images: &Path,
    decision: Decision,
    jobs: usize,
    progress: Progress,
) -> Result<Evaluation, EvaluationError> {
    if !presentations.iter().any(|presentation| images.join(&presentation.path).is_file()) {
        return Err(EvaluationError::NoPictures { count: presentations.len(), images: images.into() });
    }
    let Done { results: examined, busy } =
        crew::each(models, &presentations, jobs, progress, |bench, presentation| {
            examine::examine(bench, &images.join(&presentation.path))
        })?;
    let report = Report::new(&presentations, &examined, decision, deciding(models), busy);
    Ok(Evaluation { report, presentations, examined, images: images.into(), decision })
}

/// Names and versions of the models that have a part in the score.
fn deciding(models: &Models) -> Vec<String> {
    let entries = models.entries().into_iter();
    let deciding =
        entries.filter(|entry| matches!(entry.role, Role::FaceDetector | Role::PresentationAttack));
    deciding.map(|entry| entry.id().to_string()).collect()
}

impl Evaluation {
    /// Writes `report.json`, `det.svg`, `scores.svg`, `scores.csv` and `worst.html` into a folder, which is made where
    /// it does not exist. `worst.html` holds pictures of people.
    ///
    /// # Errors
    /// [`EvaluationError::Write`] with the file or folder.
    pub fn write(&self, folder: &Path) -> Result<(), EvaluationError> {
        let Self { report, presentations, examined, images, decision } = self;
        let Counted { tally, .. } = Counted::of(presentations, examined, *decision);
        write_into(
            folder,
            &[
                ("report.json", &(serde_json::to_string_pretty(report)? + "\n")),
                ("det.svg", &plot::det(&tally, &report.operating)),
                ("scores.svg", &plot::scores(&tally, decision.threshold, decision.attack_below)),
                ("scores.csv", &self.scores()?),
                ("worst.html", &page::page(presentations, examined, images, *decision, report)),
            ],
        )
    }

    /// A line for every row of the manifest, in its order.
    fn scores(&self) -> Result<String, EvaluationError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["path", "label", "species", "score", "verdict", "reason"])?;
        for (Presentation { path, label, species }, examined) in self.presentations.iter().zip(&self.examined)
        {
            let (score, verdict, reason) = match examined {
                Examined::Acquired(finding) => {
                    (format!("{:.1}", finding.score), self.decision.verdict(finding.score).key(), "")
                }
                Examined::Failed(failure) => (String::new(), "failure_to_acquire", failure.key()),
            };
            let path = path.to_string_lossy();
            writer.write_record([&path, label.key(), species.as_str(), score.as_str(), verdict, reason])?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

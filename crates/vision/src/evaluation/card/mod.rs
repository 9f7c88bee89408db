//! How well cards are read: every field against the truth beside the picture.

mod manifest;
mod page;
mod report;
mod truth;

use std::path::{Path, PathBuf};

pub use self::report::{FieldReport, Report};

use self::manifest::Row;
use super::{EvaluationError, Progress, picture, write_into};
use crate::card::Fields;
use crate::crew::{self, Done};
use crate::models::Models;
use crate::runtime::Bench;

/// What was read of one picture.
#[derive(Debug, Clone, Default)]
pub(super) struct Examined {
    is_found: bool,
    fields: Fields,
}

/// What an evaluation gives beside its report.
pub struct Evaluation {
    /// The figures.
    pub report: Report,
    rows: Vec<Row>,
    examined: Vec<Examined>,
    folders: Folders,
}

/// Where pictures are looked for: the folder that was named, else beside the manifest.
#[derive(Debug, Clone)]
struct Folders {
    named: Option<PathBuf>,
    beside: PathBuf,
}

impl Folders {
    fn path(&self, row: &Row) -> PathBuf {
        let beside = self.beside.join(&row.path);
        match &self.named {
            Some(named) if named.join(&row.path).exists() => named.join(&row.path),
            _ => beside,
        }
    }
}

/// Reads every card of a manifest on `jobs` threads. `confidence` is what a field has to reach to be relied on, 0 to 1.
///
/// # Errors
/// The manifest cannot be used, or none of its pictures is there. A picture that is missing, damaged or without a card
/// counts as a card that was not found.
pub fn evaluate(
    models: &Models,
    manifest: &Path,
    images: Option<&Path>,
    confidence: f32,
    jobs: usize,
    progress: Progress,
) -> Result<Evaluation, EvaluationError> {
    let rows = manifest::read(manifest)?;
    let beside = manifest.parent().map(Path::to_owned).unwrap_or_default();
    let folders = Folders { named: images.map(Path::to_owned), beside };
    if !rows.iter().any(|row| folders.path(row).exists()) {
        let images = folders.named.unwrap_or(folders.beside);
        return Err(EvaluationError::NoPictures { count: rows.len(), images });
    }
    let Done { results: examined, busy } =
        crew::each(models, &rows, jobs, progress, |bench, row| examine(bench, &folders.path(row)))?;
    let milliseconds = busy.as_secs_f64() * 1e3 / rows.len().max(1) as f64;
    let report = report::report(&rows, &examined, confidence, milliseconds);
    Ok(Evaluation { report, rows, examined, folders })
}

impl Evaluation {
    /// Writes `report.json` and `worst.html` into a folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), EvaluationError> {
        let worst = page::page(&self.rows, &self.examined, |row| self.folders.path(row), &self.report);
        let json = serde_json::to_string_pretty(&self.report)?;
        write_into(folder, &[("report.json", &json), ("worst.html", &worst)])
    }
}

fn examine(bench: &mut Bench, path: &Path) -> Result<Examined, EvaluationError> {
    let Some(picture) = picture::read(path) else { return Ok(Examined::default()) };
    let reading = bench.read_card(&picture)?;
    Ok(Examined { is_found: reading.quad.is_some(), fields: reading.fields })
}

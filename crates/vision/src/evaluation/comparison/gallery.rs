//! The templates of many pictures, each made once.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use absah_core::face::FaceTemplate;

use crate::admission::{PictureBounds, PixelBudget, admit};
use crate::evaluation::EvaluationError;
use crate::evaluation::crew::{self, Done, Progress};
use crate::models::Models;
use crate::runtime::{Bench, ModelError};

/// Templates in the order of their pictures; `None` is a failure to acquire.
pub(super) struct Gallery {
    pub(super) templates: Vec<Option<FaceTemplate>>,
    /// Time of all threads together: reading, decoding, detecting, aligning, embedding.
    pub(super) busy: Duration,
}

impl Gallery {
    /// Embeds every picture on `jobs` threads (at least one).
    pub(super) fn embed(
        models: &Models,
        pictures: &[PathBuf],
        jobs: usize,
        progress: Progress,
    ) -> Result<Self, EvaluationError> {
        let Done { results: templates, busy } =
            crew::each(models, pictures, jobs, progress, |bench, path| acquire(bench, path))?;
        Ok(Self { templates, busy })
    }

    /// Pictures without a template.
    pub(super) fn failures(&self) -> usize {
        self.templates.iter().filter(|template| template.is_none()).count()
    }
}

/// The template of the face nearest the picture's centre; `None` where the picture cannot be decoded or shows none.
fn acquire(bench: &mut Bench, path: &Path) -> Result<Option<FaceTemplate>, EvaluationError> {
    let bytes = fs::read(path).map_err(|source| EvaluationError::Read { path: path.into(), source })?;
    let any = PictureBounds { min_bytes: 0, max_bytes: usize::MAX, min_sides: None };
    let Ok(picture) = admit(&bytes, &any, &PixelBudget::default()) else { return Ok(None) };
    let Some(face) = bench.detect_nearest_centre(&picture)? else { return Ok(None) };
    match bench.embed(&picture, &face) {
        Ok(template) => Ok(Some(template)),
        // Landmarks without extent: nothing to align by.
        Err(ModelError::Output) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

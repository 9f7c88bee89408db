//! The templates of many pictures, each made once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use absah_core::face::FaceTemplate;

use super::EvaluationError;
use crate::admission::{PictureBounds, PixelBudget, admit};
use crate::models::Models;
use crate::runtime::{Bench, ModelError};

/// Told the number of pictures done and the number of all, from any of the threads.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Templates in the order of their pictures; `None` is a failure to acquire.
pub(super) struct Gallery {
    pub(super) templates: Vec<Option<FaceTemplate>>,
    /// Time of all threads together: reading, decoding, detecting, aligning, embedding.
    pub(super) busy: Duration,
}

/// What one thread made: templates by the pictures' places, and the time they took.
type Share = (Vec<(usize, Option<FaceTemplate>)>, Duration);

impl Gallery {
    /// Embeds every picture on `jobs` threads (at least one).
    pub(super) fn embed(
        models: &Models,
        pictures: &[PathBuf],
        jobs: usize,
        progress: Progress,
    ) -> Result<Self, EvaluationError> {
        let next = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let work = || -> Result<Share, EvaluationError> {
            let mut bench = Bench::new(Some(models))?;
            let (mut made, mut busy) = (Vec::new(), Duration::ZERO);
            while let Some((index, path)) = claim(&next, pictures) {
                let begun = Instant::now();
                made.push((index, acquire(&mut bench, path)?));
                busy += begun.elapsed();
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, pictures.len());
            }
            Ok((made, busy))
        };
        let shares = thread::scope(|scope| {
            let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
            threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });

        let mut gallery = Self { templates: vec![None; pictures.len()], busy: Duration::ZERO };
        for share in shares {
            let (made, busy) = share.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            gallery.busy += busy;
            for (index, template) in made {
                if let Some(place) = gallery.templates.get_mut(index) {
                    *place = template;
                }
            }
        }
        Ok(gallery)
    }

    /// Pictures without a template.
    pub(super) fn failures(&self) -> usize {
        self.templates.iter().filter(|template| template.is_none()).count()
    }
}

fn claim<'p>(next: &AtomicUsize, pictures: &'p [PathBuf]) -> Option<(usize, &'p Path)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    pictures.get(index).map(|path| (index, path.as_path()))
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

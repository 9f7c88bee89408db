//! A folder of simulated presentations with the manifest that says what each one is.

use std::io;
use std::path::{Path, PathBuf};

use super::{Condition, Photograph, Species, bona_fide, photograph};
use crate::crew::{self, Done, Progress};
use crate::evaluation::picture;
use crate::models::Models;
use crate::output;
use crate::runtime::{Bench, LibraryError, ModelError};

/// What is made of each picture.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Presentation attacks: one of each for every picture and condition.
    pub species: Vec<Species>,
    /// The conditions each presentation is photographed under, bona fide ones too.
    pub conditions: Vec<Condition>,
    /// Everything follows from it.
    pub seed: u64,
}

/// Why a collection could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// A file or folder could not be read or written.
    #[error("{} cannot be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The models do not run.
    #[error("the face detector does not run")]
    Library(#[from] LibraryError),
    /// The detector failed.
    #[error("the face detector failed")]
    Model(#[from] ModelError),
    /// A picture could not be encoded.
    #[error("a photograph could not be encoded")]
    Encoding(#[from] image::ImageError),
    /// The manifest could not be written.
    #[error("the manifest could not be written")]
    Manifest(#[from] csv::Error),
    /// No picture shows a face.
    #[error("no picture shows a face: name a folder of JPEG or PNG pictures of people")]
    NoFaces,
}

/// One line of the manifest.
struct Row {
    path: String,
    label: &'static str,
    species: &'static str,
    condition: &'static str,
    source: String,
}

/// Photographs every picture of a folder (those in folders below included) as each species under each condition, and
/// once per condition as it is. Writes JPEGs and `manifest.csv` (`path,label,species,condition,source`) below `out` and
/// gives the number of rows. Pictures without a face are left out.
///
/// # Errors
/// [`CollectionError`].
pub fn collect(
    models: &Models,
    pictures: &[PathBuf],
    out: &Path,
    collection: &Collection,
    jobs: usize,
    progress: Progress,
) -> Result<usize, CollectionError> {
    let numbered: Vec<(usize, &PathBuf)> = pictures.iter().enumerate().collect();
    let Done { results, .. } = crew::each(models, &numbered, jobs, progress, |bench, (index, path)| {
        // Half the list away is somebody else in most folders.
        let backdrop = pictures.get((index + pictures.len() / 2 + 1) % pictures.len()).unwrap_or(path);
        present(bench, *index, path, backdrop, out, collection)
    })?;
    let rows: Vec<Row> = results.into_iter().flatten().collect();
    if rows.is_empty() {
        return Err(CollectionError::NoFaces);
    }
    write_manifest(&out.join("manifest.csv"), &rows)?;
    Ok(rows.len())
}

/// All presentations of one picture.
fn present(
    bench: &mut Bench,
    index: usize,
    path: &Path,
    backdrop: &Path,
    out: &Path,
    collection: &Collection,
) -> Result<Vec<Row>, CollectionError> {
    let Some(picture) = picture::read(path) else { return Ok(Vec::new()) };
    // What stands behind may be no picture at all; then the shown one stands behind itself.
    let behind = picture::read(backdrop);
    let backdrop = behind.as_ref().unwrap_or(&picture);
    let Some(face) = bench.detect_nearest_centre(&picture)? else { return Ok(Vec::new()) };
    let source = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut rows = Vec::new();
    for condition in &collection.conditions {
        let mut keep = |label, species: &'static str, photograph: &dyn Fn(&str) -> Taken| {
            let name = [label, species, &format!("{index:05}-{}.jpg", condition.key())];
            let name = name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
            write(&out.join(&name), &photograph(&name)?.jpeg)?;
            rows.push(Row { path: name, label, species, condition: condition.key(), source: source.clone() });
            Ok::<_, CollectionError>(())
        };
        keep("bona_fide", "", &|name| bona_fide(&picture, *condition, collection.seed, name))?;
        for species in &collection.species {
            keep("attack", species.key(), &|name| {
                photograph(&picture, &face, backdrop, *species, *condition, collection.seed, name)
            })?;
        }
    }
    Ok(rows)
}

/// A photograph, or why there is none.
type Taken = Result<Photograph, image::ImageError>;

fn write(path: &Path, content: &[u8]) -> Result<(), CollectionError> {
    output::write(path, content).map_err(|source| CollectionError::File { path: path.into(), source })
}

fn write_manifest(path: &Path, rows: &[Row]) -> Result<(), CollectionError> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["path", "label", "species", "condition", "source"])?;
    for row in rows {
        writer.write_record([&row.path, row.label, row.species, row.condition, &row.source])?;
    }
    writer.flush().map_err(|source| CollectionError::File { path: path.into(), source })
}

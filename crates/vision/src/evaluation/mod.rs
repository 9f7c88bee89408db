//! Evaluation on labelled pictures: how often the comparison errs, and how often presentation-attack detection does.
//!
//! [`comparison`] measures by ISO/IEC 19795-1, [`presentation`] by ISO/IEC 30107-3, [`card`] what is read of cards. The first two count a picture without a face
//! as a failure to acquire, apart from every rate, and tell each rate with its numbers and its interval.

pub mod card;
mod chart;
pub mod comparison;
pub mod listing;
mod markup;
pub(crate) mod picture;
pub mod presentation;
pub mod quality;
mod rates;
mod thumbnail;

use std::path::{Path, PathBuf};

pub use self::rates::{Interval, Rate};

pub use crate::crew::Progress;
use crate::output;
use crate::runtime::{LibraryError, ModelError};

/// Why an evaluation could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// A file or folder could not be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that lists pictures cannot be used as a whole.
    #[error("{}: {what}", path.display())]
    Listing {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// None of the pictures is there.
    #[error("none of the {count} pictures is below {}: check --images", images.display())]
    NoPictures {
        /// How many are listed.
        count: usize,
        /// Where they were looked for.
        images: PathBuf,
    },
    /// The pairs file has no header with the columns `left`, `right` and `same`.
    #[error("{}: the first line has to name the columns left, right and same", path.display())]
    Header {
        /// The file.
        path: PathBuf,
    },
    /// A line of a file that lists pictures cannot be used.
    #[error("{}, line {line}: {what}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Its line, the header being line 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// There is nothing to compare.
    #[error(
        "{what}: an evaluation needs at least one genuine and one impostor pair whose pictures both show a face"
    )]
    TooFew {
        /// What was counted.
        what: String,
    },
    /// The runtime library or a model could not be loaded.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The scores could not be put into a table.
    #[error("the scores cannot be written as CSV")]
    Csv(#[from] csv::Error),
    /// The report could not be put into words.
    #[error("the report cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Writes files that only their owner reads into a folder, which is made where it does not exist.
fn write_into(folder: &Path, files: &[(&str, &str)]) -> Result<(), EvaluationError> {
    files.iter().try_for_each(|(name, content)| {
        let path = folder.join(name);
        output::write(&path, content.as_bytes()).map_err(|source| EvaluationError::Write { path, source })
    })
}

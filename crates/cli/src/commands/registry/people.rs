//! A file of people as the commands open it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use absah_registry::import::{Format, Identity, ImportError, People, Position};
use clap::{Args, ValueEnum};

/// Bytes at a file's beginning that it is known again by.
const HEAD: u64 = 64 * 1024;

/// A file of people and the portraits it names.
#[derive(Args)]
pub struct PeopleFile {
    /// The file of people.
    pub file: PathBuf,
    /// Its format [default: as its name ends: .parquet, .jsonl or .ndjson; else csv].
    #[arg(long, value_enum)]
    format: Option<NamedFormat>,
    /// The folder the portraits' paths start from.
    #[arg(long, value_name = "DIR")]
    pub portraits: Option<PathBuf>,
}

/// A format as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum NamedFormat {
    Csv,
    Jsonl,
    Parquet,
}

impl PeopleFile {
    /// A file whose name says what format it has.
    pub fn named(file: PathBuf) -> Self {
        Self { file, format: None, portraits: None }
    }

    fn format(&self) -> Format {
        match self.format {
            Some(NamedFormat::Csv) => Format::Csv,
            Some(NamedFormat::Jsonl) => Format::Jsonl,
            Some(NamedFormat::Parquet) => Format::Parquet,
            None => Format::of_name(&self.file.to_string_lossy()),
        }
    }

    fn told(&self, error: impl std::fmt::Display) -> io::Error {
        io::Error::other(format!("{}: {error}", self.file.display()))
    }

    /// What an import of it is known by.
    pub fn identity(&self) -> io::Result<Identity> {
        let absolute = |path: &Path| path.canonicalize().map_err(|error| self.told(error));
        let mut name = absolute(&self.file)?.into_os_string().into_encoded_bytes();
        name.push(0);
        if let Some(portraits) = &self.portraits {
            name.extend(portraits.as_os_str().as_encoded_bytes());
        }
        let file = File::open(&self.file).map_err(|error| self.told(error))?;
        let mut content = file.metadata()?.len().to_be_bytes().to_vec();
        file.take(HEAD).read_to_end(&mut content).map_err(|error| self.told(error))?;
        Ok(Identity { name, content })
    }

    /// Its people from a place on, and how long it is, in the unit of [`Position::offset`].
    pub fn open(&self, from: Option<Position>) -> Result<(People, u64), ImportError> {
        let file = File::open(&self.file).map_err(|error| ImportError::Read(self.told(error)))?;
        let length = file.metadata().map_err(ImportError::Read)?.len();
        match self.format() {
            Format::Parquet => {
                let people = People::parquet(file, from)?;
                let rows = people.length().unwrap_or(0);
                Ok((people, rows))
            }
            format => Ok((People::text(format, file, from)?, length)),
        }
    }
}

//! Loading people from CSV into the local registry.
//!
//! A header names the columns: `nik`, the demographic fields, `state` and `portrait` (a path relative to the
//! portraits' folder). Rows that are not in order are told to the reject sink and do not stop the load; memory stays
//! bounded whatever stands in the file.

mod columns;
mod person;
mod portrait;
mod reject;
mod rows;

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::Path;

use absah_core::claims::RecordState;
use serde::Serialize;
use thiserror::Error;

use crate::local::{Enrolment, LocalRegistry, LocalRegistryError};
use columns::Column;
use portrait::{Encoded, Folder};
use rows::{RowFault, Rows};

pub use columns::HeaderFault;
pub use person::Person;
pub use portrait::{PortraitEncoder, PortraitRefusal};
pub use reject::{Reason, Rejection};

/// Rows that are encoded and written together.
const BATCH: usize = 500;

/// How an import is done, and who is told of it.
pub struct ImportOptions<'a> {
    /// The portraits' folder; nothing outside it is read.
    pub portraits: Option<&'a Path>,
    /// Makes templates of the portraits.
    pub encoder: &'a dyn PortraitEncoder,
    /// Portraits encoded at the same time.
    pub threads: NonZeroUsize,
    /// Told how far it is after every batch.
    pub progress: &'a mut (dyn FnMut(&ImportSummary) + Send),
    /// Told of every row that was not taken, or not whole: a record that is not active is taken without its portrait
    /// where that cannot be used.
    pub rejects: &'a mut (dyn FnMut(&Rejection) -> io::Result<()> + Send),
}

/// What an import came to, in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ImportSummary {
    /// Read, the header aside.
    pub read: u64,
    /// New people.
    pub inserted: u64,
    /// People held before, whose record was replaced.
    pub updated: u64,
    /// Not taken.
    pub rejected: u64,
}

/// Why an import ended early. What was written before stays written; doing it again does no harm.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The first row is no header.
    #[error("the file's header is not understood")]
    Header(#[from] HeaderFault),
    /// There is a column of portraits, but no folder was named.
    #[error("the file names portraits: say in which folder they are")]
    NoPortraitFolder,
    /// The portraits' folder cannot be opened.
    #[error("the portraits' folder cannot be opened")]
    PortraitFolder(#[source] io::Error),
    /// The file could not be read on.
    #[error("the file could not be read")]
    Read(#[source] io::Error),
    /// A rejected row could not be told.
    #[error("a rejected row could not be noted")]
    Rejects(#[source] io::Error),
    /// The encoder failed.
    #[error("the encoder of portraits failed")]
    Encoder(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] LocalRegistryError),
}

/// Loads `reader` into the registry: each row is put in, replacing a record of the same NIK; of two rows with the
/// same NIK the later one stays. A row without a portrait leaves the templates held as they are.
///
/// Reads and encodes on the calling thread's time: for a command, not for a server's handler.
///
/// # Errors
/// The header is not understood, or something other than a row failed: file, folder, encoder or database.
pub async fn import<R: Read + Send>(
    reader: R,
    options: ImportOptions<'_>,
    registry: &LocalRegistry,
) -> Result<ImportSummary, ImportError> {
    let mut rows = Rows::new(reader);
    let columns = header(&mut rows)?;
    let folder = options.portraits.map(Folder::open).transpose().map_err(ImportError::PortraitFolder)?;
    if columns.contains(&Column::Portrait) && folder.is_none() {
        return Err(ImportError::NoPortraitFolder);
    }
    let mut load = Load { columns, folder, options, summary: ImportSummary::default() };
    loop {
        let read = load.summary.read;
        let batch = load.read_batch(&mut rows)?;
        if load.summary.read == read {
            return Ok(load.summary);
        }
        let people = load.encode(batch)?;
        let done = registry.put_all(&people).await?;
        load.summary.inserted += done.inserted;
        load.summary.updated += done.updated;
        (load.options.progress)(&load.summary);
    }
}

/// Reads the people of `reader` one after the other, portraits by their path alone: for whoever keeps people elsewhere
/// than in the local registry.
///
/// Every item is a person or a row that is not in order; after an error of the file itself there are no more.
///
/// # Errors
/// The header is not understood, or the file could not be read.
pub fn people<R: Read>(
    reader: R,
) -> Result<impl Iterator<Item = Result<Result<Person, Rejection>, io::Error>>, ImportError> {
    let mut rows = Rows::new(reader);
    let columns = header(&mut rows)?;
    let mut ended = false;
    Ok(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let next = rows.next().transpose()?.map(|row| {
            let read = in_order(&columns, row.fields);
            read.map_err(|(field, reason)| Rejection { line: row.line, field, reason })
        });
        ended = next.is_err();
        Some(next)
    }))
}

/// A row as a person, or what is wrong with it.
fn in_order(columns: &[Column], fields: Result<rows::Fields<'_>, RowFault>) -> Result<Person, person::Fault> {
    match fields {
        Ok(fields) => person::read(columns, fields),
        Err(RowFault::TooLong) => Err((None, Reason::RowTooLong)),
        Err(RowFault::Unterminated) => Err((None, Reason::Unterminated)),
    }
}

fn header(rows: &mut Rows<impl Read>) -> Result<Vec<Column>, ImportError> {
    let first = rows.next().map_err(ImportError::Read)?.ok_or(HeaderFault::Missing)?;
    Ok(columns::read(first.fields.map_err(|_| HeaderFault::Missing)?)?)
}

/// An import under way.
struct Load<'a> {
    columns: Vec<Column>,
    folder: Option<Folder>,
    options: ImportOptions<'a>,
    summary: ImportSummary,
}

impl Load<'_> {
    /// Up to a batch of rows, those in order with their lines.
    fn read_batch(&mut self, rows: &mut Rows<impl Read>) -> Result<Vec<(u64, Person)>, ImportError> {
        let mut batch = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            let Some(row) = rows.next().map_err(ImportError::Read)? else { break };
            self.summary.read += 1;
            match in_order(&self.columns, row.fields) {
                Ok(person) => batch.push((row.line, person)),
                Err((field, reason)) => self.reject(Rejection { line: row.line, field, reason })?,
            }
        }
        Ok(batch)
    }

    /// Adds the portraits' templates. A row whose portrait cannot be used is not taken, unless it says that the record
    /// is not active: a person who has died must not stay active for a bad picture.
    fn encode(&mut self, batch: Vec<(u64, Person)>) -> Result<Vec<Enrolment>, ImportError> {
        let paths: Vec<_> = batch.iter().filter_map(|(_, person)| person.portrait.as_deref()).collect();
        let encoded = match &self.folder {
            Some(folder) => folder.encode_all(&paths, self.options.encoder, self.options.threads),
            None => Vec::new(),
        };
        let mut encoded = encoded.into_iter();
        let mut people = Vec::with_capacity(batch.len());
        for (line, person) in batch {
            let template = match person.portrait.and_then(|_| encoded.next()) {
                None => None,
                Some(Encoded::Template(template)) => Some(template),
                Some(Encoded::Failed(error)) => return Err(ImportError::Encoder(error)),
                Some(Encoded::Rejected(reason)) => {
                    let rejection = Rejection { line, field: Some(Column::Portrait.key()), reason };
                    if person.record.state == RecordState::Active {
                        self.reject(rejection)?;
                        continue;
                    }
                    self.tell(&rejection)?;
                    None
                }
            };
            people.push(Enrolment { record: person.record, templates: template.into_iter().collect() });
        }
        Ok(people)
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ImportError> {
        self.summary.rejected += 1;
        self.tell(&rejection)
    }

    fn tell(&mut self, rejection: &Rejection) -> Result<(), ImportError> {
        (self.options.rejects)(rejection).map_err(ImportError::Rejects)
    }
}

//! Where rows of people come from, whatever the file's format.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use super::ImportError;
use super::columns::{self, Column, HeaderFault};
use super::jsonl::Lines;
use super::parquet::ParquetRows;
use super::person::{Draft, Fault, Person};
use super::reject::Reason;
use super::rows::{RowFault, Rows};

/// A place between two rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// Bytes that lie before it; in a Parquet file, rows.
    pub offset: u64,
    /// The line it is on, from 1.
    pub line: u64,
}

/// A row that was read.
pub(super) struct Parsed {
    /// The line it begins on, from 1; in a Parquet file the row's number.
    pub line: u64,
    pub person: Result<Person, Fault>,
}

/// Rows of people, one at a time, in bounded memory.
pub(super) trait Source: Send {
    /// The next row; `None` at the end.
    fn next(&mut self) -> io::Result<Option<Parsed>>;

    /// Behind the row that was read last.
    fn position(&self) -> Position;

    /// How long it is, in the unit of [`Position::offset`], where it knows.
    fn length(&self) -> Option<u64> {
        None
    }

    /// Whether rows may name portraits.
    fn has_portraits(&self) -> bool;

    /// Whether it is known from the beginning that rows name portraits.
    fn requires_folder(&self) -> bool {
        self.has_portraits()
    }
}

/// A file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values (RFC 4180) under a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The format a file's name ends with; CSV where it says nothing else.
    pub fn of_name(name: &str) -> Self {
        let ends = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
        if ends(".parquet") {
            Self::Parquet
        } else if ends(".jsonl") || ends(".ndjson") {
            Self::Jsonl
        } else {
            Self::Csv
        }
    }
}

/// A file of people, its header read.
pub struct People(pub(super) Box<dyn Source>);

impl People {
    /// CSV under a header, or JSON lines, from the beginning or from a place where an earlier import came to.
    ///
    /// # Errors
    /// The header is not understood, or the file not readable.
    pub fn text<R: Read + Seek + Send + 'static>(
        format: Format,
        mut reader: R,
        from: Option<Position>,
    ) -> Result<Self, ImportError> {
        let source: Box<dyn Source> = if format == Format::Jsonl {
            let from = from.unwrap_or(Position { offset: 0, line: 1 });
            reader.seek(SeekFrom::Start(from.offset)).map_err(ImportError::Read)?;
            Box::new(Lines::new(reader, from))
        } else {
            Box::new(Csv::open(reader, from)?)
        };
        Ok(Self(source))
    }

    /// How many rows there are, where the file says so.
    pub fn length(&self) -> Option<u64> {
        self.0.length()
    }

    /// A Parquet file.
    ///
    /// # Errors
    /// It is none, its columns are not understood, or it is not readable.
    pub fn parquet(file: File, from: Option<Position>) -> Result<Self, ImportError> {
        Ok(Self(Box::new(ParquetRows::open(file, from)?)))
    }
}

/// Every person of a file with the line of each, or why there is none: for whoever holds people without a registry.
impl Iterator for People {
    type Item = io::Result<Result<Person, super::Rejection>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.0.next().transpose()?;
        Some(row.map(|Parsed { line, person }| {
            person.map_err(|(field, reason)| super::Rejection { line, field, reason })
        }))
    }
}

/// CSV under a header.
struct Csv<R> {
    rows: Rows<R>,
    columns: Vec<Column>,
}

impl<R: Read + Seek> Csv<R> {
    fn open(reader: R, from: Option<Position>) -> Result<Self, ImportError> {
        let mut rows = Rows::new(reader);
        let first = rows.next().map_err(ImportError::Read)?.ok_or(HeaderFault::Missing)?;
        let columns = columns::read(first.fields.map_err(|_| HeaderFault::Missing)?.iter())?;
        if let Some(from) = from {
            let mut reader = rows.into_inner();
            reader.seek(SeekFrom::Start(from.offset)).map_err(ImportError::Read)?;
            rows = Rows::from(reader, from);
        }
        Ok(Self { rows, columns })
    }
}

impl<R: Read + Send> Source for Csv<R> {
    fn next(&mut self) -> io::Result<Option<Parsed>> {
        let Some(row) = self.rows.next()? else { return Ok(None) };
        let person = match row.fields {
            Err(RowFault::TooLong) => Err((None, Reason::RowTooLong)),
            Err(RowFault::Unterminated) => Err((None, Reason::Unterminated)),
            Ok(fields) if fields.len() != self.columns.len() => {
                Err((None, Reason::ColumnCount { expected: self.columns.len(), found: fields.len() }))
            }
            Ok(fields) => {
                let mut draft = Draft::default();
                let mut values = self.columns.iter().zip(fields.iter());
                let set = values.try_for_each(|(column, value)| draft.set(*column, value));
                set.and_then(|()| draft.finish())
            }
        };
        Ok(Some(Parsed { line: row.line, person }))
    }

    fn position(&self) -> Position {
        self.rows.position()
    }

    fn has_portraits(&self) -> bool {
        self.columns.contains(&Column::Portrait)
    }
}

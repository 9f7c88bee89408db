//! Rows that are not taken, or not whole, and why: never with what stands in them.

use absah_core::birth_date::DateError;
use absah_core::nik::NikError;
use thiserror::Error;

use super::rows::LONGEST_ROW;

/// A row that was not taken, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The column at fault, where it is one.
    pub field: Option<&'static str>,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Reason {
    /// A line that is no JSON object.
    #[error("the line is not a JSON object of texts and whole numbers")]
    Json,
    /// A key that names no column.
    #[error("the object has a key that names no column")]
    UnknownKey,
    /// A key that stands twice.
    #[error("the key stands twice")]
    Twice,
    /// A value of another type.
    #[error("the value is neither a text nor a whole number")]
    Type,
    /// No NIK at all.
    #[error("there is no nik")]
    NoNik,
    /// More bytes or columns than a row may have.
    #[error("the row is longer than {LONGEST_ROW} bytes or has too many columns")]
    RowTooLong,
    /// The line ends within a quoted value.
    #[error("the line ends within a quoted value")]
    Unterminated,
    /// Fewer or more values than the header has columns.
    #[error("the row has {found} values, the header {expected} columns")]
    ColumnCount {
        /// Columns of the header.
        expected: usize,
        /// Values of the row.
        found: usize,
    },
    /// A value of more than 1,024 bytes.
    #[error("the value is too long")]
    ValueTooLong,
    /// Not UTF-8.
    #[error("the value is not UTF-8")]
    NotUtf8,
    /// A NUL, a line break or the like.
    #[error("the value holds a control character")]
    ControlCharacter,
    /// No NIK.
    #[error(transparent)]
    Nik(NikError),
    /// No date.
    #[error(transparent)]
    Date(DateError),
    /// No number of a family card.
    #[error("a family card's number has exactly 16 digits")]
    NoKk,
    /// No state of a record.
    #[error("the state is one of active, deceased, duplicate, inactive")]
    State,
    /// A path that is not within the portraits' folder.
    #[error("the portrait's path leads out of the portraits' folder")]
    PortraitOutside,
    /// There is no such portrait.
    #[error("there is no such portrait")]
    PortraitMissing,
    /// The portrait is too large a file.
    #[error("the portrait's file is too large")]
    PortraitTooLarge,
    /// The portrait is no picture, or cannot be read.
    #[error("the portrait is not a readable picture")]
    PortraitUnreadable,
    /// The portrait shows no face.
    #[error("the portrait shows no face")]
    NoFace,
    /// The portrait shows several faces.
    #[error("the portrait shows several faces")]
    SeveralFaces,
    /// The portrait cannot be used, for the encoder's reason.
    #[error("the portrait cannot be used ({0})")]
    PortraitUnusable(&'static str),
}

//! The header: which column holds what.

use absah_core::field::Field;
use thiserror::Error;

use crate::people_file::{NIK, PORTRAIT, STATE};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Nik,
    Field(Field),
    /// A picture's path, relative to the portraits' folder.
    Portrait,
    State,
}

impl Column {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Nik => NIK,
            Self::Field(field) => field.key(),
            Self::Portrait => PORTRAIT,
            Self::State => STATE,
        }
    }

    /// The column of that name.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        Self::from_key(std::str::from_utf8(name).ok()?.trim().to_ascii_lowercase().as_str())
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Nik, Self::Portrait, Self::State]
            .into_iter()
            .chain(Field::ALL.map(Self::Field))
            .find(|column| column.key() == key)
    }
}

/// Why the first row is no header.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderFault {
    /// The file has no row, or none that could be read.
    #[error("the file does not begin with a row of column names")]
    Missing,
    /// Columns nobody knows.
    #[error("unknown columns: {}; known are nik, state, portrait and {}", .0.join(", "), known())]
    Unknown(Vec<String>),
    /// A column stands twice.
    #[error("the column {0} stands twice")]
    Twice(&'static str),
    /// A column's values are of a type that is none of text, whole number and date.
    #[error("the column {column} has the type {found}; text, whole numbers and dates are read")]
    Type {
        /// The column.
        column: &'static str,
        /// Its type, in the file format's words.
        found: String,
    },
    /// There is no column for the NIK.
    #[error("there is no column nik")]
    NoNik,
}

fn known() -> String {
    Field::ALL.map(Field::key).join(", ")
}

/// Reads the names of columns; their case and the spaces around them do not count.
pub(super) fn read<'n>(names: impl Iterator<Item = &'n [u8]>) -> Result<Vec<Column>, HeaderFault> {
    let (mut columns, mut unknown) = (Vec::new(), Vec::new());
    for (number, name) in (1..).zip(names) {
        match Column::named(name) {
            Some(column) => columns.push(column),
            None => unknown.push(speakable(number, name)),
        }
    }
    if !unknown.is_empty() {
        return Err(HeaderFault::Unknown(unknown));
    }
    for (at, column) in columns.iter().enumerate() {
        if columns.iter().take(at).any(|earlier| earlier == column) {
            return Err(HeaderFault::Twice(column.key()));
        }
    }
    if columns.contains(&Column::Nik) { Ok(columns) } else { Err(HeaderFault::NoNik) }
}

/// A column's name where it looks like one, else its place: in a file without a header the first row is a person.
fn speakable(number: usize, name: &[u8]) -> String {
    let sound = name.len() <= 40
        && name.first().is_some_and(u8::is_ascii_lowercase)
        && name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
    match std::str::from_utf8(name) {
        Ok(name) if sound => name.to_owned(),
        _ => format!("the one at place {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::Rows;
    use super::*;

    fn header(text: &str) -> Result<Vec<Column>, HeaderFault> {
        let mut rows = Rows::new(text.as_bytes());
        let row = rows.next().expect("memory reads").expect("a row");
        read(row.fields.unwrap_or_else(|fault| panic!("{fault:?}")).iter())
    }

    #[test]
    fn names_are_known_in_any_order_and_case() {
        let rows = [
            ("nik", vec![Column::Nik]),
            ("NAME, Nik ,portrait", vec![Column::Field(Field::Name), Column::Nik, Column::Portrait]),
            ("nik,state,rt", vec![Column::Nik, Column::State, Column::Field(Field::Rt)]),
        ];
        for (text, expected) in rows {
            assert_eq!(header(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_header_is_told_without_telling_of_a_person() {
        let rows = [
            ("nik,religion,blood_type", "unknown columns: religion, blood_type; known are nik"),
            ("3217061012870001,SITI NURHALIZA", "unknown columns: the one at place 1, the one at place 2;"),
            ("nik,", "unknown columns: the one at place 2;"),
            ("nik,name,nik", "the column nik stands twice"),
            ("name,date_of_birth", "there is no column nik"),
        ];
        for (text, expected) in rows {
            let error = header(text).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
            assert!(!error.contains("SITI") && !error.contains("3217"), "{error}");
        }
    }
}

//! What stands on the cards in truth.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use csv::{ReaderBuilder, Trim};

use crate::card::CardField;
use crate::evaluation::EvaluationError;
use crate::evaluation::listing::{self, line_of};

/// More rows are refused.
const MAX_ROWS: usize = 1_000_000;

/// One card.
#[derive(Clone, PartialEq)]
pub(super) struct Row {
    /// The picture, relative to the folder of pictures, and never leading out of it.
    pub(super) path: PathBuf,
    /// What is printed, of the fields that the manifest has a column for; empty where nothing is.
    pub(super) truth: BTreeMap<CardField, String>,
}

/// Reads a manifest. Its first line names the column `path` and those of the fields, in any order; others are not read.
///
/// # Errors
/// There is no column `path` or none of a field, no row, or a row that cannot be used.
pub(super) fn read(file: &Path) -> Result<Vec<Row>, EvaluationError> {
    parse(&listing::read(file)?, file)
}

fn parse(content: &[u8], file: &Path) -> Result<Vec<Row>, EvaluationError> {
    let unusable = |what: &str| EvaluationError::Listing { path: file.into(), what: what.into() };
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(content);
    let names = reader.headers().map_err(|_| unusable("the first line is not UTF-8"))?.clone();
    let column = |name: &str| names.iter().position(|found| found.eq_ignore_ascii_case(name));
    let path = column("path").ok_or_else(|| unusable("the first line has to name the column path"))?;
    let fields: Vec<(CardField, usize)> =
        CardField::ALL.into_iter().filter_map(|field| Some((field, column(field.key())?))).collect();
    if fields.is_empty() {
        return Err(unusable("the first line names no field of a card: docs/cards.md lists them"));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let fault =
            |line: u64, what: &str| EvaluationError::Row { path: file.into(), line, what: what.into() };
        let record = record.map_err(|error| {
            fault(line_of(content, error.position()), "not as many columns as the header, or not UTF-8")
        })?;
        let line = line_of(content, record.position());
        let place = PathBuf::from(record.get(path).unwrap_or_default());
        let stays_inside =
            place.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if place.as_os_str().is_empty() || !stays_inside {
            return Err(fault(line, "path has to be relative and stay in the folder of pictures"));
        }
        if rows.len() == MAX_ROWS {
            return Err(fault(line, "more rows than are read"));
        }
        let truth = |(field, column): &(CardField, usize)| {
            (*field, record.get(*column).unwrap_or_default().to_owned())
        };
        rows.push(Row { path: place, truth: fields.iter().map(truth).collect() });
    }
    if rows.is_empty() { Err(unusable("it lists no card")) } else { Ok(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_read_by_their_columns() {
        let good = "name,path,note,nik\nA B,one.jpg,x,1\n\"C, D\",./two.jpg,y,\n";
        let rows = parse(good.as_bytes(), Path::new("m.csv")).expect("two cards");
        let truth = |row: usize, field| rows[row].truth.get(&field).map(String::as_str);
        assert_eq!(rows.len(), 2);
        assert_eq!((truth(0, CardField::Name), truth(1, CardField::Name)), (Some("A B"), Some("C, D")));
        assert_eq!((truth(1, CardField::Nik), truth(0, CardField::Rt)), (Some(""), None));
        let table = [
            ("", "path"),
            ("name\nA\n", "column path"),
            ("path,x\na.jpg,1\n", "no field"),
            ("path,nik\n", "no card"),
            ("path,nik\n../a.jpg,1\n", "line 2"),
            ("path,nik\n/a.jpg,1\n", "line 2"),
            ("path,nik\na.jpg\n", "line 2"),
        ];
        for (content, expected) in table {
            let error = parse(content.as_bytes(), Path::new("m.csv")).err().map(|error| error.to_string());
            assert!(error.as_ref().is_some_and(|error| error.contains(expected)), "{content:?}: {error:?}");
        }
    }
}

//! Rows of a CSV file (RFC 4180), one at a time, in bounded memory.
//!
//! A line break ends a row also within quotation marks: no value that the registry takes has one, and a mark that somebody
//! forgot to close would otherwise swallow every row up to the next one.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::ReadRecordResult;

use super::source::Position;

/// The most bytes of a row, quotes aside; a longer one is skipped to its end.
pub(super) const LONGEST_ROW: usize = 64 * 1024;
/// The most columns a row may have.
const MOST_COLUMNS: usize = 64;

/// Reads rows. The same memory serves every row, whatever stands in the file.
pub(super) struct Rows<R> {
    input: BufReader<R>,
    csv: csv_core::Reader,
    text: Box<[u8]>,
    ends: Box<[usize]>,
    line: u64,
    offset: u64,
}

/// A row that was read.
pub(super) struct Row<'a> {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its fields, or why there are none.
    pub fields: Result<Fields<'a>, RowFault>,
}

/// Why a row has no fields that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowFault {
    /// More bytes or columns than the bounds.
    TooLong,
    /// The line, or the file, ends within a quoted field.
    Unterminated,
}

/// The fields of a row.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Fields<'a> {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends).map(move |(start, &end)| self.text.get(start..end).unwrap_or_default())
    }
}

impl<R: Read> Rows<R> {
    pub(super) fn new(reader: R) -> Self {
        Self::from(reader, Position { offset: 0, line: 1 })
    }

    /// Reads on from a place where a row ended; `reader` stands there.
    pub(super) fn from(reader: R, Position { offset, line }: Position) -> Self {
        Self {
            input: BufReader::with_capacity(64 * 1024, reader),
            csv: csv_core::Reader::new(),
            text: vec![0; LONGEST_ROW].into(),
            ends: vec![0; MOST_COLUMNS].into(),
            line,
            offset,
        }
    }

    /// What is read from, at no place that means anything.
    pub(super) fn into_inner(self) -> R {
        self.input.into_inner()
    }

    /// Behind the row that was read last.
    pub(super) fn position(&self) -> Position {
        Position { offset: self.offset, line: self.line }
    }

    /// The next row that is not empty; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        let (mut written, mut columns, mut consumed, mut newlines) = (0, 0, 0, 0);
        let mut place = Place::FieldStart;
        let (mut too_long, mut at_end) = (false, false);
        let mut line = self.line;
        let unterminated = loop {
            let input = self.input.fill_buf()?;
            at_end = at_end || input.is_empty();
            let line_end = input.iter().position(|byte| *byte == b'\n');
            let input = line_end.and_then(|end| input.get(..=end)).unwrap_or(input);
            let text = self.text.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(columns..).unwrap_or_default();
            let (result, read, wrote, ended) = self.csv.read_record(input, text, ends);
            let taken = input.get(..read).unwrap_or_default();
            // Line breaks before the row's first byte (the rest of a CRLF, empty lines) are not part of the row.
            let leading = if consumed == newlines {
                taken.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
            } else {
                0
            };
            let breaks = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            line += breaks(taken.get(..leading).unwrap_or_default());
            self.line += breaks(taken);
            consumed += read;
            self.offset += read as u64;
            let ends_line = taken.last() == Some(&b'\n');
            newlines += leading;
            place = taken.iter().fold(place, |place, byte| place.after(*byte));
            self.input.consume(read);
            written += wrote;
            columns += ended;
            match result {
                ReadRecordResult::InputEmpty if place == Place::Quoted && ends_line => {
                    self.csv.reset();
                    break true;
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => (too_long, written) = (true, 0),
                ReadRecordResult::OutputEndsFull => (too_long, columns) = (true, 0),
                ReadRecordResult::Record => break at_end && place == Place::Quoted,
                ReadRecordResult::End => return Ok(None),
            }
        };
        let fields = if too_long {
            Err(RowFault::TooLong)
        } else if unterminated {
            Err(RowFault::Unterminated)
        } else {
            let text = self.text.get(..written).unwrap_or_default();
            Ok(Fields { text, ends: self.ends.get(..columns).unwrap_or_default() })
        };
        Ok(Some(Row { line, fields }))
    }
}

/// Where in a row the reader stands. The parser does not tell at the end of a file whether a quoted field was closed,
/// and takes it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quotation mark within a quoted field: its end, or the first half of a doubled one.
    QuoteInQuoted,
}

impl Place {
    /// The place behind one more byte, by the parser's rules: a quotation mark within an unquoted field is a character.
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::FieldStart | Self::QuoteInQuoted, b'"') => Self::Quoted,
            (Self::Quoted, b'"') => Self::QuoteInQuoted,
            (Self::Quoted, _) => Self::Quoted,
            (_, b',' | b'\r' | b'\n') => Self::FieldStart,
            _ => Self::Unquoted,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each row as its line and its fields.
    fn read(bytes: &[u8]) -> Vec<(u64, Result<Vec<String>, RowFault>)> {
        let mut rows = Rows::new(bytes);
        let mut read = Vec::new();
        while let Some(row) = rows.next().expect("memory reads") {
            let fields = row.fields.map(|fields| {
                fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
            });
            read.push((row.line, fields));
        }
        read
    }

    fn row(line: u64, fields: &[&str]) -> (u64, Result<Vec<String>, RowFault>) {
        (line, Ok(fields.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn rows_know_their_line() {
        let rows: [(&str, &str, Vec<_>); 14] = [
            ("nothing", "", vec![]),
            ("Unix", "a,b\nc,d\n", vec![row(1, &["a", "b"]), row(2, &["c", "d"])]),
            (
                "Windows",
                "a,b\r\nc,d\r\ne,f\r\n",
                vec![row(1, &["a", "b"]), row(2, &["c", "d"]), row(3, &["e", "f"])],
            ),
            ("no last line break", "a\nb", vec![row(1, &["a"]), row(2, &["b"])]),
            ("empty lines", "a\n\n\nb\n", vec![row(1, &["a"]), row(4, &["b"])]),
            (
                "a quoted line break",
                "\"a\nb\",c\nd,e\n",
                vec![(1, Err(RowFault::Unterminated)), row(2, &["b\"", "c"]), row(3, &["d", "e"])],
            ),
            (
                "a quote that is never closed",
                "a,\"b\nc,d\n\"e,f\"\n",
                vec![(1, Err(RowFault::Unterminated)), row(2, &["c", "d"]), row(3, &["e,f"])],
            ),
            ("a mark of byte order", "\u{feff}nik\n1\n", vec![row(1, &["nik"]), row(2, &["1"])]),
            (
                "ends within quotes",
                "a,b\nc,\"d\ne",
                vec![row(1, &["a", "b"]), (2, Err(RowFault::Unterminated)), row(3, &["e"])],
            ),
            ("ends with the opening quote", "a,\"", vec![(1, Err(RowFault::Unterminated))]),
            ("ends behind a doubled quote", "a,\"b\"\"", vec![(1, Err(RowFault::Unterminated))]),
            ("a quote in the last value", "a,b\nc,d\"e", vec![row(1, &["a", "b"]), row(2, &["c", "d\"e"])]),
            ("a quote behind a quoted value", "a,\"b\"c\"", vec![row(1, &["a", "bc\""])]),
            ("a quoted last value", "a,\"b\"\"c\"", vec![row(1, &["a", "b\"c"])]),
        ];
        for (case, text, expected) in rows {
            assert_eq!(read(text.as_bytes()), expected, "{case}");
        }
    }

    #[test]
    fn what_is_too_long_is_skipped_to_its_end() {
        let long = "A".repeat(10 << 20);
        let wide = ",".repeat(MOST_COLUMNS);
        let quoted = format!("\"{long}\"");
        for long in [&long, &wide, &quoted] {
            let text = format!("a\n{long}\nb\n");
            let expected = [row(1, &["a"]), (2, Err(RowFault::TooLong)), row(3, &["b"])];
            assert_eq!(read(text.as_bytes()), expected);
        }
    }

    proptest! {
        #[test]
        fn fields_come_back(fields in prop::collection::vec(prop::collection::vec("[^\r\n]{0,12}", 2..5), 1..6)) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let text: String = fields
                .iter()
                .map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n")
                .collect();
            let back: Vec<_> = read(text.as_bytes()).into_iter().map(|(_, fields)| fields.expect("read")).collect();
            prop_assert_eq!(back, fields);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read(&bytes);
        }
    }
}

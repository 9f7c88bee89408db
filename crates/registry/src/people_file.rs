//! The file of people that import reads and export and the synthetic population write: CSV in UTF-8 with LF.

use std::io::{self, Write};

use absah_core::claims::Record;
use absah_core::field::Field;

/// The column of the number.
pub(crate) const NIK: &str = "nik";
/// The column of the portrait's path.
pub(crate) const PORTRAIT: &str = "portrait";
/// The column of the record's state.
pub(crate) const STATE: &str = "state";

/// Writes people as CSV: `nik`, the demographic fields in their documented order, `state`. Only what needs quotation
/// marks has them; dates are yyyy-mm-dd.
pub struct PeopleWriter<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> PeopleWriter<W> {
    /// Begins a file: writes the header.
    ///
    /// # Errors
    /// It could not be written.
    pub fn new(out: W) -> io::Result<Self> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        let header = std::iter::once(NIK).chain(Field::ALL.map(Field::key)).chain([STATE]);
        csv.write_record(header).map_err(io_error)?;
        Ok(Self { csv })
    }

    /// Writes one person.
    ///
    /// # Errors
    /// It could not be written.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        self.csv.write_field(record.nik.expose()).map_err(io_error)?;
        for field in Field::ALL {
            match (field, record.demographics.date_of_birth()) {
                (Field::DateOfBirth, Some(date)) => self.csv.write_field(date.to_string()),
                (field, _) => self.csv.write_field(record.demographics.text(field).unwrap_or_default()),
            }
            .map_err(io_error)?;
        }
        self.csv.write_field(record.state.key()).map_err(io_error)?;
        self.csv.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// It could not be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

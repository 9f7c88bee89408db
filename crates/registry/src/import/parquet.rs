//! People from Apache Parquet: one row a person, one column of text, whole numbers or dates a field.

use std::fs::File;
use std::io;

use ::parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::FileReader as _;
use ::parquet::file::serialized_reader::SerializedFileReader;
use ::parquet::schema::types::{ColumnDescPtr, ColumnDescriptor};

use super::ImportError;
use super::columns::{self, Column, HeaderFault};
use super::person::{Draft, Fault, Person};
use super::reject::Reason;
use super::source::{Parsed, Position, Source};

/// The most bytes one column of one row group may have: pages lie within it, and a page is read whole.
const LARGEST_CHUNK: i64 = 256 << 20;
/// Rows decoded at a time.
const TOGETHER: usize = 1_024;

/// Rows of a Parquet file.
pub(super) struct ParquetRows {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    /// The row group that is read next.
    next_group: usize,
    /// The columns of the row group that is being read.
    readers: Vec<(ColumnDescPtr, ColumnReader)>,
    /// Rows that are decoded, column by column, and how many of them were given out.
    cells: Vec<Vec<Cell>>,
    given: usize,
    all: u64,
    read: u64,
}

/// A value as the file holds it: texts are not looked into here, since what decodes them would tell them in its errors.
enum Cell {
    Nothing,
    Bytes(ByteArray),
    Whole(i64),
    /// Days since 1970-01-01.
    Day(i32),
}

impl ParquetRows {
    pub(super) fn open(file: File, from: Option<Position>) -> Result<Self, ImportError> {
        let file = SerializedFileReader::new(file).map_err(|error| ImportError::Read(unreadable(&error)))?;
        let columns = header(file.metadata())?;
        let wanted = from.map_or(0, |from| from.offset);
        let all = rows_of(file.metadata().file_metadata().num_rows());
        let mut rows = Self {
            columns,
            next_group: 0,
            readers: Vec::new(),
            cells: Vec::new(),
            given: 0,
            all,
            read: 0,
            file,
        };
        // Row groups that lie before the place are not read at all.
        for group in rows.file.metadata().row_groups() {
            let after = rows.read + rows_of(group.num_rows());
            if after > wanted {
                break;
            }
            (rows.next_group, rows.read) = (rows.next_group + 1, after);
        }
        while rows.read < wanted && rows.decode().map_err(ImportError::Read)? {
            rows.read += 1;
            rows.given += 1;
        }
        Ok(rows)
    }

    /// Sees to it that a row is decoded that was not given out; `false` at the end.
    fn decode(&mut self) -> io::Result<bool> {
        loop {
            if self.cells.first().is_some_and(|column| self.given < column.len()) {
                return Ok(true);
            }
            self.given = 0;
            let cells = self.readers.iter_mut().map(|(about, reader)| some(about, reader));
            self.cells = cells.collect::<Result<_, _>>().map_err(|error| unreadable(&error))?;
            let decoded = self.cells.first().map_or(0, Vec::len);
            if self.cells.iter().any(|column| column.len() != decoded) {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "its columns are of different lengths",
                ));
            }
            if decoded == 0 && !self.open_group()? {
                return Ok(false);
            }
        }
    }

    /// Opens the next row group; `false` where there is none.
    fn open_group(&mut self) -> io::Result<bool> {
        if self.next_group == self.file.num_row_groups() {
            return Ok(false);
        }
        let group = self.file.get_row_group(self.next_group).map_err(|error| unreadable(&error))?;
        self.next_group += 1;
        let reader = |place| {
            let about = group.metadata().column(place).column_descr_ptr();
            Ok((about, group.get_column_reader(place)?))
        };
        self.readers = (0..self.columns.len())
            .map(reader)
            .collect::<Result<_, ParquetError>>()
            .map_err(|error| unreadable(&error))?;
        Ok(true)
    }
}

/// The columns, and whether every one of them can be read.
fn header(about: &ParquetMetaData) -> Result<Vec<Column>, ImportError> {
    let schema = about.file_metadata().schema_descr();
    let names: Vec<_> =
        schema.root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let columns = columns::read(names.iter().map(String::as_bytes))?;
    for (place, column) in columns.iter().enumerate() {
        let leaf = schema.columns().get(place).filter(|_| schema.num_columns() == columns.len());
        if !leaf.is_some_and(|leaf| is_readable(leaf)) {
            let found = leaf.map_or_else(|| "group".to_owned(), |leaf| type_name(leaf));
            return Err(HeaderFault::Type { column: column.key(), found }.into());
        }
    }
    let chunks = about.row_groups().iter().flat_map(|group| group.columns());
    if chunks.map(|chunk| chunk.uncompressed_size()).max().unwrap_or(0) > LARGEST_CHUNK {
        let why = "a column of a row group has more than 256 MiB: write smaller row groups";
        return Err(ImportError::Read(io::Error::new(io::ErrorKind::FileTooLarge, why)));
    }
    Ok(columns)
}

fn is_readable(leaf: &ColumnDescriptor) -> bool {
    let flat = leaf.max_rep_level() == 0 && leaf.path().parts().len() == 1;
    let plain = match leaf.physical_type() {
        Physical::BYTE_ARRAY => {
            matches!(leaf.converted_type(), ConvertedType::NONE | ConvertedType::UTF8 | ConvertedType::ENUM)
        }
        Physical::INT32 | Physical::INT64 => match leaf.logical_type_ref() {
            None | Some(LogicalType::Integer { .. } | LogicalType::Date) => !matches!(
                leaf.converted_type(),
                ConvertedType::DECIMAL
                    | ConvertedType::TIME_MILLIS
                    | ConvertedType::TIME_MICROS
                    | ConvertedType::TIMESTAMP_MILLIS
                    | ConvertedType::TIMESTAMP_MICROS
            ),
            Some(_) => false,
        },
        _ => false,
    };
    plain && flat
}

fn type_name(leaf: &ColumnDescriptor) -> String {
    match leaf.logical_type_ref() {
        Some(logical) => format!("{logical:?}"),
        None => leaf.physical_type().to_string(),
    }
}

/// Of an error only its kind: its text may hold values.
fn unreadable(error: &ParquetError) -> io::Error {
    let why = match error {
        ParquetError::EOF(_) => "it ends too early, or is no Parquet file",
        ParquetError::NYI(_) => "it uses something of Parquet that is not supported",
        _ => "it is no Parquet file, or a broken one",
    };
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn rows_of(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// The next rows of a column; none at the row group's end.
fn some(about: &ColumnDescPtr, reader: &mut ColumnReader) -> Result<Vec<Cell>, ParquetError> {
    match reader {
        ColumnReader::ByteArrayColumnReader(reader) => cells(about, reader, Cell::Bytes),
        ColumnReader::Int32ColumnReader(reader) if is_date(about) => cells(about, reader, Cell::Day),
        ColumnReader::Int32ColumnReader(reader) if is_unsigned(about) => {
            cells(about, reader, |number| Cell::Whole(i64::from(number.cast_unsigned())))
        }
        ColumnReader::Int32ColumnReader(reader) => {
            cells(about, reader, |number| Cell::Whole(i64::from(number)))
        }
        ColumnReader::Int64ColumnReader(reader) => cells(about, reader, Cell::Whole),
        _ => Err(ParquetError::NYI("another type".to_owned())),
    }
}

fn is_date(about: &ColumnDescPtr) -> bool {
    about.converted_type() == ConvertedType::DATE
        || matches!(about.logical_type_ref(), Some(LogicalType::Date))
}

fn is_unsigned(about: &ColumnDescPtr) -> bool {
    matches!(about.converted_type(), ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32)
}

fn cells<T: DataType>(
    about: &ColumnDescPtr,
    reader: &mut ColumnReaderImpl<T>,
    cell: impl Fn(T::T) -> Cell,
) -> Result<Vec<Cell>, ParquetError>
where
    T::T: Sized,
{
    let (mut levels, mut values) = (Vec::with_capacity(TOGETHER), Vec::with_capacity(TOGETHER));
    let (rows, ..) = reader.read_records(TOGETHER, Some(&mut levels), None, &mut values)?;
    let mut values = values.into_iter().map(cell);
    if about.max_def_level() == 0 {
        return Ok(values.take(rows).collect());
    }
    let held = |level: &i16| *level == about.max_def_level();
    Ok(levels
        .iter()
        .map(|level| held(level).then(|| values.next()).flatten().unwrap_or(Cell::Nothing))
        .collect())
}

impl Source for ParquetRows {
    fn next(&mut self) -> io::Result<Option<Parsed>> {
        if !self.decode()? {
            return Ok(None);
        }
        let row = self.cells.iter().filter_map(|column| column.get(self.given));
        let person = person(self.columns.iter().zip(row));
        self.given += 1;
        self.read += 1;
        Ok(Some(Parsed { line: self.read, person }))
    }

    fn position(&self) -> Position {
        Position { offset: self.read, line: self.read + 1 }
    }

    fn length(&self) -> Option<u64> {
        Some(self.all)
    }

    fn has_portraits(&self) -> bool {
        self.columns.contains(&Column::Portrait)
    }
}

fn person<'v>(mut values: impl Iterator<Item = (&'v Column, &'v Cell)>) -> Result<Person, Fault> {
    let mut draft = Draft::default();
    values.try_for_each(|(column, value)| match value {
        Cell::Nothing => draft.set(*column, b""),
        Cell::Bytes(bytes) => draft.set(*column, bytes.data()),
        Cell::Whole(number) if *number >= 0 => draft.set(*column, number.to_string().as_bytes()),
        Cell::Day(days) => match day(*days) {
            Some(date) => draft.set(*column, date.to_string().as_bytes()),
            None => Err((Some(column.key()), Reason::Type)),
        },
        Cell::Whole(_) => Err((Some(column.key()), Reason::Type)),
    })?;
    draft.finish()
}

/// The date so many days after 1970-01-01.
fn day(days: i32) -> Option<jiff::civil::Date> {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

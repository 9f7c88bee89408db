//! People from Apache Parquet: one row a person, one column of text, whole numbers or dates a field.

use std::fs::File;
use std::io;

use ::parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::FileReader as _;
use ::parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use ::parquet::record::Field as Value;
use ::parquet::record::reader::RowIter;
use ::parquet::schema::types::ColumnDescriptor;

use super::ImportError;
use super::columns::{self, Column, HeaderFault};
use super::person::{Draft, Fault, Person};
use super::reject::Reason;
use super::source::{Parsed, Position, Source};

/// The most bytes one column of one row group may have: pages lie within it, and a page is read whole.
const LARGEST_CHUNK: i64 = 256 << 20;

/// Rows of a Parquet file.
pub(super) struct ParquetRows {
    rows: RowIter<'static>,
    columns: Vec<Column>,
    all: u64,
    read: u64,
}

impl ParquetRows {
    pub(super) fn open(file: File, from: Option<Position>) -> Result<Self, ImportError> {
        let whole =
            SerializedFileReader::new(file.try_clone().map_err(ImportError::Read)?).map_err(unreadable)?;
        let columns = header(whole.metadata())?;
        let read = from.map_or(0, |from| from.offset);
        // Row groups that lie before the place are not read at all.
        let (mut first, mut before) = (0, 0);
        for group in whole.metadata().row_groups() {
            let rows = u64::try_from(group.num_rows()).unwrap_or(0);
            if before + rows > read {
                break;
            }
            (first, before) = (first + 1, before + rows);
        }
        let later =
            ReadOptionsBuilder::new().with_predicate(Box::new(move |_, group| group >= first)).build();
        let reader = SerializedFileReader::new_with_options(file, later).map_err(unreadable)?;
        let mut rows = RowIter::from_file_into(Box::new(reader));
        for _ in before..read {
            rows.next();
        }
        let all = u64::try_from(whole.metadata().file_metadata().num_rows()).unwrap_or(0);
        Ok(Self { rows, columns, all, read })
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
    let largest =
        about.row_groups().iter().flat_map(|group| group.columns()).map(|chunk| chunk.uncompressed_size());
    if largest.max().unwrap_or(0) > LARGEST_CHUNK {
        let why = "a column of a row group has more than 256 MiB: write smaller row groups";
        return Err(ImportError::Read(io::Error::new(io::ErrorKind::FileTooLarge, why)));
    }
    Ok(columns)
}

fn is_readable(leaf: &ColumnDescriptor) -> bool {
    let repeated = leaf.max_rep_level() > 0;
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
    plain && !repeated
}

fn type_name(leaf: &ColumnDescriptor) -> String {
    match leaf.logical_type_ref() {
        Some(logical) => format!("{logical:?}"),
        None => leaf.physical_type().to_string(),
    }
}

fn unreadable(error: ParquetError) -> ImportError {
    ImportError::Read(io::Error::new(io::ErrorKind::InvalidData, error))
}

impl Source for ParquetRows {
    fn next(&mut self) -> io::Result<Option<Parsed>> {
        let Some(row) = self.rows.next() else { return Ok(None) };
        let row = row.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.read += 1;
        let values = self.columns.iter().zip(row.get_column_iter().map(|(_, value)| value));
        Ok(Some(Parsed { line: self.read, person: person(values) }))
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

fn person<'v>(mut values: impl Iterator<Item = (&'v Column, &'v Value)>) -> Result<Person, Fault> {
    let mut draft = Draft::default();
    values.try_for_each(|(column, value)| match value {
        Value::Null => draft.set(*column, b""),
        Value::Str(text) => draft.set(*column, text.as_bytes()),
        Value::Bytes(bytes) => draft.set(*column, bytes.data()),
        Value::Date(days) => match day(*days) {
            Some(date) => draft.set(*column, date.to_string().as_bytes()),
            None => Err((Some(column.key()), Reason::Type)),
        },
        Value::Byte(number) => whole(&mut draft, *column, i64::from(*number)),
        Value::Short(number) => whole(&mut draft, *column, i64::from(*number)),
        Value::Int(number) => whole(&mut draft, *column, i64::from(*number)),
        Value::Long(number) => whole(&mut draft, *column, *number),
        Value::UByte(number) => whole(&mut draft, *column, i64::from(*number)),
        Value::UShort(number) => whole(&mut draft, *column, i64::from(*number)),
        Value::UInt(number) => whole(&mut draft, *column, i64::from(*number)),
        Value::ULong(number) => draft.set(*column, number.to_string().as_bytes()),
        _ => Err((Some(column.key()), Reason::Type)),
    })?;
    draft.finish()
}

fn whole(draft: &mut Draft, column: Column, number: i64) -> Result<(), Fault> {
    if number < 0 {
        return Err((Some(column.key()), Reason::Type));
    }
    draft.set(column, number.to_string().as_bytes())
}

/// The date so many days after 1970-01-01.
fn day(days: i32) -> Option<jiff::civil::Date> {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

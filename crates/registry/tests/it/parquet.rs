//! Parquet files to import.

use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// NIK, name, days from 1970-01-01 to the birth date, RT.
pub type Person<'a> = (Option<&'a str>, Option<&'a [u8]>, Option<i32>, Option<i32>);

/// A file of people, one row group for each.
pub fn people(people: &[Person<'_>]) -> Vec<u8> {
    let schema = "message people {
        optional binary nik (UTF8); optional binary Name (UTF8);
        optional int32 date_of_birth (DATE); optional int32 rt;
    }";
    written(schema, people, |group, (nik, name, born, rt)| {
        for text in [nik.map(str::as_bytes), *name] {
            column::<ByteArrayType>(group, text.map(|text| ByteArray::from(text.to_vec())));
        }
        for number in [born, rt] {
            column::<Int32Type>(group, *number);
        }
    })
}

/// A file whose numbers are no texts.
pub fn of_doubles() -> Vec<u8> {
    written("message people { optional double nik; }", &[3.2e15], |group, nik| {
        column::<DoubleType>(group, Some(*nik));
    })
}

fn written<T>(
    schema: &str,
    rows: &[T],
    write: impl Fn(&mut SerializedRowGroupWriter<'_, Vec<u8>>, &T),
) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("begun");
    for row in rows {
        let mut group = file.next_row_group().expect("a row group");
        write(&mut group, row);
        group.close().expect("closed");
    }
    file.into_inner().expect("written")
}

fn column<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, value: Option<T::T>) {
    let mut column = group.next_column().expect("written").expect("a column");
    let level = i16::from(value.is_some());
    let values: Vec<_> = value.into_iter().collect();
    column.typed::<T>().write_batch(&values, Some(&[level]), None).expect("written");
    column.close().expect("closed");
}

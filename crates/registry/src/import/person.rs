//! One row as a person.

use absah_core::birth_date;
use absah_core::claims::{Demographics, Record, RecordState};
use absah_core::field::Field;
use absah_core::nik::Nik;
use jiff::civil::Date;

use super::columns::Column;
use super::reject::Reason;
use super::rows::Fields;

/// The most bytes of a value.
const LONGEST_VALUE: usize = 1024;

/// A row that is in order, its portrait not yet looked at.
#[derive(Debug, Clone)]
pub struct Person {
    /// What the row says.
    pub record: Record,
    /// Path of the portrait, relative to the portraits' folder and not yet held against it.
    pub portrait: Option<String>,
}

/// Why a row is not in order: the column, where it is one's fault, and the reason.
pub(super) type Fault = (Option<&'static str>, Reason);

pub(super) fn read(columns: &[Column], fields: Fields<'_>) -> Result<Person, Fault> {
    if fields.len() != columns.len() {
        return Err((None, Reason::ColumnCount { expected: columns.len(), found: fields.len() }));
    }
    let mut nik = None;
    let mut demographics = Demographics::default();
    let mut state = RecordState::default();
    let mut portrait = None;
    for (&column, bytes) in columns.iter().zip(fields.iter()) {
        let fault = |reason| (Some(column.key()), reason);
        let value = text(bytes).map_err(fault)?;
        match column {
            Column::Nik => nik = Some(Nik::parse(value).map_err(|error| fault(Reason::Nik(error)))?),
            // An address outside any neighbourhood has RT and RW 0, written as 0, a dash or nothing.
            Column::Field(field @ (Field::Rt | Field::Rw)) if value.is_empty() => {
                demographics.set_text(field, "0");
            }
            // Any other empty value is one the registry does not hold.
            _ if value.is_empty() => {}
            Column::Field(Field::DateOfBirth) => {
                demographics.set_date_of_birth(date(value).map_err(fault)?);
            }
            Column::Field(Field::NoKk) => {
                let sound = value.len() == 16 && value.bytes().all(|byte| byte.is_ascii_digit());
                demographics.set_text(Field::NoKk, sound.then_some(value).ok_or(fault(Reason::NoKk))?);
            }
            Column::Field(field) => demographics.set_text(field, value),
            Column::State => state = RecordState::from_key(value).ok_or(fault(Reason::State))?,
            Column::Portrait => portrait = Some(value.to_owned()),
        }
    }
    let nik = nik.ok_or((None, Reason::ColumnCount { expected: columns.len(), found: fields.len() }))?;
    Ok(Person { record: Record { nik, demographics, state }, portrait })
}

/// A value as text, without the spaces around it.
fn text(bytes: &[u8]) -> Result<&str, Reason> {
    if bytes.len() > LONGEST_VALUE {
        return Err(Reason::ValueTooLong);
    }
    let value = std::str::from_utf8(bytes).map_err(|_| Reason::NotUtf8)?.trim();
    if value.chars().any(char::is_control) { Err(Reason::ControlCharacter) } else { Ok(value) }
}

/// Either order; four digits at one end tell them apart.
fn date(value: &str) -> Result<Date, Reason> {
    let year_first = value.split('-').next().is_some_and(|part| part.len() == 4);
    let parse = if year_first { birth_date::parse_year_first } else { birth_date::parse_day_first };
    parse(value).map_err(Reason::Date)
}

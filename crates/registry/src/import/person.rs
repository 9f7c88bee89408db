//! One row as a person.

use absah_core::birth_date;
use absah_core::claims::{Demographics, Record, RecordState};
use absah_core::field::Field;
use absah_core::nik::Nik;
use jiff::civil::Date;

use super::columns::Column;
use super::reject::Reason;

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

/// A person of whom some values were read.
#[derive(Default)]
pub(super) struct Draft {
    nik: Option<Nik>,
    demographics: Demographics,
    state: RecordState,
    portrait: Option<String>,
}

impl Draft {
    /// Takes a column's value.
    pub(super) fn set(&mut self, column: Column, bytes: &[u8]) -> Result<(), Fault> {
        let fault = |reason| (Some(column.key()), reason);
        let value = text(bytes).map_err(fault)?;
        match column {
            Column::Nik => self.nik = Some(Nik::parse(value).map_err(|error| fault(Reason::Nik(error)))?),
            // An address outside any neighbourhood has RT and RW 0, written as 0, a dash or nothing.
            Column::Field(field @ (Field::Rt | Field::Rw)) if value.is_empty() => {
                self.demographics.set_text(field, "0");
            }
            // Any other empty value is one the registry does not hold.
            _ if value.is_empty() => {}
            Column::Field(Field::DateOfBirth) => {
                self.demographics.set_date_of_birth(date(value).map_err(fault)?);
            }
            Column::Field(Field::NoKk) => {
                let sound = value.len() == 16 && value.bytes().all(|byte| byte.is_ascii_digit());
                self.demographics.set_text(Field::NoKk, sound.then_some(value).ok_or(fault(Reason::NoKk))?);
            }
            Column::Field(field) => self.demographics.set_text(field, value),
            Column::State => self.state = RecordState::from_key(value).ok_or(fault(Reason::State))?,
            Column::Portrait => self.portrait = Some(value.to_owned()),
        }
        Ok(())
    }

    /// The person, once every value was taken.
    pub(super) fn finish(self) -> Result<Person, Fault> {
        let nik = self.nik.ok_or((Some(Column::Nik.key()), Reason::NoNik))?;
        let record = Record { nik, demographics: self.demographics, state: self.state };
        Ok(Person { record, portrait: self.portrait })
    }
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

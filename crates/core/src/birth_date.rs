//! Dates of birth as callers write them.

use jiff::civil::Date;
use thiserror::Error;

/// Why a text is no date. Holds nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// Not the digits and hyphens the form asks for.
    #[error("the date does not have the form asked for")]
    Form,
    /// No day of the calendar (30 February, month 13, year 0).
    #[error("the calendar has no such day")]
    NoSuchDay,
}

/// Reads `yyyy-mm-dd`: exactly four, two and two ASCII digits, no sign, nothing around them.
///
/// # Errors
/// [`DateError`] says whether the form or the calendar refuses it.
pub fn parse_year_first(text: &str) -> Result<Date, DateError> {
    let [year, month, day] = numbers(text, [4, 2, 2])?;
    date(year, month, day)
}

/// Reads `dd-mm-yyyy`: exactly two, two and four ASCII digits, no sign, nothing around them.
///
/// # Errors
/// [`DateError`] says whether the form or the calendar refuses it.
pub fn parse_day_first(text: &str) -> Result<Date, DateError> {
    let [day, month, year] = numbers(text, [2, 2, 4])?;
    date(year, month, day)
}

/// A day of the calendar from the year 1 on.
fn date(year: i16, month: i16, day: i16) -> Result<Date, DateError> {
    let [month, day] = [month, day].map(|number| i8::try_from(number).unwrap_or(0));
    match Date::new(year, month, day) {
        Ok(date) if year > 0 => Ok(date),
        _ => Err(DateError::NoSuchDay),
    }
}

/// Three numbers of exactly these many digits, between hyphens.
fn numbers(text: &str, digits: [usize; 3]) -> Result<[i16; 3], DateError> {
    let mut parts = text.split('-');
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(digits) {
        let part = parts
            .next()
            .filter(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()));
        *number = part.and_then(|part| part.parse().ok()).ok_or(DateError::Form)?;
    }
    if parts.next().is_some() { Err(DateError::Form) } else { Ok(numbers) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn year_first() {
        let rows = [
            ("1990-07-06", Ok(date(1990, 7, 6))),
            ("2000-02-29", Ok(date(2000, 2, 29))),
            ("1900-02-29", Err(DateError::NoSuchDay)),
            ("2023-04-31", Err(DateError::NoSuchDay)),
            ("1990-13-01", Err(DateError::NoSuchDay)),
            ("1990-00-10", Err(DateError::NoSuchDay)),
            ("1990-01-00", Err(DateError::NoSuchDay)),
            ("0000-01-01", Err(DateError::NoSuchDay)),
            ("06-07-1990", Err(DateError::Form)),
            ("1990-7-6", Err(DateError::Form)),
            ("1990/07/06", Err(DateError::Form)),
            ("19900706", Err(DateError::Form)),
            (" 1990-07-06", Err(DateError::Form)),
            ("1990-07-06 ", Err(DateError::Form)),
            ("1990-07-06T00:00:00Z", Err(DateError::Form)),
            ("1990-07-06-", Err(DateError::Form)),
            ("-990-07-06", Err(DateError::Form)),
            ("+990-07-06", Err(DateError::Form)),
            ("1990-+7-06", Err(DateError::Form)),
            ("١٩٩٠-07-06", Err(DateError::Form)),
            ("undefined", Err(DateError::Form)),
            ("", Err(DateError::Form)),
        ];
        for (text, expected) in rows {
            assert_eq!(parse_year_first(text), expected, "{text:?}");
        }
    }

    #[test]
    fn day_first() {
        let rows = [
            ("06-07-1990", Ok(date(1990, 7, 6))),
            ("29-02-2000", Ok(date(2000, 2, 29))),
            ("29-02-2001", Err(DateError::NoSuchDay)),
            ("1990-07-06", Err(DateError::Form)),
            ("6-7-1990", Err(DateError::Form)),
            ("06-07-90", Err(DateError::Form)),
            ("undefined", Err(DateError::Form)),
        ];
        for (text, expected) in rows {
            assert_eq!(parse_day_first(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_day_reads_back(year in 1i16..=9999, month in 1i8..=12, day in 1i8..=28) {
            let expected = date(year, month, day);
            prop_assert_eq!(parse_year_first(&format!("{year:04}-{month:02}-{day:02}")), Ok(expected));
            prop_assert_eq!(parse_day_first(&format!("{day:02}-{month:02}-{year:04}")), Ok(expected));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = (parse_year_first(&text), parse_day_first(&text));
        }
    }
}

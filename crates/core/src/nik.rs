//! The national identity number (Nomor Induk Kependudukan, NIK).

use std::fmt;

use jiff::civil::Date;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::coded::Gender;
use crate::places::{AreaLevel, unknown_level};

/// A NIK: sixteen digits, not starting with 0. Masked in `Debug`, without `Display`, wiped on drop.
///
/// The digits are the area of first registration (province, regency, district: two each), the birth date as
/// ddmmyy with 40 added to the day for women, and a serial of four. There is no check digit, and the number never
/// changes for life, so the structure alone never refuses a number.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct Nik(Box<str>);

/// Why a text is no NIK. Holds nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NikError {
    /// Something other than an ASCII digit, or not sixteen of them.
    #[error("a NIK has exactly {} digits", Nik::LENGTH)]
    NotSixteenDigits,
    /// Numbers from before 2010; they are not valid on the electronic card.
    #[error("a NIK does not start with 0")]
    LeadingZero,
}

impl Nik {
    /// How many digits a NIK has.
    pub const LENGTH: usize = 16;

    /// Reads a NIK: exactly sixteen ASCII digits, nothing around them, the first not 0.
    ///
    /// # Errors
    /// [`NikError`] says which of the two rules is broken.
    pub fn parse(text: &str) -> Result<Self, NikError> {
        if text.len() != Self::LENGTH || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NikError::NotSixteenDigits);
        }
        if text.starts_with('0') {
            return Err(NikError::LeadingZero);
        }
        Ok(Self(text.into()))
    }

    /// The sixteen digits; the caller answers for where they go.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the structure of the number says against a claim; empty where all agrees.
    ///
    /// Evidence only, never a rejection: corrections of the birth date or the sex do not change a number, area codes
    /// older than the known editions exist, and so do numbers that were issued wrongly.
    pub fn signals(&self, claimed_birth: Option<Date>, claimed_gender: Option<Gender>) -> Vec<NikSignal> {
        let mut signals = Vec::new();
        if let Some(level) = unknown_level(self.number(0, 6)) {
            signals.push(NikSignal::UnknownArea(level));
        }
        let candidates = self.birth_date_candidates();
        if candidates.iter().all(Option::is_none) {
            signals.push(NikSignal::ImpossibleBirthDate);
        } else if claimed_birth.is_some_and(|date| !candidates.contains(&Some(date))) {
            signals.push(NikSignal::BirthDateDisagrees);
        }
        if let (Some(claimed), Some(coded)) = (claimed_gender, self.gender())
            && claimed != coded
        {
            signals.push(NikSignal::GenderDisagrees);
        }
        if self.number(12, 4) == 0 {
            signals.push(NikSignal::SerialZero);
        }
        signals
    }

    /// The sex the number states: 40 is added to a woman's day. `None` where the day is impossible.
    pub fn gender(&self) -> Option<Gender> {
        match self.number(6, 2) {
            1..=31 => Some(Gender::Male),
            41..=71 => Some(Gender::Female),
            _ => None,
        }
    }

    /// The birth dates the number can stand for, in the 20th and in the 21st century; `None` where that day is not in
    /// the calendar.
    pub fn birth_date_candidates(&self) -> [Option<Date>; 2] {
        let day = match self.number(6, 2) {
            day @ 41.. => day - 40,
            day => day,
        };
        let date = |century| {
            let year = i16::try_from(century + self.number(10, 2)).ok()?;
            Date::new(year, i8::try_from(self.number(8, 2)).ok()?, i8::try_from(day).ok()?).ok()
        };
        [date(1900), date(2000)]
    }

    /// The birth date of an applicant on that day: the candidate of an age of [`Nik::APPLICANT_AGES`]; of two, the
    /// younger.
    pub fn applicant_birth_date(&self, on: Date) -> Option<Date> {
        let [older, younger] = self.birth_date_candidates();
        [younger, older].into_iter().flatten().find(|birth| Self::APPLICANT_AGES.contains(&age(*birth, on)))
    }

    /// The ages in whole years at which someone applies: identity cards are issued from 17 on.
    pub const APPLICANT_AGES: std::ops::RangeInclusive<i16> = 17..=120;

    /// The digits from an offset on, as a number; the number is ASCII and sixteen long by construction.
    fn number(&self, offset: usize, length: usize) -> u32 {
        self.0
            .bytes()
            .skip(offset)
            .take(length)
            .fold(0, |number, digit| number * 10 + u32::from(digit.wrapping_sub(b'0')))
    }
}

/// The age in whole years on a day; who is born on 29 February has a birthday on 1 March of common years.
fn age(birth: Date, on: Date) -> i16 {
    let had_birthday = (on.month(), on.day()) >= (birth.month(), birth.day());
    on.year() - birth.year() - i16::from(!had_birthday)
}

/// What the structure of a NIK says against a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NikSignal {
    /// No edition of the area codes knows the code, from this level on.
    UnknownArea(AreaLevel),
    /// The day or the month is in no calendar.
    ImpossibleBirthDate,
    /// The birth date is another than the claimed one.
    BirthDateDisagrees,
    /// The sex is another than the claimed one.
    GenderDisagrees,
    /// The serial is 0000, which is not issued.
    SerialZero,
}

impl NikSignal {
    /// The signal's name in evidence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::UnknownArea(AreaLevel::Province) => "unknown_province",
            Self::UnknownArea(AreaLevel::Regency) => "unknown_regency",
            Self::UnknownArea(AreaLevel::District) => "unknown_district",
            Self::ImpossibleBirthDate => "impossible_birth_date",
            Self::BirthDateDisagrees => "birth_date_disagrees",
            Self::GenderDisagrees => "gender_disagrees",
            Self::SerialZero => "serial_zero",
        }
    }
}

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<nik>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn sixteen_digits_without_a_leading_zero_are_a_nik() {
        let rows = [
            ("3217061012870001", Ok(())),
            ("1234567890111111", Ok(())),
            ("0217061012870001", Err(NikError::LeadingZero)),
            ("0000000000000000", Err(NikError::LeadingZero)),
            ("", Err(NikError::NotSixteenDigits)),
            ("321706101287000", Err(NikError::NotSixteenDigits)),
            ("32170610128700011", Err(NikError::NotSixteenDigits)),
            (" 217061012870001", Err(NikError::NotSixteenDigits)),
            ("3217061012870001\n", Err(NikError::NotSixteenDigits)),
            ("321706101287000A", Err(NikError::NotSixteenDigits)),
            ("+217061012870001", Err(NikError::NotSixteenDigits)),
            ("٣٢١٧٠٦١٠", Err(NikError::NotSixteenDigits)),
        ];
        for (text, expected) in rows {
            assert_eq!(Nik::parse(text).map(|nik| assert_eq!(nik.expose(), text)), expected, "{text:?}");
        }
    }

    fn nik(text: &str) -> Nik {
        Nik::parse(text).expect("a NIK")
    }

    #[test]
    fn the_structure_is_evidence() {
        let born = Some(date(1987, 12, 10));
        let (male, female) = (Some(Gender::Male), Some(Gender::Female));
        let rows = [
            ("3217061012870001", born, male, [].as_slice()),
            ("3217065012870001", born, female, &[]),
            ("3217061012870001", None, None, &[]),
            ("3217061012870001", Some(date(1987, 10, 12)), male, &["birth_date_disagrees"]),
            ("3217061012870001", born, female, &["gender_disagrees"]),
            ("3217061012870000", born, male, &["serial_zero"]),
            ("9717061012870001", born, male, &["unknown_province"]),
            ("3299061012870001", born, male, &["unknown_regency"]),
            ("3217991012870001", born, male, &["unknown_district"]),
            ("3217063202870001", born, male, &["impossible_birth_date"]),
            ("3217061013870001", born, male, &["impossible_birth_date"]),
            ("3217067202870001", born, female, &["impossible_birth_date"]),
            ("1234567890110000", born, male, &["unknown_regency", "impossible_birth_date", "serial_zero"]),
        ];
        for (text, birth, gender, expected) in rows {
            let keys: Vec<_> = nik(text).signals(birth, gender).into_iter().map(NikSignal::key).collect();
            assert_eq!(keys, expected, "{text}");
        }
    }

    #[test]
    fn applicants_are_of_age() {
        let on = date(2026, 3, 1);
        let rows = [
            ("3217061012870001", Some(date(1987, 12, 10))),
            ("3217065012870001", Some(date(1987, 12, 10))),
            ("3217060103090001", Some(date(2009, 3, 1))),
            ("3217060203090001", Some(date(1909, 3, 2))),
            ("3217060103060001", Some(date(2006, 3, 1))),
            ("3217060103050001", Some(date(2005, 3, 1))),
            ("3217062902000001", Some(date(2000, 2, 29))),
            ("3217062902010001", None),
            ("3217063202870001", None),
        ];
        for (text, expected) in rows {
            assert_eq!(nik(text).applicant_birth_date(on), expected, "{text}");
        }
        let [older, younger] = nik("3217062902000001").birth_date_candidates();
        assert_eq!((older, younger), (None, Some(date(2000, 2, 29))), "1900 had no leap day");
    }

    #[test]
    fn debug_shows_no_digit() {
        let nik = Nik::parse("3217061012870001").expect("a NIK");
        assert!(!format!("{nik:?}").bytes().any(|byte| byte.is_ascii_digit()));
    }

    proptest! {
        #[test]
        fn every_number_has_its_signals(text in "[1-9][0-9]{15}") {
            let nik = nik(&text);
            prop_assert_eq!(nik.expose(), &text);
            prop_assert!(nik.signals(nik.birth_date_candidates()[1], nik.gender()).len() <= 3);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = Nik::parse(&text);
        }
    }
}

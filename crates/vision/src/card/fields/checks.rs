//! What the fields say of each other: the number holds the date of birth and the sex.

use std::ops::Range;

use absah_core::coded::Gender;
use absah_core::nik::Nik;
use jiff::civil::Date;

/// Places of the number that hold the area, the date of birth with the sex, and of it the day, to which 40 is added for a
/// woman.
pub(super) const AREA: Range<usize> = 0..6;
pub(super) const BIRTH: Range<usize> = 6..12;
pub(super) const DAY: Range<usize> = 6..8;

/// What the printed date and sex say of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agreement {
    /// All that can be compared agrees.
    Agrees,
    /// Something does not.
    Disagrees,
    /// Neither date nor sex was read.
    Unknown,
}

/// Whether the number's date and sex are the printed ones.
pub(super) fn agreement(number: &str, birth: Option<Date>, gender: Option<Gender>) -> Agreement {
    let Ok(nik) = Nik::parse(number) else { return Agreement::Disagrees };
    let date = birth.map(|birth| nik.birth_date_candidates().contains(&Some(birth)));
    let sex = gender.map(|gender| nik.gender() == Some(gender));
    match (date, sex) {
        (None, None) => Agreement::Unknown,
        (date, sex) if date.unwrap_or(true) && sex.unwrap_or(true) => Agreement::Agrees,
        _ => Agreement::Disagrees,
    }
}

/// The numbers that agree with the printed date and sex and differ from `number` in one of the six digits of date and
/// sex, with the place that was changed.
fn corrected(number: &str, birth: Option<Date>, gender: Option<Gender>) -> Vec<(usize, String)> {
    let digits: Vec<char> = number.chars().collect();
    let change = |place: usize, digit: char| {
        let mut changed = digits.clone();
        changed[place] = digit;
        (place, changed.into_iter().collect::<String>())
    };
    let places = BIRTH.flat_map(|place| ('0'..='9').map(move |digit| (place, digit)));
    places
        .filter(|(place, digit)| digits.get(*place).is_some_and(|held| held != digit))
        .map(|(place, digit)| change(place, digit))
        .filter(|(_, number)| agreement(number, birth, gender) == Agreement::Agrees)
        .collect()
}

/// The one correction of a single digit that makes the number agree with a date that was read surely; `None` where there
/// is none, or more than one.
pub(super) fn repaired(number: &str, birth: Date, gender: Option<Gender>) -> Option<(usize, String)> {
    match corrected(number, Some(birth), gender).as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// The date a number holds that differs from a printed one in a single digit; `None` where there is none or more than one.
pub(super) fn repaired_date(number: &str, printed: &str) -> Option<Date> {
    let nik = Nik::parse(number).ok()?;
    let near = |date: &Date| {
        let text = super::digits::printed(*date);
        text.len() == printed.len() && text.bytes().zip(printed.bytes()).filter(|(a, b)| a != b).count() == 1
    };
    let mut found = nik.birth_date_candidates().into_iter().flatten().filter(near);
    match (found.next(), found.next()) {
        (Some(date), None) => Some(date),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_number_is_held_against_date_and_sex() {
        let (man, woman) = (Some(Gender::Male), Some(Gender::Female));
        let born = Some(date(1990, 7, 6));
        let rows = [
            ("3273010607900001", born, man, Agreement::Agrees),
            ("3273014607900001", born, woman, Agreement::Agrees),
            ("3273014607900001", born, None, Agreement::Agrees),
            ("3273014607900001", born, man, Agreement::Disagrees),
            ("3273010607910001", born, man, Agreement::Disagrees),
            ("3273010607900001", None, None, Agreement::Unknown),
            ("0273010607900001", born, man, Agreement::Disagrees),
        ];
        for (number, birth, gender, expected) in rows {
            assert_eq!(agreement(number, birth, gender), expected, "{number}");
        }
    }

    #[test]
    fn one_digit_is_repaired_where_one_correction_agrees() {
        let born = date(1990, 7, 6);
        let rows = [
            ("3273010607980001", Some(Gender::Male), Some((11, "3273010607900001"))),
            ("3273010687900001", Some(Gender::Male), Some((8, "3273010607900001"))),
            // Either a man's number or a woman's: which digit is wrong depends on the sex.
            ("3273016607900001", None, Some((6, "3273010607900001"))),
            ("3273010607880001", Some(Gender::Male), None),
        ];
        for (number, gender, expected) in rows {
            let found = repaired(number, born, gender);
            if number == "3273016607900001" {
                // 06 and 46 are both one digit away.
                assert_eq!(found, None, "{number}");
                continue;
            }
            assert_eq!(found, expected.map(|(place, number)| (place, number.to_owned())), "{number}");
        }
        assert_eq!(repaired_date("3273010607900001", "06-07-1998"), Some(born));
        assert_eq!(repaired_date("3273010607900001", "08-01-1990"), None);
    }
}

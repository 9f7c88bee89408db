//! When a value is what is printed: spelling variants that stand for one value do not count as errors.

use absah_core::birth_date::parse_day_first;
use strsim::generic_levenshtein;

use crate::card::{CardField, canonical};

/// A value as it is compared: canonical words of lists, dates and numbers in one form, all else in capitals with single
/// spaces. A dash for a blood type that is not known is nothing.
pub(super) fn comparable(field: CardField, value: &str) -> String {
    let plain = value.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
    match field {
        CardField::Nik => plain.chars().filter(char::is_ascii_digit).collect(),
        CardField::DateOfBirth | CardField::IssueDate => dated(&plain),
        CardField::Rt | CardField::Rw => plain.parse::<u32>().map_or(plain, |number| number.to_string()),
        CardField::City => match plain.split_once(' ') {
            Some(("KAB." | "KAB", rest)) => format!("KABUPATEN {rest}"),
            _ => plain,
        },
        CardField::Province => plain.strip_prefix("PROVINSI ").map_or(plain.clone(), str::to_owned),
        CardField::BloodType if plain == "-" => String::new(),
        CardField::ValidUntil => dated(&canonical(field, &plain)),
        _ => canonical(field, &plain),
    }
}

fn dated(text: &str) -> String {
    parse_day_first(text).map_or_else(|_| text.to_owned(), |date| date.to_string())
}

/// Edit distance of two texts over the length of the first: a character error rate. 1 for what is read where nothing is
/// printed.
pub(super) fn character_errors(truth: &str, read: &str) -> f64 {
    let (truth, read): (Vec<char>, Vec<char>) = (truth.chars().collect(), read.chars().collect());
    if truth.is_empty() {
        return f64::from(u8::from(!read.is_empty()));
    }
    generic_levenshtein(&truth, &read) as f64 / truth.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_one_value_are_equal() {
        use CardField::*;
        let rows = [
            (Religion, "BUDDHA", "BUDHA", true),
            (Religion, "ISLAM", "HINDU", false),
            (DateOfBirth, "06-07-1990", "06-07-1990", true),
            (DateOfBirth, "06-07-1990", "07-06-1990", false),
            (Rt, "002", "2", true),
            (Name, "Budi  Santoso", "BUDI SANTOSO", true),
            (Name, "BUDI SANTOSO", "BUDISANTOSO", false),
            (City, "KAB. GARUT", "KABUPATEN GARUT", true),
            (City, "KOTA BANDUNG", "KABUPATEN BANDUNG", false),
            (Province, "PROVINSI BALI", "BALI", true),
            (BloodType, "-", "", true),
            (JobType, "PNS", "PEGAWAI NEGERI SIPIL", true),
            (ValidUntil, "SEUMUR HIDUP", "SEUMUR HIDUP", true),
        ];
        for (field, a, b, equal) in rows {
            assert_eq!(comparable(field, a) == comparable(field, b), equal, "{field} {a:?} {b:?}");
        }
    }

    #[test]
    fn character_errors_by_hand() {
        for (truth, read, rate) in
            [("ABCD", "ABCD", 0.0), ("ABCD", "ABD", 0.25), ("", "", 0.0), ("AB", "", 1.0), ("", "A", 1.0)]
        {
            assert!((character_errors(truth, read) - rate).abs() < 1e-9, "{truth:?} {read:?}");
        }
    }
}

//! Names of provinces, regencies, districts and villages.

use crate::rule::Rule;
use crate::{table, text};

include!(concat!(env!("OUT_DIR"), "/place_names.rs"));

/// A level of administration, with the words that may stand before its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceLevel {
    /// Provinsi.
    Province,
    /// Kabupaten or kota.
    Regency,
    /// Kecamatan.
    District,
    /// Kelurahan or desa.
    Village,
}

/// The two kinds of a regency; 26 names exist as both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RegencyType {
    Kabupaten,
    Kota,
}

/// Whether two names are one place of that level, and the rule that says so. Symmetric.
///
/// Case, punctuation and spaces do not count (P A P U A). A regency's type has to agree where both sides state it;
/// a name that exists as one type only states it by itself. Known synonyms and former names count as the name.
pub fn same_place(level: PlaceLevel, a: &str, b: &str) -> (bool, Rule) {
    let (a, b) = (text::words(a), text::words(b));
    if a.is_empty() || b.is_empty() {
        return (false, Rule::NothingToCompare);
    }
    if a == b {
        return (true, Rule::Equal);
    }
    let (a, b) = (PlaceName::of(level, &a), PlaceName::of(level, &b));
    if a.name() != b.name() {
        return (false, Rule::PlaceName);
    }
    if a.type_conflicts_with(&b) {
        return (false, Rule::PlaceType);
    }
    (true, if a.key == b.key { Rule::EqualWithoutSpaces } else { Rule::KnownSynonym })
}

/// A regency's name without KABUPATEN or KOTA before it, in capitals.
pub(crate) fn without_type(name: &str) -> String {
    let words = text::words(name);
    let words: Vec<_> = words.split(' ').collect();
    split_type(&words).1.join(" ")
}

/// Whether words in capitals begin with KOTA and the name of a city (KOTA BANDUNG, KOTA ADM JAKARTA SELATAN).
pub(crate) fn begins_with_city(words: &[&str]) -> bool {
    /// JAKARTA SELATAN, BANDA ACEH, PANGKAL PINANG.
    const LONGEST_NAME: usize = 2;
    let (Some(RegencyType::Kota), bare) = split_type(words) else { return false };
    let is_city = |key: &str| matches!(table::find(REGENCY_TYPES, key), Some((_, true)));
    (1..=LONGEST_NAME).any(|count| bare.get(..count).is_some_and(|name| is_city(&name.concat())))
}

/// A place's name, taken apart.
struct PlaceName {
    key: String,
    synonym_of: Option<&'static str>,
    stated: Option<RegencyType>,
}

impl PlaceName {
    /// Takes normalised words apart.
    fn of(level: PlaceLevel, words: &str) -> Self {
        let words: Vec<&str> = words.split(' ').collect();
        let (stated, bare) = match level {
            PlaceLevel::Regency => split_type(&words),
            PlaceLevel::Province => (None, without_label(&words, &["PROVINSI", "PROPINSI", "PROV", "PROP"])),
            PlaceLevel::District => (None, without_label(&words, &["KECAMATAN", "KEC"])),
            PlaceLevel::Village => (None, without_label(&words, &["KELURAHAN", "KEL", "DESA", "DS"])),
        };
        let key: String = bare.iter().map(|word| unabbreviated(word)).collect();
        let synonym_of = match level {
            PlaceLevel::Province => table::find(PROVINCE_SYNONYMS, &key),
            PlaceLevel::Regency => table::find(REGENCY_SYNONYMS, &key),
            PlaceLevel::District | PlaceLevel::Village => None,
        };
        Self { key, synonym_of, stated }
    }

    /// The key of the name all its synonyms share.
    fn name(&self) -> &str {
        self.synonym_of.unwrap_or(&self.key)
    }

    /// Whether one side states a type that the other is not. A side that states none is of either type if it states
    /// nothing at all; against a stated one it has the only type its name exists as.
    fn type_conflicts_with(&self, other: &Self) -> bool {
        match (self.stated, other.stated) {
            (Some(a), Some(b)) => a != b,
            (Some(stated), None) | (None, Some(stated)) => {
                only_type(&self.key).is_some_and(|only| only != stated)
            }
            (None, None) => false,
        }
    }
}

/// The only type a regency's name exists as.
fn only_type(key: &str) -> Option<RegencyType> {
    match table::find(REGENCY_TYPES, key)? {
        (true, false) => Some(RegencyType::Kabupaten),
        (false, true) => Some(RegencyType::Kota),
        _ => None,
    }
}

/// Takes the type off a regency's words: KAB BANDUNG, KOTA ADM JAKARTA PUSAT. KOTA BARU keeps its first word, since
/// it is the name of a regency (Kotabaru) and there is no city of Baru.
fn split_type<'a>(words: &'a [&'a str]) -> (Option<RegencyType>, &'a [&'a str]) {
    let Some((first, rest)) = words.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return (None, words);
    };
    let stated = match *first {
        "KAB" | "KABUPATEN" => RegencyType::Kabupaten,
        "KOTA" | "KOTAMADYA" | "KODYA" | "KOTIF" => RegencyType::Kota,
        _ => return (None, words),
    };
    let bare = without_label(rest, &["ADM", "ADMINISTRASI", "ADMINISTRATIF"]);
    let exists = |words: &[&str]| table::find(REGENCY_TYPES, &words.concat()).is_some();
    if *first == "KOTA" && !exists(bare) && exists(words) {
        return (None, words);
    }
    (Some(stated), bare)
}

/// The words without a label before them; a label alone is a name.
fn without_label<'a>(words: &'a [&'a str], labels: &[&str]) -> &'a [&'a str] {
    match words.split_first() {
        Some((first, rest)) if labels.contains(first) && !rest.is_empty() => rest,
        _ => words,
    }
}

/// Words that are written short in official lists, or in two ways.
fn unabbreviated(word: &str) -> &str {
    match word {
        "KEP" => "KEPULAUAN",
        "SUMATRA" => "SUMATERA",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PlaceLevel::{District, Province, Regency, Village};
    use proptest::prelude::*;

    #[test]
    fn places_are_compared_by_level() {
        let rows = [
            (Province, "JAWA BARAT", "Jawa Barat", true, Rule::Equal),
            (Province, "Provinsi Jawa Barat", "JAWA BARAT", true, Rule::EqualWithoutSpaces),
            (Province, "JAWA BARAT", "JAWA TENGAH", false, Rule::PlaceName),
            (Province, "P A P U A", "PAPUA", true, Rule::EqualWithoutSpaces),
            (Province, "PAPUA", "PAPUA BARAT", false, Rule::PlaceName),
            (Province, "DKI JAKARTA", "DAERAH KHUSUS IBUKOTA JAKARTA", true, Rule::KnownSynonym),
            (Province, "D.K.I. Jakarta", "DKI JAKARTA", true, Rule::EqualWithoutSpaces),
            (Province, "DI YOGYAKARTA", "Daerah Istimewa Yogyakarta", true, Rule::KnownSynonym),
            (Province, "D.I. YOGYAKARTA", "DI YOGYAKARTA", true, Rule::EqualWithoutSpaces),
            (Province, "Sumatra Utara", "SUMATERA UTARA", true, Rule::EqualWithoutSpaces),
            (Province, "Kep. Riau", "KEPULAUAN RIAU", true, Rule::EqualWithoutSpaces),
            (Province, "RIAU", "KEPULAUAN RIAU", false, Rule::PlaceName),
            (Regency, "KOTA BANDUNG", "KOTA BANDUNG", true, Rule::Equal),
            (Regency, "BANDUNG", "KOTA BANDUNG", true, Rule::EqualWithoutSpaces),
            (Regency, "BANDUNG", "KAB. BANDUNG", true, Rule::EqualWithoutSpaces),
            (Regency, "KAB. BANDUNG", "KABUPATEN BANDUNG", true, Rule::EqualWithoutSpaces),
            (Regency, "KAB. BANDUNG", "KOTA BANDUNG", false, Rule::PlaceType),
            (Regency, "KAB. BANDUNG", "KAB. BANDUNG BARAT", false, Rule::PlaceName),
            (Regency, "KABUPATEN SAMARINDA", "SAMARINDA", false, Rule::PlaceType),
            (Regency, "KOTA SAMARINDA", "SAMARINDA", true, Rule::EqualWithoutSpaces),
            (Regency, "KOTA BARU", "KABUPATEN KOTABARU", true, Rule::EqualWithoutSpaces),
            (Regency, "KOTAMADYA BOGOR", "KOTA BOGOR", true, Rule::EqualWithoutSpaces),
            (Regency, "Jakarta Selatan", "KOTA ADM. JAKARTA SELATAN", true, Rule::EqualWithoutSpaces),
            (
                Regency,
                "Kota Jakarta Selatan",
                "KOTA ADMINISTRASI JAKARTA SELATAN",
                true,
                Rule::EqualWithoutSpaces,
            ),
            (Regency, "Kepulauan Seribu", "KAB. ADM. KEP. SERIBU", true, Rule::EqualWithoutSpaces),
            (Regency, "PEMATANG SIANTAR", "KOTA PEMATANGSIANTAR", true, Rule::EqualWithoutSpaces),
            (Regency, "KAB. MAMUJU UTARA", "KAB. PASANGKAYU", true, Rule::KnownSynonym),
            (Regency, "KAB. TOBA SAMOSIR", "KAB. TOBA", true, Rule::KnownSynonym),
            (Regency, "KAB. SAMOSIR", "KAB. TOBA SAMOSIR", false, Rule::PlaceName),
            (District, "Kec. Sukajadi", "SUKAJADI", true, Rule::EqualWithoutSpaces),
            (District, "SUKA JADI", "SUKAJADI", true, Rule::EqualWithoutSpaces),
            (District, "SUKAJADI", "SUKASARI", false, Rule::PlaceName),
            (Village, "Kelurahan Sukajadi", "SUKAJADI", true, Rule::EqualWithoutSpaces),
            (Village, "DESA", "DESA", true, Rule::Equal),
            (Village, "-", "SUKAJADI", false, Rule::NothingToCompare),
            (Village, "-", "-", false, Rule::NothingToCompare),
        ];
        for (level, a, b, same, rule) in rows {
            assert_eq!(same_place(level, a, b), (same, rule), "{level:?} {a:?} {b:?}");
            assert_eq!(same_place(level, b, a), (same, rule), "{level:?} {b:?} {a:?}");
        }
    }

    #[test]
    fn twenty_six_names_are_of_both_types() {
        assert_eq!(REGENCY_TYPES.iter().filter(|(_, types)| *types == (true, true)).count(), 26);
    }

    #[test]
    fn table_keys_are_those_the_program_makes() {
        let keys = PROVINCE_SYNONYMS.iter().chain(REGENCY_SYNONYMS).map(|(key, _)| *key);
        for key in keys.chain(REGENCY_TYPES.iter().map(|(key, _)| *key)) {
            assert_eq!(text::key(key), key);
        }
    }

    proptest! {
        #[test]
        fn comparison_is_symmetric_and_never_panics(a in any::<String>(), b in any::<String>()) {
            for level in [Province, Regency, District, Village] {
                prop_assert_eq!(same_place(level, &a, &b), same_place(level, &b, &a));
            }
        }
    }
}

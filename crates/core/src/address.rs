//! The street line of an address.
//!
//! The registry's address is the street line alone; RT, RW, village and district are fields of their own, so a claim
//! that carries them behind the street is compared without them.

use crate::person_name::levenshtein;
use crate::places::begins_with_city;
use crate::rule::Rule;
use crate::text;

/// Lines of more characters are compared for equality alone, since the edit distance costs their product.
const LONGEST_SCORED: usize = 256;

/// Words of a street line in their spellings, each row with the form that stands for it. An empty form is left out: most
/// streets are a JALAN, and a number is a number without NO.
const UNIFIED: [(&[&str], &str); 17] = [
    (&["JL", "JLN", "JALAN", "JLAN", "JI", "JIN"], ""),
    (&["NO", "NOMOR", "NMR", "NOMER"], ""),
    (&["GG", "GANG", "GNG"], "GG"),
    (&["BLK", "BLOK", "BLOCK"], "BLOK"),
    (&["KP", "KMP", "KAMPUNG", "KPG"], "KP"),
    (&["DSN", "DUSUN", "DS"], "DUSUN"),
    (&["DK", "DKH", "DUKUH"], "DUKUH"),
    (&["PD", "PDK", "PONDOK"], "PONDOK"),
    (&["LINGK", "LINGKUNGAN", "LK", "LING"], "LINGK"),
    (&["PERUM", "PERUMAHAN", "PRM", "PERUMNAS", "PRUM"], "PERUM"),
    (&["KOMP", "KOMPLEK", "KOMPLEKS", "KPLK", "KOMPL", "COMPLEX"], "KOMP"),
    (&["LR", "LRG", "LORONG"], "LR"),
    (&["KAV", "KAVLING", "KAPLING", "KVL"], "KAV"),
    (&["APT", "APARTEMEN", "APARTMENT", "APART"], "APT"),
    (&["TMN", "TAMAN"], "TAMAN"),
    (&["LT", "LANTAI"], "LT"),
    (&["RY", "RAYA"], "RAYA"),
];

/// Words that begin what is no longer the street line. DS is a DUSUN where the line begins with it, and a DESA behind a
/// street; KOTA is one where a city's name follows, since streets are called after the town as well.
const TAIL_LABELS: [&str; 13] = [
    "KEL",
    "KELURAHAN",
    "DESA",
    "DS",
    "KEC",
    "KECAMATAN",
    "KAB",
    "KABUPATEN",
    "PROV",
    "PROP",
    "PROVINSI",
    "PROPINSI",
    "PROVINCE",
];

/// The similarity of two street lines, 0 to 100, and the rule that decided it. Symmetric.
///
/// ```
/// use absah_core::address::similarity;
/// use absah_core::rule::Rule;
///
/// let claimed = "Jalan Sesama Nomor 123 RT 002/RW 016 Kel. Sukajadi";
/// assert_eq!(similarity(claimed, "JL SESAMA NO 123"), (100, Rule::Equal));
/// ```
pub fn similarity(a: &str, b: &str) -> (u8, Rule) {
    let (a, b) = (street_line(a), street_line(b));
    if a.is_empty() || b.is_empty() {
        return (0, Rule::NothingToCompare);
    }
    if a == b {
        return (100, Rule::Equal);
    }
    if a.concat() == b.concat() {
        return (100, Rule::EqualWithoutSpaces);
    }
    let (text_a, text_b) = (a.join(" "), b.join(" "));
    if text_a.chars().count().max(text_b.chars().count()) > LONGEST_SCORED {
        return (0, Rule::EditDistance);
    }
    let in_order = levenshtein(&text_a, &text_b);
    let sorted = |mut words: Vec<String>| {
        words.sort_unstable();
        words.join(" ")
    };
    let out_of_order = levenshtein(&sorted(a), &sorted(b)).saturating_sub(3);
    (in_order.max(out_of_order), Rule::EditDistance)
}

/// The words of the street line, unified, without what follows it.
fn street_line(address: &str) -> Vec<String> {
    let text = text::words(address);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let mut line = Vec::with_capacity(words.len());
    let mut has_name = false;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some(length) = rt_rw(words.get(at..).unwrap_or_default()) {
            // Behind a street it ends the line; before one it is skipped.
            if has_name {
                break;
            }
            at += length;
            continue;
        }
        if has_name && (TAIL_LABELS.contains(word) || begins_with_city(words.get(at..).unwrap_or_default())) {
            break;
        }
        at += 1;
        match unified(word) {
            Some("") => {}
            Some(form) => line.push(form.to_owned()),
            None => {
                has_name = true;
                split_number(word, &mut line);
            }
        }
    }
    if line.is_empty() {
        // Nothing but words like JALAN and RT: they are all there is to compare.
        return words.into_iter().map(str::to_owned).collect();
    }
    line
}

fn unified(word: &str) -> Option<&'static str> {
    UNIFIED.iter().find(|(spellings, _)| spellings.contains(&word)).map(|(_, form)| *form)
}

/// Numbers without leading zeros, apart from a label written to them: NO12 is 12.
fn split_number(word: &str, line: &mut Vec<String>) {
    let number =
        word.strip_prefix("NO").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(word);
    let trimmed = number.trim_start_matches('0');
    let is_number = trimmed.starts_with(|c: char| c.is_ascii_digit());
    line.push(if is_number { trimmed } else { number }.to_owned());
}

/// How many words RT, RW and their numbers take at the beginning of these words: RT 02, RT02, RT02 16, RT RW 002 016.
fn rt_rw(words: &[&str]) -> Option<usize> {
    let is_label = |word: &str| word == "RT" || word == "RW";
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_joined =
        |word: &str| word.strip_prefix("RT").or_else(|| word.strip_prefix("RW")).is_some_and(is_number);
    let first = words.first()?;
    if is_joined(first) {
        return Some(1 + usize::from(words.get(1).is_some_and(|word| is_number(word))));
    }
    if !is_label(first) {
        return None;
    }
    let labels = words.iter().take_while(|word| is_label(word)).count();
    let numbers = words.iter().skip(labels).take(labels.max(2)).take_while(|word| is_number(word)).count();
    Some(labels + numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_that_are_one() {
        let rows = [
            ("JL SESAMA NO 123", "JALAN SESAMA NOMOR 123"),
            ("JL. SESAMA NO.123", "Jln Sesama 123"),
            ("JL SESAMA NO 123", "JL SESAMA NO 0123"),
            ("JL SESAMA NO123", "JL SESAMA 123"),
            ("GANG MAWAR II NO 5", "GG. MAWAR II 5"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 RT 002 RW 016"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 RT/RW 002/016 KEL SUKAJADI KEC SUKAJADI"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123, RT.02/RW.16, Kelurahan Sukajadi, Kota Bandung"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 RT02 RW16"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 DESA SUKAMAJU"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 DS. SUKAMAJU"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 KOTA BANDUNG"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123, KOTA ADM. JAKARTA SELATAN, DKI JAKARTA"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 PROV. JAWA BARAT"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 PROPINSI JAWA BARAT"),
            ("JL SESAMA NO 123", "JL SESAMA NO 123 PROVINCE OF WEST JAVA"),
            ("DS KRAJAN", "DUSUN KRAJAN DS SUKAMAJU"),
            ("DUSUN KRAJAN", "DSN. KRAJAN RT 1 RW 2"),
            ("DUSUN KRAJAN", "RT 01 RW 02 DUSUN KRAJAN"),
            ("DUSUN KRAJAN", "RT001/002 DUSUN KRAJAN"),
            ("DUKUH KRAJAN", "DK. KRAJAN"),
            ("PONDOK INDAH BLOK A NO 1", "PD. INDAH BLOK A/1"),
            ("KP. BABAKAN", "KAMPUNG BABAKAN"),
            ("PERUM GRIYA ASRI BLOK A NO 1", "PERUMAHAN GRIYA ASRI BLK A 1"),
        ];
        for (a, b) in rows {
            let (score, rule) = similarity(a, b);
            assert_eq!(score, 100, "{a:?} {b:?} {rule:?} {:?} {:?}", street_line(a), street_line(b));
            assert_eq!(similarity(b, a), (score, rule));
        }
    }

    #[test]
    fn lines_by_threshold() {
        // The usual threshold is 70.
        let rows = [
            ("JL MELATI RAYA NO 12", "JL MELATI NO 12", false),
            ("JL JENDRAL SUDIRMAN 5", "JL JENDERAL SUDIRMAN NO 5", true),
            ("JL SUDIRMAN 5 BLOK C", "BLOK C JL SUDIRMAN 5", true),
            ("JL MAWAR NO 3", "JL KENANGA NO 3", false),
            ("GG MAWAR", "JL ANGGREK", false),
            ("JL SESAMA NO 123", "RT 002 RW 016", false),
            ("JL DESA PUTERA NO 1", "JL DESA PUTRA NO 1", true),
            ("JL BALAI KOTA NO 1", "JL BALAI", false),
            ("GRAHA KOTA BLOK A NO 1", "GRAHA KOTA", false),
            ("JL PROVINSI KM 5", "JL PROVINSI KM 5", true),
        ];
        for (a, b, passes) in rows {
            let (score, _) = similarity(a, b);
            assert_eq!(score >= 70, passes, "{a:?} {b:?} {score}");
        }
    }

    #[test]
    fn nothing_never_agrees_with_something() {
        for nothing in ["", "-", " . ", "//"] {
            assert_eq!(similarity(nothing, "JL SESAMA NO 123"), (0, Rule::NothingToCompare));
        }
    }

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_bounded(a in any::<String>(), b in "(JL |RT |RW |KEL |DESA |NO |[A-Z]{1,5} |[0-9]{1,3} ){0,12}") {
            let (score, rule) = similarity(&a, &b);
            prop_assert!(score <= 100);
            prop_assert_eq!(similarity(&b, &a), (score, rule));
        }

        #[test]
        fn an_address_agrees_with_itself(a in "(JL |RT |RW |KEL |DESA |NO |[A-Z]{1,5} |[0-9]{1,3} ){0,12}X") {
            prop_assert_eq!(similarity(&a, &a).0, 100);
        }
    }
}

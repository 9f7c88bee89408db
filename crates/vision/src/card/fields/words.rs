//! Values that are one of a few words, and the words read nearest to them.

use absah_core::coded::JobType;
use strsim::generic_levenshtein;

/// Words that a value can be, and how each is told: as printed, and the canonical value.
pub(super) type Words = &'static [(&'static str, &'static str)];

pub(super) const GENDERS: Words = &[("LAKI-LAKI", "LAKI-LAKI"), ("PEREMPUAN", "PEREMPUAN")];

pub(super) const RELIGIONS: Words = &[
    ("ISLAM", "ISLAM"),
    ("KRISTEN", "KRISTEN"),
    ("KRISTEN PROTESTAN", "KRISTEN"),
    ("PROTESTAN", "KRISTEN"),
    ("KATHOLIK", "KATOLIK"),
    ("KATOLIK", "KATOLIK"),
    ("HINDU", "HINDU"),
    ("BUDHA", "BUDHA"),
    ("BUDDHA", "BUDHA"),
    ("KONGHUCU", "KONGHUCU"),
    ("KHONGHUCU", "KONGHUCU"),
    ("KONG HU CU", "KONGHUCU"),
    ("KEPERCAYAAN TERHADAP TUHAN YME", "KEPERCAYAAN"),
    ("KEPERCAYAAN", "KEPERCAYAAN"),
    ("PENGHAYAT KEPERCAYAAN", "KEPERCAYAAN"),
];

pub(super) const MARITAL_STATUSES: Words = &[
    ("BELUM KAWIN", "BELUM KAWIN"),
    ("KAWIN", "KAWIN"),
    ("KAWIN TERCATAT", "KAWIN TERCATAT"),
    ("KAWIN BELUM TERCATAT", "KAWIN BELUM TERCATAT"),
    ("CERAI HIDUP", "CERAI HIDUP"),
    ("CERAI MATI", "CERAI MATI"),
];

pub(super) const NATIONALITIES: Words = &[("WNI", "WNI"), ("WNA", "WNA")];

pub(super) const FOR_LIFE: Words = &[("SEUMUR HIDUP", "SEUMUR HIDUP")];

/// Whether a text is what is stamped on cards that are none.
pub(super) fn is_stamp(text: &str) -> bool {
    const STAMPS: Words = &[("SPECIMEN", ""), ("SPESIMEN", ""), ("CONTOH", ""), ("SAMPLE", "")];
    nearest(text, STAMPS).is_some_and(|found| found.likeness > 0.7)
}

/// A text of words in which digits that stand among letters are the letters they resemble.
pub(super) fn with_letters(text: &str) -> String {
    let letter = |character: char| match character {
        '0' => 'O',
        '1' => 'I',
        '5' => 'S',
        '8' => 'B',
        _ => character,
    };
    let of_word = |word: &str| {
        let letters = word.chars().filter(char::is_ascii_alphabetic).count();
        if letters >= 3 { word.chars().map(letter).collect() } else { word.to_owned() }
    };
    text.split(' ').map(of_word).collect::<Vec<String>>().join(" ")
}

/// A place or a street that ends with a Roman number of thin strokes: alone behind a name, they are easily read as one
/// letter that no name ends with.
pub(super) fn with_roman_number(text: &str) -> String {
    let Some((name, last)) = text.rsplit_once(' ') else { return text.to_owned() };
    let number = match last {
        "K" | "T" | "L" | "J" => "I",
        "U" | "N" | "H" => "II",
        "M" => "III",
        "Y" => "V",
        _ => return text.to_owned(),
    };
    // Blocks have letters, and so have house numbers.
    let before = name.rsplit(' ').next().unwrap_or_default();
    let is_name = before.len() >= 3 && before.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_block = nearest(before, BLOCKS).is_some_and(|found| found.likeness > 0.7);
    if is_name && !is_block { format!("{name} {number}") } else { text.to_owned() }
}

const BLOCKS: Words = &[("BLOK", ""), ("BLOCK", ""), ("BLK", ""), ("KAV", ""), ("KAVLING", ""), ("GANG", "")];

/// An address whose short words are spelled as they are: JL for street, which was read as JI, and NO for number, behind
/// which no comma stands.
pub(super) fn with_street(text: &str) -> String {
    let of_word = |word: &str| {
        let behind = |prefix: &str| word.strip_prefix(prefix).filter(|rest| !begins_alphanumeric(rest));
        match (behind("JI"), behind("NO"), behind("N")) {
            (Some(rest), ..) => format!("JL{rest}"),
            (_, Some(rest), _) if rest.starts_with(',') => format!("NO.{}", rest.trim_start_matches(',')),
            (.., Some(rest)) if rest.bytes().any(|byte| byte.is_ascii_digit()) => format!("NO{rest}"),
            _ => word.to_owned(),
        }
    };
    text.split(' ').map(of_word).collect::<Vec<String>>().join(" ")
}

fn begins_alphanumeric(text: &str) -> bool {
    text.starts_with(|next: char| next.is_ascii_alphanumeric())
}

/// Roman numbers whose strokes were parted, run together with the word before them, or read in part as another letter.
pub(super) fn with_whole_numbers(text: &str) -> String {
    let is_strokes = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte == b'I');
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| b"IVX".contains(&byte));
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        if is_strokes(word) && words.last().is_some_and(|last| is_strokes(last)) {
            words.last_mut().into_iter().for_each(|last| last.push_str(word));
            continue;
        }
        let name = word.trim_end_matches('I');
        let strokes = word.len() - name.len();
        match word.strip_suffix(['K', 'T', 'L', 'J']) {
            Some(start) if is_number(start) => words.push(format!("{start}I")),
            _ if (2..=3).contains(&strokes) && name.len() >= 4 && !is_number(name) => {
                words.extend([name.to_owned(), "I".repeat(strokes)]);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

pub(super) const BLOOD_TYPES: [&str; 13] =
    ["AB+", "AB-", "A+", "A-", "B+", "B-", "O+", "O-", "AB", "A", "B", "O", "-"];

/// The kind of a regency that its name begins with, read nearest, and the rest of the name.
pub(super) fn kind_of_city(text: &str) -> Option<(Nearest, &str)> {
    const KINDS: Words = &[("KABUPATEN", "KABUPATEN"), ("KOTA", "KOTA")];
    let ends = text.match_indices(' ').map(|(end, _)| end).take(3);
    let read = ends.filter_map(|end| {
        let kind = nearest(text.get(..end)?, KINDS).filter(|kind| kind.likeness > 0.7)?;
        Some((kind, text.get(end..)?.trim()))
    });
    read.max_by(|(a, _), (b, _)| a.likeness.total_cmp(&b.likeness))
}

/// A word read nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nearest {
    /// The canonical value.
    pub(super) value: &'static str,
    /// How near, 0 to 1: 1 is equal.
    pub(super) likeness: f32,
    /// How much nearer than any word of another value, 0 to 1.
    pub(super) margin: f32,
}

impl Nearest {
    /// Whether the text is the word.
    pub(super) fn is_exact(&self) -> bool {
        self.likeness > 0.999
    }
}

/// Words less alike are no readings of each other.
const LEAST_LIKENESS: f32 = 0.6;

/// A part of a text is the more easily like a word.
const LEAST_WITHIN: f32 = 0.65;

/// A text that is as a whole so much like a word is not searched for others.
const WHOLE: f32 = 0.85;

/// The word nearest a text by edit distance, spaces and punctuation left out; `None` where none is near.
pub(super) fn nearest<'w>(
    text: &str,
    words: impl IntoIterator<Item = &'w (&'static str, &'static str)>,
) -> Option<Nearest> {
    let text = key(text);
    let likeness = |word: &[u8]| {
        1.0 - generic_levenshtein(&text, &word.to_vec()) as f32 / text.len().max(word.len()).max(1) as f32
    };
    best(words.into_iter().map(|(word, value)| (likeness(&key(word)), 1.0, *value)))
}

/// The word a text holds, read nearest: what stands before and behind it is not the value's. Of several the one of most
/// letters that are right.
pub(super) fn nearest_within(text: &str, words: Words) -> Option<Nearest> {
    let whole = nearest(text, words).filter(|found| found.likeness > WHOLE);
    let text = key(text);
    let within = best(words.iter().map(|(word, value)| {
        let word = key(word);
        let errors = infix_distance(&word, &text) as f32;
        (1.0 - errors / word.len().max(1) as f32, word.len() as f32, *value)
    }))
    .filter(|found| found.likeness >= LEAST_WITHIN);
    match (whole, within) {
        (Some(whole), Some(within)) if within.likeness <= whole.likeness => Some(whole),
        (whole, within) => within.or(whole),
    }
}

/// The best of words by their letters that are right less those that are wrong, given likenesses and letters.
fn best(words: impl Iterator<Item = (f32, f32, &'static str)>) -> Option<Nearest> {
    let worth = |(likeness, letters, _): &(f32, f32, &'static str)| (2.0 * likeness - 1.0).max(0.0) * letters;
    let words: Vec<_> = words.collect();
    let best = *words.iter().rev().max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
    let (likeness, letters, value) = best;
    let next = words.iter().filter(|(.., other)| *other != value).map(worth).fold(0.0, f32::max);
    let margin = ((worth(&best) - next) / letters).clamp(0.0, 1.0);
    (likeness >= LEAST_LIKENESS).then_some(Nearest { value, likeness, margin })
}

/// The occupation nearest a text.
pub(super) fn nearest_job(text: &str) -> Option<Nearest> {
    if let Some(job) = JobType::parse(text) {
        return Some(Nearest { value: job.name(), likeness: 1.0, margin: 1.0 });
    }
    let jobs: Vec<(&'static str, &'static str)> =
        JobType::all().map(|(name, job)| (name, job.name())).collect();
    nearest(text, &jobs)
}

fn key(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect()
}

/// The edit distance of a word to the part of a text nearest it.
fn infix_distance(word: &[u8], text: &[u8]) -> usize {
    // Where the text is left out before and behind the word, it costs nothing: the first row is of zeros, and the least of
    // the last row is the distance.
    let mut row = vec![0; text.len() + 1];
    for (line, letter) in word.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, other) in text.iter().enumerate() {
            let change = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.into_iter().min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_with_errors_are_known() {
        let rows = [
            ("LAKI-LAKI", GENDERS, Some("LAKI-LAKI")),
            ("LAK1-LAKl", GENDERS, Some("LAKI-LAKI")),
            ("LAKILAKI", GENDERS, Some("LAKI-LAKI")),
            ("PEREMPUAM", GENDERS, Some("PEREMPUAN")),
            ("BANDUNG", GENDERS, None),
            ("BUDDHA", RELIGIONS, Some("BUDHA")),
            ("KATHOLIK", RELIGIONS, Some("KATOLIK")),
            ("KRISTN", RELIGIONS, Some("KRISTEN")),
            ("KAWIN", MARITAL_STATUSES, Some("KAWIN")),
            ("BELUMKAWIN", MARITAL_STATUSES, Some("BELUM KAWIN")),
            ("CERAI MAT", MARITAL_STATUSES, Some("CERAI MATI")),
            ("", MARITAL_STATUSES, None),
        ];
        for (text, words, expected) in rows {
            assert_eq!(nearest(text, words).map(|found| found.value), expected, "{text:?}");
        }
    }

    #[test]
    fn what_stands_around_a_word_does_not_count() {
        let rows = [
            ("LAKI-LAKI GOI. DA", GENDERS, Some("LAKI-LAKI")),
            ("PEREMPUAN COL", GENDERS, Some("PEREMPUAN")),
            ("KAWIN BELUM TERCATAT", MARITAL_STATUSES, Some("KAWIN BELUM TERCATAT")),
            ("GOL LAKI", GENDERS, None),
            ("LAKI-LAKI B", GENDERS, Some("LAKI-LAKI")),
            ("STATUS KAWIN CERAI HIDUP", MARITAL_STATUSES, Some("CERAI HIDUP")),
            ("STATUS BEIUM KAWIN", MARITAL_STATUSES, Some("BELUM KAWIN")),
            ("BEIUM KAWIN", MARITAL_STATUSES, Some("BELUM KAWIN")),
            ("AS PERKAWINAN KAWIN", MARITAL_STATUSES, Some("KAWIN")),
            ("BERIAKU S/D SEUMUR HIDUP", FOR_LIFE, Some("SEUMUR HIDUP")),
            ("GARAAN WNI", NATIONALITIES, Some("WNI")),
            ("XQZ", NATIONALITIES, None),
        ];
        for (text, words, expected) in rows {
            assert_eq!(nearest_within(text, words).map(|found| found.value), expected, "{text:?}");
        }
    }

    #[test]
    fn letters_are_read_where_words_stand() {
        for (text, expected) in
            [("SUKAHARJ0", "SUKAHARJO"), ("B0G0R 2", "BOGOR 2"), ("B2 C8", "B2 C8"), ("", "")]
        {
            assert_eq!(with_letters(text), expected, "{text}");
        }
        let rows = [
            ("JL MAHONI II I", "JL MAHONI III"),
            ("JL MANGGIS VK", "JL MANGGIS VI"),
            ("JL CENDANA IK NO 4", "JL CENDANA II NO 4"),
            ("JL FLAMBOYANII", "JL FLAMBOYAN II"),
            ("JL PANTAI KEL XII", "JL PANTAI KEL XII"),
            ("HAJI VI", "HAJI VI"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(with_whole_numbers(text), expected, "{text}");
        }
        let rows = [
            ("JL PATTIMURA K", "JL PATTIMURA I"),
            ("JL DEWI SARTIKA U", "JL DEWI SARTIKA II"),
            ("JL MAWAR BLOK M", "JL MAWAR BLOK M"),
            ("JL MAWAR NO 65 B", "JL MAWAR NO 65 B"),
            ("JL MAWAR", "JL MAWAR"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(with_roman_number(text), expected, "{text}");
        }
        for (text, expected) in [
            ("JI. MAWAR", "JL. MAWAR"),
            ("JI MAWAR", "JL MAWAR"),
            ("JIRAK", "JIRAK"),
            ("GG JI", "GG JL"),
            ("JL MAWAR NO, 4", "JL MAWAR NO. 4"),
            ("JL MAWAR N.66", "JL MAWAR NO.66"),
            ("NOTO, N", "NOTO, N"),
        ] {
            assert_eq!(with_street(text), expected, "{text}");
        }
    }

    #[test]
    fn the_margin_is_to_another_value() {
        let found = nearest("ISLAM", RELIGIONS).expect("a word");
        assert!(found.likeness > 0.99 && found.margin > 0.3, "{found:?}");
        let between = nearest("CERAI", MARITAL_STATUSES);
        assert!(between.is_none_or(|found| found.margin < 0.2), "{between:?}");
    }

    #[test]
    fn occupations_are_found_among_the_registrys() {
        let rows = [
            ("KARYAWAN SWASTA", Some("KARYAWAN SWASTA")),
            ("KARYAWANSWASTA", Some("KARYAWAN SWASTA")),
            ("KARYAWAN SWASIA", Some("KARYAWAN SWASTA")),
            ("PELAJAR/MAHASISWA", Some("PELAJAR/MAHASISWA")),
            ("MENGURUS RUMAH TANGCA", Some("MENGURUS RUMAH TANGGA")),
            ("XQZ", None),
        ];
        for (text, expected) in rows {
            assert_eq!(nearest_job(text).map(|found| found.value), expected, "{text:?}");
        }
    }
}

//! Values that are one of a few words, and the words read nearest to them.

use absah_core::coded::JobType;

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

pub(super) const FOR_LIFE: Words = &[("SEUMUR HIDUP", "SEUMUR HIDUP")];

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

/// The word nearest a text by edit distance, spaces and punctuation left out; `None` where none is near.
pub(super) fn nearest<'w>(
    text: &str,
    words: impl IntoIterator<Item = &'w (&'static str, &'static str)>,
) -> Option<Nearest> {
    let text = key(text);
    let mut best: Option<(f32, &'static str)> = None;
    let mut next = 0.0_f32;
    for (word, value) in words {
        let word = key(word);
        let likeness = 1.0 - distance(&text, &word) as f32 / text.len().max(word.len()).max(1) as f32;
        match best {
            Some((most, held)) if likeness <= most => {
                if held != *value {
                    next = next.max(likeness);
                }
            }
            _ => {
                if let Some((most, _)) = best.filter(|(_, held)| held != value) {
                    next = next.max(most);
                }
                best = Some((likeness, value));
            }
        }
    }
    let (likeness, value) = best?;
    (likeness >= LEAST_LIKENESS).then_some(Nearest { value, likeness, margin: likeness - next })
}

/// The word a text begins with, read nearest: what follows it is not the value's.
pub(super) fn nearest_start(text: &str, words: Words) -> Option<Nearest> {
    let whole = nearest(text, words);
    if whole.is_some_and(|found| found.likeness > 0.85) {
        return whole;
    }
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let cut = starts.filter_map(|end| nearest(text.get(..end)?, words));
    cut.chain(whole).max_by(|a, b| a.likeness.total_cmp(&b.likeness))
}

/// Words less alike are no readings of each other.
const LEAST_LIKENESS: f32 = 0.6;

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

/// Edit distance.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, left) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
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
    fn what_follows_a_word_does_not_count() {
        let rows = [
            ("LAKI-LAKI GOI. DA", GENDERS, Some("LAKI-LAKI")),
            ("PEREMPUAN COL", GENDERS, Some("PEREMPUAN")),
            ("KAWIN BELUM TERCATAT", MARITAL_STATUSES, Some("KAWIN BELUM TERCATAT")),
            ("GOL LAKI", GENDERS, None),
        ];
        for (text, words, expected) in rows {
            assert_eq!(nearest_start(text, words).map(|found| found.value), expected, "{text:?}");
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

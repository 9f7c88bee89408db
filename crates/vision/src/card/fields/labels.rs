//! The labels printed on a card, and how they are recognised in text that was read with errors.

use super::super::emissions::Reading;

/// A label, from top to bottom as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Label {
    Province,
    Nik,
    Name,
    Birth,
    Gender,
    BloodType,
    Address,
    RtRw,
    Subdistrict,
    District,
    Religion,
    MaritalStatus,
    JobType,
    Nationality,
    ValidUntil,
}

/// How a label is known.
struct Form {
    label: Label,
    /// Spellings in capitals, letters alone.
    spellings: &'static [&'static str],
    /// Errors that are forgiven in the first spelling; in a shorter one fewer, by its length.
    errors: usize,
    /// Where its base line lies, as a fraction of the card's height.
    y: f32,
}

const fn form(label: Label, spellings: &'static [&'static str], errors: usize, y: f32) -> Form {
    Form { label, spellings, errors, y }
}

/// Heights by two public templates that agree to about a hundredth.
const FORMS: [Form; 15] = [
    form(Label::Province, &["PROVINSI", "PROPINSI"], 2, 0.140),
    form(Label::Nik, &["NIK"], 1, 0.270),
    form(Label::Name, &["NAMA", "NAMALENGKAP"], 1, 0.335),
    form(Label::Birth, &["TEMPATTGLLAHIR", "TEMPATTANGGALLAHIR", "TEMPATDANTANGGALLAHIR", "TTL"], 4, 0.384),
    form(Label::Gender, &["JENISKELAMIN", "JNSKELAMIN"], 4, 0.434),
    form(Label::BloodType, &["GOLDARAH", "GOLONGANDARAH", "GOLDRH"], 3, 0.434),
    form(Label::Address, &["ALAMAT"], 2, 0.479),
    form(Label::RtRw, &["RTRW"], 1, 0.527),
    form(
        Label::Subdistrict,
        &["KELDESA", "KELDES", "KELURAHANDESA", "DESAKELURAHAN", "DESAKEL", "KELURAHAN"],
        2,
        0.577,
    ),
    form(Label::District, &["KECAMATAN"], 3, 0.624),
    form(Label::Religion, &["AGAMA"], 1, 0.670),
    form(Label::MaritalStatus, &["STATUSPERKAWINAN", "STATUS"], 4, 0.719),
    form(Label::JobType, &["PEKERJAAN"], 3, 0.769),
    form(Label::Nationality, &["KEWARGANEGARAAN", "WARGANEGARA"], 4, 0.819),
    form(Label::ValidUntil, &["BERLAKUHINGGA", "BERLAKUSD", "BERLAKUSAMPAI"], 4, 0.864),
];

impl Label {
    pub(super) const COUNT: usize = FORMS.len();

    /// Every label from top to bottom.
    pub(super) fn all() -> impl DoubleEndedIterator<Item = Self> {
        FORMS.iter().map(|form| form.label)
    }

    fn form(self) -> &'static Form {
        &FORMS[self as usize]
    }

    /// Its base line as a fraction of the card's height.
    pub(super) fn y(self) -> f32 {
        self.form().y
    }

    /// Where it stands at the beginning of a reading.
    pub(super) fn at_start(self, key: &Key) -> Option<Found> {
        self.found(key, 0)
    }

    /// The best place of a reading where it stands, beginning at any glyph.
    pub(super) fn anywhere(self, key: &Key) -> Option<Found> {
        (0..key.letters.len())
            .filter_map(|from| self.found(key, from))
            .max_by(|a, b| a.worth.total_cmp(&b.worth))
    }

    fn found(self, key: &Key, from: usize) -> Option<Found> {
        let Form { spellings, errors, .. } = self.form();
        let text = key.letters.get(from..)?;
        let first = spellings.first().map_or(1, |first| first.len());
        let forgiven = |letters: usize| (errors * letters / first).min(*errors);
        let of = |spelling: &&str| {
            let wanted: Vec<u8> = spelling.bytes().collect();
            let (length, distance) = best_prefix(&wanted, text);
            (distance <= forgiven(wanted.len()) && length > 0).then(|| Found {
                first_glyph: key.glyphs.get(from).copied().unwrap_or_default(),
                last_glyph: key.glyphs.get(from + length - 1).copied().unwrap_or_default(),
                worth: wanted.len() as f32 - 2.0 * distance as f32,
            })
        };
        spellings.iter().filter_map(of).max_by(|a, b| a.worth.total_cmp(&b.worth))
    }
}

/// A label that was found in a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    /// Its first and last glyph.
    pub(super) first_glyph: usize,
    pub(super) last_glyph: usize,
    /// Its letters less twice the errors.
    pub(super) worth: f32,
}

/// The letters and digits of a reading in capitals, and the glyph each one is.
pub(super) struct Key {
    pub(super) letters: Vec<u8>,
    glyphs: Vec<usize>,
}

impl Key {
    pub(super) fn of(reading: &Reading) -> Self {
        let glyphs = reading.glyphs.iter().enumerate();
        let kept = glyphs.filter(|(_, glyph)| glyph.character.is_ascii_alphanumeric());
        let (letters, glyphs) =
            kept.map(|(place, glyph)| (glyph.character.to_ascii_uppercase() as u8, place)).unzip();
        Self { letters, glyphs }
    }
}

/// The length of the beginning of `text` that is nearest `wanted` by edit distance, and that distance.
fn best_prefix(wanted: &[u8], text: &[u8]) -> (usize, usize) {
    let text = text.get(..text.len().min(wanted.len() * 2)).unwrap_or_default();
    // One row a character of the text; the last column is the distance of the whole label.
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    let mut best = (0, wanted.len());
    for (length, character) in text.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], length + 1);
        for (place, letter) in wanted.iter().enumerate() {
            let change = diagonal + usize::from(letter != character);
            diagonal = row[place + 1];
            row[place + 1] = change.min(diagonal + 1).min(row[place] + 1);
        }
        let distance = row[wanted.len()];
        if distance < best.1 {
            best = (length + 1, distance);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::super::emissions::Glyph;
    use super::*;

    fn reading(text: &str) -> Reading {
        let glyph = |(step, character)| Glyph { character, seen: character, step, confidence: 1.0 };
        Reading { glyphs: text.chars().enumerate().map(glyph).collect() }
    }

    #[test]
    fn labels_are_known_also_with_errors() {
        let rows = [
            (Label::Nik, "NIK : 3273", Some(2)),
            (Label::Nik, "N1K:3273", Some(2)),
            (Label::Name, "Nama : NAMAN", Some(3)),
            (Label::Name, "ADI", None),
            (Label::Birth, "Tempat/Tgl Lahir : BANDUNG", Some(15)),
            (Label::Birth, "Tempa/TgI Lahlr:BANDUNG", Some(14)),
            (Label::RtRw, "RT/RW : 001/002", Some(4)),
            (Label::Subdistrict, "Kel/Desa : SUKAJADI", Some(7)),
            (Label::Subdistrict, "Kel/Des SUKAJADI", Some(6)),
            (Label::District, "Kecamatan", Some(8)),
            (Label::Religion, "Agama: ISLAM", Some(4)),
            (Label::MaritalStatus, "Status Perkawinan: KAWIN", Some(16)),
            (Label::MaritalStatus, "KAWIN", None),
            (Label::Nationality, "Kewarganegaraan", Some(14)),
            (Label::Nationality, "", None),
        ];
        for (label, text, last) in rows {
            let found = label.at_start(&Key::of(&reading(text)));
            assert_eq!(found.map(|found| found.last_glyph), last, "{label:?} {text:?}");
        }
    }

    #[test]
    fn a_label_within_a_line_is_found() {
        let key = Key::of(&reading("LAKI-LAKI  Gol. Darah : O"));
        let found = Label::BloodType.anywhere(&key).expect("it is there");
        assert_eq!((found.first_glyph, found.last_glyph), (11, 20));
    }

    #[test]
    fn forms_stand_in_the_order_of_their_labels() {
        for (place, label) in Label::all().enumerate() {
            assert_eq!((label as usize, label.form().label), (place, label));
        }
        assert_eq!(Label::all().count(), Label::COUNT);
    }
}

//! What every field's text stands for.

use absah_core::coded::Gender;
use jiff::civil::Date;

use super::checks::{self, Agreement};
use super::decode::{Decoded, Finer, Reader, surety};
use super::digits::{DateRead, digit, last_date, printed};
use super::labels::Label;
use super::layout::{Layout, ReadLine, Segment};
use super::words::{self, Nearest};
use super::{CardField, FieldReading, Fields, Repair, RepairReason};
use crate::card::emissions::Reading;
use crate::runtime::ModelError;

/// A digit surer than this is not changed for the sake of the printed date.
const CERTAIN: f32 = 0.98;

/// Reads every field.
pub(super) fn read(lines: &[ReadLine], layout: &Layout, finer: &mut Finer<'_>) -> Result<Fields, ModelError> {
    let mut values = Values { reader: Reader::new(lines, finer), layout, fields: Fields::new() };
    values.heading()?;
    values.words_of(Label::Gender, CardField::Gender, words::GENDERS)?;
    values.birth()?;
    values.number()?;
    values.plain(Label::Name, CardField::Name, in_name)?;
    values.plain(Label::Address, CardField::Address, in_address)?;
    values.rt_rw()?;
    values.plain(Label::Subdistrict, CardField::Subdistrict, in_place)?;
    values.plain(Label::District, CardField::District, in_place)?;
    values.words_of(Label::Religion, CardField::Religion, words::RELIGIONS)?;
    values.words_of(Label::MaritalStatus, CardField::MaritalStatus, words::MARITAL_STATUSES)?;
    values.job()?;
    values.nationality()?;
    values.valid_until()?;
    values.blood_type()?;
    values.issue()?;
    Ok(values.fields)
}

/// What a character is read as where capitals stand.
fn capital(character: char) -> Option<char> {
    match character {
        'l' | '1' => Some('I'),
        '0' => Some('O'),
        '5' => Some('S'),
        '8' => Some('B'),
        'a'..='z' => Some(character.to_ascii_uppercase()),
        _ => character.is_ascii_uppercase().then_some(character),
    }
}

fn in_name(character: char) -> Option<char> {
    if " .,'-".contains(character) { Some(character) } else { capital(character) }
}

fn in_place(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        _ if " .'-/()".contains(character) => Some(character),
        _ => capital(character),
    }
}

fn in_address(character: char) -> Option<char> {
    if ",&:".contains(character) { Some(character) } else { in_place(character) }
}

/// Letters and digits, for values that hold both.
fn in_print(character: char) -> Option<char> {
    if character == ',' { Some(character) } else { in_place(character) }
}

fn in_numbers(character: char) -> Option<char> {
    if "/ -.".contains(character) { Some(character) } else { digit(character) }
}

fn in_blood_type(character: char) -> Option<char> {
    match character {
        '0' | 'o' | 'Q' | 'D' => Some('O'),
        '8' => Some('B'),
        _ => "ABO-".contains(character).then_some(character),
    }
}

struct Values<'v> {
    reader: Reader<'v>,
    layout: &'v Layout,
    fields: Fields,
}

impl Values<'_> {
    fn put(
        &mut self,
        field: CardField,
        decoded: &Decoded,
        value: String,
        confidence: f32,
        repaired: Vec<Repair>,
    ) {
        let Some(quad) = decoded.quad else { return };
        if value.is_empty() {
            return;
        }
        let text = tidied(&decoded.text());
        let confidence = confidence.clamp(0.0, 1.0);
        self.fields.insert(field, FieldReading { text, value, confidence, quad, repaired });
    }

    fn plain(
        &mut self,
        label: Label,
        field: CardField,
        read_as: fn(char) -> Option<char>,
    ) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(label), read_as)?;
        self.put_plain(field, &decoded);
        Ok(())
    }

    fn put_plain(&mut self, field: CardField, decoded: &Decoded) {
        let value = tidied(&decoded.text());
        self.put(field, decoded, value, decoded.confidence, Vec::new());
    }

    fn heading(&mut self) -> Result<(), ModelError> {
        self.plain(Label::Province, CardField::Province, in_place)?;
        let decoded = self.reader.text(&self.layout.city, in_place)?;
        let text = tidied(&decoded.text());
        let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
        const KINDS: &[(&str, &str)] = &[("KABUPATEN", "KABUPATEN"), ("KOTA", "KOTA")];
        let kind = words::nearest(first, KINDS).filter(|kind| kind.likeness < 1.0 && kind.likeness > 0.7);
        match kind.filter(|_| !rest.is_empty()) {
            Some(kind) => {
                let repaired = vec![Repair { place: None, reason: RepairReason::NearestWord }];
                let value = format!("{} {rest}", kind.value);
                self.put(CardField::City, &decoded, value, decoded.confidence * kind.likeness, repaired);
            }
            None => self.put(CardField::City, &decoded, text.clone(), decoded.confidence, Vec::new()),
        }
        Ok(())
    }

    fn words_of(&mut self, label: Label, field: CardField, known: words::Words) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(label), in_print)?;
        let found = words::nearest_start(&decoded.text(), known);
        self.put_word(field, &decoded, found);
        Ok(())
    }

    /// The word read nearest, or what was read, doubted, where no word is near.
    fn put_word(&mut self, field: CardField, decoded: &Decoded, found: Option<Nearest>) {
        match found {
            Some(Nearest { value, likeness, margin }) => {
                let is_exact = likeness > 0.999;
                let repaired = if is_exact {
                    Vec::new()
                } else {
                    vec![Repair { place: None, reason: RepairReason::NearestWord }]
                };
                // A word far from all others is sure however unsure its letters are.
                let sure = decoded.confidence.max(margin.min(1.0) * likeness);
                self.put(
                    field,
                    decoded,
                    value.to_owned(),
                    if is_exact { sure.max(0.5) } else { sure * likeness },
                    repaired,
                );
            }
            None => self.put(field, decoded, tidied(&decoded.text()), decoded.confidence * 0.5, Vec::new()),
        }
    }

    fn birth(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::Birth), in_print)?;
        let date = last_date(&decoded.reading);
        let end = date.map_or(decoded.reading.glyphs.len(), |read| read.first);
        let place = Decoded { reading: cut(&decoded.reading, 0, end), ..decoded.clone() };
        let value = tidied(&place.text()).trim_end_matches(['.', '-', '/']).to_owned();
        let confidence = surety(&place.reading).min(decoded.confidence.max(surety(&place.reading)));
        self.put(CardField::PlaceOfBirth, &place, value, confidence, Vec::new());
        if let Some(read) = date {
            self.put_date(CardField::DateOfBirth, &decoded, &read);
        }
        Ok(())
    }

    fn put_date(&mut self, field: CardField, decoded: &Decoded, read: &DateRead) {
        let repair = Repair { place: None, reason: RepairReason::DigitReadAsLetter };
        let repaired = if read.repaired > 0 { vec![repair] } else { Vec::new() };
        let part = Decoded { reading: cut(&decoded.reading, read.first, read.end), ..decoded.clone() };
        let confidence = read.confidence * 0.9_f32.powi(read.repaired as i32);
        self.put(field, &part, printed(read.date), confidence, repaired);
    }

    fn date_of_birth(&self) -> Option<(Date, f32)> {
        let read = self.fields.get(&CardField::DateOfBirth)?;
        let date = absah_core::birth_date::parse_day_first(&read.value).ok()?;
        Some((date, read.confidence))
    }

    /// The number, held against date and sex; each may mend the other in one digit that was unsure.
    fn number(&mut self) -> Result<(), ModelError> {
        let Some(segment) = longest(self.layout.value(Label::Nik)) else { return Ok(()) };
        let decoded = self.reader.digits(segment, 16)?;
        let mut number = decoded.text();
        if number.len() < 12 {
            return Ok(());
        }
        let mut confidence = decoded.confidence;
        let mut repaired = Vec::new();
        let birth = self.date_of_birth();
        let gender = self.fields.get(&CardField::Gender).and_then(|read| Gender::parse(&read.value));
        match checks::agreement(&number, birth.map(|(date, _)| date), gender) {
            Agreement::Agrees => confidence = 1.0 - (1.0 - confidence) * 0.5,
            Agreement::Unknown => {}
            Agreement::Disagrees => {
                let sure_of =
                    |place: usize| decoded.reading.glyphs.get(place).map_or(1.0, |glyph| glyph.confidence);
                let mended = birth
                    .and_then(|(date, sure)| Some((checks::repaired(&number, date, gender)?, sure)))
                    .filter(|((place, _), sure)| sure_of(*place) < CERTAIN && *sure > sure_of(*place));
                let printed = self.fields.get(&CardField::DateOfBirth).map(|read| read.value.clone());
                if let Some(((place, mended), sure)) = mended {
                    repaired.push(Repair { place: Some(place), reason: RepairReason::DisagreedWithDate });
                    number = mended;
                    confidence = confidence.max(sure * 0.9) * 0.95;
                } else if let Some(date) = printed.and_then(|text| checks::repaired_date(&number, &text))
                    && birth.is_some_and(|(_, sure)| sure < confidence && sure < CERTAIN)
                {
                    self.mend_date(date, confidence);
                } else {
                    confidence *= 0.8;
                }
            }
        }
        if number.len() != 16 || number.starts_with('0') {
            confidence *= 0.5;
        }
        self.put(CardField::Nik, &decoded, number, confidence, repaired);
        Ok(())
    }

    fn mend_date(&mut self, date: Date, sure: f32) {
        if let Some(read) = self.fields.get_mut(&CardField::DateOfBirth) {
            read.value = printed(date);
            read.confidence = read.confidence.max(sure * 0.9) * 0.95;
            read.repaired.push(Repair { place: None, reason: RepairReason::DisagreedWithNumber });
        }
    }

    /// Three digits each, parted by a stroke that is often lost or read as a digit.
    fn rt_rw(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::RtRw), in_numbers)?;
        let glyphs = &decoded.reading.glyphs;
        let stroke = glyphs.iter().position(|glyph| glyph.character == '/');
        let digits: Vec<usize> =
            (0..glyphs.len()).filter(|glyph| glyphs[*glyph].character.is_ascii_digit()).collect();
        let parts = match (stroke, digits.as_slice()) {
            (Some(at), _) => Some((0..at, at + 1..glyphs.len())),
            (None, [_, _, c, d, .., _]) if digits.len() == 6 => Some((0..c + 1, *d..glyphs.len())),
            (None, [_, _, c, _, e, ..]) if digits.len() == 7 => Some((0..c + 1, *e..glyphs.len())),
            _ => None,
        };
        let Some((rt, rw)) = parts else { return Ok(()) };
        for (field, range) in [(CardField::Rt, rt), (CardField::Rw, rw)] {
            let part = Decoded { reading: cut(&decoded.reading, range.start, range.end), ..decoded.clone() };
            let digits: String = part.text().chars().filter(char::is_ascii_digit).collect();
            if let Ok(number) = digits.parse::<u16>()
                && number < 1000
            {
                let sure = surety(&part.reading);
                let confidence = if stroke.is_some() { sure } else { sure * 0.8 };
                self.put(field, &part, format!("{number:03}"), confidence, Vec::new());
            }
        }
        Ok(())
    }

    fn job(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::JobType), in_print)?;
        let found = words::nearest_job(&decoded.text()).filter(|found| found.likeness > 0.8);
        match found {
            Some(found) => self.put_word(CardField::JobType, &decoded, Some(found)),
            None => self.put_plain(CardField::JobType, &decoded),
        }
        Ok(())
    }

    /// WNI, or WNA with a country.
    fn nationality(&mut self) -> Result<(), ModelError> {
        const KINDS: &[(&str, &str)] = &[("WNI", "WNI"), ("WNA", "WNA")];
        let decoded = self.reader.text(self.layout.value(Label::Nationality), in_print)?;
        let text = tidied(&decoded.text());
        let (kind, country) = text.split_at(text.char_indices().nth(3).map_or(text.len(), |(at, _)| at));
        match words::nearest(kind, KINDS) {
            Some(found) if country.is_empty() => self.put_word(CardField::Nationality, &decoded, Some(found)),
            _ => self.put_plain(CardField::Nationality, &decoded),
        }
        Ok(())
    }

    fn valid_until(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::ValidUntil), in_print)?;
        match (last_date(&decoded.reading), words::nearest(&decoded.text(), words::FOR_LIFE)) {
            (Some(read), _) => self.put_date(CardField::ValidUntil, &decoded, &read),
            (None, found) => self.put_word(CardField::ValidUntil, &decoded, found),
        }
        Ok(())
    }

    fn blood_type(&mut self) -> Result<(), ModelError> {
        const KINDS: [&str; 13] =
            ["AB+", "AB-", "A+", "A-", "B+", "B-", "O+", "O-", "AB", "A", "B", "O", "-"];
        let decoded = match (self.layout.value(Label::BloodType), self.layout.behind_blood_label) {
            ([], Some(behind)) => self.reader.text_at(&behind, in_blood_type)?,
            (segments, _) => self.reader.text(segments, in_blood_type)?,
        };
        let text: String = decoded.text().chars().filter(|c| *c != ' ').collect();
        if let Some(value) = KINDS.into_iter().find(|kind| text == *kind) {
            self.put(CardField::BloodType, &decoded, value.to_owned(), decoded.confidence, Vec::new());
        }
        Ok(())
    }

    fn issue(&mut self) -> Result<(), ModelError> {
        let place = self.reader.text(&self.layout.issue_place, in_place)?;
        self.put_plain(CardField::IssuePlace, &place);
        let date = self.reader.text(&self.layout.issue_date, in_numbers)?;
        if let Some(read) = last_date(&date.reading) {
            self.put_date(CardField::IssueDate, &date, &read);
        }
        Ok(())
    }
}

fn longest(segments: &[Segment]) -> Option<&Segment> {
    segments.iter().max_by_key(|segment| segment.steps.len())
}

fn cut(reading: &Reading, first: usize, end: usize) -> Reading {
    Reading { glyphs: reading.glyphs.get(first..end).unwrap_or_default().to_vec() }
}

/// Single spaces, none at the ends, nor marks that belong to no value there.
fn tidied(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let edge = |character: char| " :;,'".contains(character);
    words.join(" ").trim_matches(edge).trim_start_matches(['.', '-', '/']).trim().to_owned()
}

//! What every field's text stands for.

use absah_core::coded::Gender;
use absah_core::nik::{Nik, NikSignal};
use absah_core::places::AreaLevel;
use jiff::civil::Date;

use super::agreement::agreed;
use super::blood_type::behind_label;
use super::characters::{in_address, in_blood_type, in_name, in_numbers, in_place, in_print};
use super::checks::{self, Agreement};
use super::decode::{Again, Decoded, ReadAs, Reader};
use super::digits::{DateRead, last_date, printed};
use super::labels::Label;
use super::layout::Layout;
use super::read_line::ReadLine;
use super::segments::Segment;
use super::words::{self, Nearest};
use super::{CardField, FieldReading, Fields, Repair, RepairReason};
use crate::runtime::ModelError;

/// A digit surer than this is not changed for the sake of the printed date.
const CERTAIN: f32 = 0.98;

/// What is less sure than this was not read.
const LEAST: f32 = 0.05;

/// What is left of the confidence of fields that disagree and cannot be mended.
const DISAGREES: f32 = 0.8;

/// What is left of the confidence of a number's area that no list has: some are older than the lists.
const UNKNOWN_AREA: f32 = 0.95;

/// A letter that was read as surely as this is not taken for a number.
const SURELY: f32 = 0.95;

/// Reads every field.
pub(super) fn read(lines: &[ReadLine], layout: &Layout, again: &mut Again<'_>) -> Result<Fields, ModelError> {
    let mut values = Values { reader: Reader::new(lines, again), layout, fields: Fields::new() };
    values.heading()?;
    values.words_of(Label::Gender, CardField::Gender, words::GENDERS)?;
    values.birth()?;
    values.number()?;
    values.plain(Label::Name, CardField::Name, in_name)?;
    values.address()?;
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

/// What becomes surer by something that agrees with it.
fn confirmed(confidence: f32) -> f32 {
    1.0 - (1.0 - confidence) / 2.0
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
        if value.is_empty() || confidence < LEAST {
            return;
        }
        let text = tidied(&decoded.reading.seen());
        self.fields
            .insert(field, FieldReading { text, value, confidence: confidence.min(1.0), quad, repaired });
    }

    fn plain(&mut self, label: Label, field: CardField, read_as: ReadAs) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(label), read_as)?;
        self.put_plain(field, &decoded);
        Ok(())
    }

    fn put_plain(&mut self, field: CardField, decoded: &Decoded) {
        let text = tidied(&decoded.text());
        let letters = if field == CardField::Name { text.clone() } else { words::with_letters(&text) };
        let may_end_with_number = field != CardField::Name && decoded.confidence() < SURELY;
        let value = if may_end_with_number { words::with_roman_number(&letters) } else { letters.clone() };
        let mut repaired = repairs(decoded);
        if letters != text {
            repaired.push(Repair::of_whole(RepairReason::LetterReadAsDigit));
        }
        if value != letters {
            repaired.push(Repair::of_whole(RepairReason::NearestWord));
        }
        self.put(field, decoded, value, decoded.confidence(), repaired);
    }

    /// A street: of its words only the short ones for street and number, and Roman numbers, are known.
    fn address(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::Address), in_address)?;
        let text = tidied(&decoded.text());
        let street = words::with_whole_numbers(&words::with_street(&text));
        let is_sure = decoded.confidence() >= SURELY;
        let value = if is_sure { street } else { words::with_roman_number(&street) };
        let mut repaired = repairs(&decoded);
        if value != text {
            repaired.push(Repair::of_whole(RepairReason::NearestWord));
        }
        self.put(CardField::Address, &decoded, value, decoded.confidence(), repaired);
        Ok(())
    }

    fn heading(&mut self) -> Result<(), ModelError> {
        self.plain(Label::Province, CardField::Province, in_place)?;
        let decoded = self.reader.text(&self.layout.city, in_place)?;
        let text = tidied(&decoded.text());
        match words::kind_of_city(&text).filter(|(kind, _)| !kind.is_exact()) {
            Some((kind, rest)) => {
                let value = format!("{} {rest}", kind.value);
                let repaired = vec![Repair::of_whole(RepairReason::NearestWord)];
                self.put(CardField::City, &decoded, value, decoded.confidence() * kind.likeness, repaired);
            }
            None => self.put_plain(CardField::City, &decoded),
        }
        Ok(())
    }

    fn words_of(&mut self, label: Label, field: CardField, known: words::Words) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(label), in_print)?;
        let found = words::nearest_within(&decoded.text(), known);
        self.put_word(field, &decoded, found);
        Ok(())
    }

    /// The word read nearest, or what was read, doubted, where no word is near.
    fn put_word(&mut self, field: CardField, decoded: &Decoded, found: Option<Nearest>) {
        let Some(nearest) = found else {
            return self.put(
                field,
                decoded,
                tidied(&decoded.text()),
                decoded.confidence() * 0.5,
                repairs(decoded),
            );
        };
        let Nearest { value, likeness, margin } = nearest;
        // A word far from all others is sure however unsure its letters are.
        let sure = decoded.confidence().max(margin * likeness);
        let (confidence, repaired) = if nearest.is_exact() {
            (sure.max(0.5), Vec::new())
        } else {
            (sure * likeness, vec![Repair::of_whole(RepairReason::NearestWord)])
        };
        self.put(field, decoded, value.to_owned(), confidence, repaired);
    }

    fn birth(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::Birth), in_print)?;
        let date = last_date(&decoded.reading);
        let end = date.map_or(decoded.reading.glyphs.len(), |read| read.first);
        let place = decoded.part(0..end);
        let value = tidied(&place.text()).trim_end_matches(['.', '-', '/']).to_owned();
        self.put(CardField::PlaceOfBirth, &place, value, place.confidence(), repairs(&place));
        if let Some(read) = date {
            self.put_date(CardField::DateOfBirth, &decoded, &read);
        }
        Ok(())
    }

    fn put_date(&mut self, field: CardField, decoded: &Decoded, read: &DateRead) {
        let repair = Repair::of_whole(RepairReason::DigitReadAsLetter);
        let repaired = if read.repaired > 0 { vec![repair] } else { Vec::new() };
        let confidence = read.confidence * 0.9_f32.powi(read.repaired as i32);
        self.put(field, &decoded.part(read.first..read.end), printed(read.date), confidence, repaired);
    }

    fn date_of_birth(&self) -> Option<(Date, f32)> {
        let read = self.fields.get(&CardField::DateOfBirth)?;
        let date = absah_core::birth_date::parse_day_first(&read.value).ok()?;
        Some((date, read.confidence))
    }

    fn sex(&self) -> Option<(Gender, f32)> {
        let read = self.fields.get(&CardField::Gender)?;
        Some((Gender::parse(&read.value)?, read.confidence))
    }

    /// The number, held against date and sex; each may mend the other in one digit that was unsure.
    fn number(&mut self) -> Result<(), ModelError> {
        let Some(segment) = longest(self.layout.value(Label::Nik)) else { return Ok(()) };
        let decoded = self.reader.digits(segment, Nik::LENGTH)?;
        let mut number = decoded.text();
        if number.len() != Nik::LENGTH {
            return Ok(());
        }
        let mut sure: Vec<f32> = decoded.reading.glyphs.iter().map(|glyph| glyph.confidence).collect();
        let mut repaired: Vec<Repair> =
            decoded.repairs().map(|(place, reason)| Repair { place: Some(place), reason }).collect();
        let (birth, sex) = (self.date_of_birth(), self.sex());
        // What the date and the sex were read with is what they can confirm.
        match checks::agreement(&number, birth.map(|(date, _)| date), sex.map(|(sex, _)| sex)) {
            Agreement::Unknown => {}
            Agreement::Agrees => {
                let confirmed_places = if birth.is_some() { checks::BIRTH } else { checks::DAY };
                sure[confirmed_places].iter_mut().for_each(|digit| *digit = confirmed(*digit));
                self.weigh([CardField::DateOfBirth, CardField::Gender], confirmed);
            }
            Agreement::Disagrees => {
                let mended = birth.and_then(|(date, of_date)| {
                    let (place, mended) = checks::repaired(&number, date, sex.map(|(sex, _)| sex))?;
                    // The sex tells only in the day; the one that speaks against the digit must be surer than it.
                    let witness = sex.map_or(of_date, |(_, of_sex)| of_date.min(of_sex));
                    (sure[place] < CERTAIN && witness > sure[place]).then_some((place, mended, witness))
                });
                let least = sure.iter().copied().fold(1.0, f32::min);
                let printed = self.fields.get(&CardField::DateOfBirth).map(|read| read.value.clone());
                if let Some((place, mended, witness)) = mended {
                    repaired.push(Repair { place: Some(place), reason: RepairReason::DisagreedWithDate });
                    number = mended;
                    sure[place] = witness * 0.85;
                } else if let Some(date) = printed.and_then(|text| checks::repaired_date(&number, &text))
                    && birth.is_some_and(|(_, of_date)| of_date < least && of_date < CERTAIN)
                {
                    self.mend_date(date, least);
                } else {
                    sure.iter_mut().for_each(|digit| *digit *= DISAGREES);
                    self.weigh([CardField::DateOfBirth, CardField::Gender], |confidence| {
                        confidence * DISAGREES
                    });
                }
            }
        }
        let nik = Nik::parse(&number);
        if nik.as_ref().is_ok_and(has_unknown_area) {
            sure[checks::AREA].iter_mut().for_each(|digit| *digit *= UNKNOWN_AREA);
        }
        let least = sure.into_iter().fold(1.0, f32::min);
        let confidence = if nik.is_ok() { least } else { least / 2.0 };
        self.put(CardField::Nik, &decoded, number, confidence, repaired);
        Ok(())
    }

    fn weigh(&mut self, fields: [CardField; 2], to: fn(f32) -> f32) {
        for field in fields {
            if let Some(read) = self.fields.get_mut(&field) {
                read.confidence = to(read.confidence);
            }
        }
    }

    fn mend_date(&mut self, date: Date, sure: f32) {
        if let Some(read) = self.fields.get_mut(&CardField::DateOfBirth) {
            read.value = printed(date);
            read.confidence = read.confidence.max(sure * 0.9) * 0.95;
            read.repaired.push(Repair::of_whole(RepairReason::DisagreedWithNumber));
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
            let part = decoded.part(range);
            let digits: String = part.text().chars().filter(char::is_ascii_digit).collect();
            if digits.len() <= 3
                && let Ok(number) = digits.parse::<u16>()
            {
                let confidence = if stroke.is_some() { part.confidence() } else { part.confidence() * 0.8 };
                self.put(field, &part, format!("{number:03}"), confidence, repairs(&part));
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
        let decoded = self.reader.text(self.layout.value(Label::Nationality), in_print)?;
        let text = tidied(&decoded.text());
        let is_foreign = text.get(..3) == Some("WNA") && text.len() > 3;
        match words::nearest_within(&text, words::NATIONALITIES).filter(|_| !is_foreign) {
            Some(found) => self.put_word(CardField::Nationality, &decoded, Some(found)),
            None => self.put_plain(CardField::Nationality, &decoded),
        }
        Ok(())
    }

    fn valid_until(&mut self) -> Result<(), ModelError> {
        let decoded = self.reader.text(self.layout.value(Label::ValidUntil), in_print)?;
        match last_date(&decoded.reading) {
            Some(read) => self.put_date(CardField::ValidUntil, &decoded, &read),
            None => {
                let found = words::nearest_within(&decoded.text(), words::FOR_LIFE);
                self.put_word(CardField::ValidUntil, &decoded, found);
            }
        }
        Ok(())
    }

    /// A single letter is seldom found as a line and badly read alone; with its label before it, it is read well.
    fn blood_type(&mut self) -> Result<(), ModelError> {
        let decoded = match self.layout.blood_type {
            Some(place) => {
                let read = self.reader.place(&place)?;
                let mut behind = read.into_iter().flatten().filter_map(|read| behind_label(&read));
                match (behind.next(), behind.next()) {
                    (Some(quick), Some(fine)) => Decoded { reading: agreed(quick, fine), quad: Some(place) },
                    (one, _) => Decoded { reading: one.unwrap_or_default(), quad: Some(place) },
                }
            }
            None => self.reader.text(self.layout.value(Label::BloodType), in_blood_type)?,
        };
        let text: String = decoded.text().chars().filter(|c| *c != ' ').collect();
        if let Some(value) = words::BLOOD_TYPES.into_iter().find(|kind| text == *kind) {
            let confidence = decoded.confidence();
            self.put(CardField::BloodType, &decoded, value.to_owned(), confidence, repairs(&decoded));
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

/// What was read as something else than it was seen as, each kind once.
fn repairs(decoded: &Decoded) -> Vec<Repair> {
    let mut reasons: Vec<RepairReason> = decoded.repairs().map(|(_, reason)| reason).collect();
    reasons.dedup();
    reasons.into_iter().map(Repair::of_whole).collect()
}

/// Whether no list has the number's province or regency.
fn has_unknown_area(nik: &Nik) -> bool {
    let unknown = |signal: &NikSignal| {
        matches!(signal, NikSignal::UnknownArea(AreaLevel::Province | AreaLevel::Regency))
    };
    nik.signals(None, None).iter().any(unknown)
}

fn longest(segments: &[Segment]) -> Option<&Segment> {
    segments.iter().max_by_key(|segment| segment.steps.len())
}

/// Single spaces, none at the ends, nor marks that belong to no value there.
fn tidied(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    // No space stands before a full stop, nor around an apostrophe within a name.
    let text = words.join(" ").replace(" .", ".").replace(" ' ", "'");
    text.trim_start_matches([' ', ':', ';', ',', '\''])
        .trim_end_matches([' ', ':', ';', ','])
        .trim_start_matches(['.', '-', '/'])
        .trim()
        .to_owned()
}

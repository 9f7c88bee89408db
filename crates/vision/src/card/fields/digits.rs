//! Digits that were read as letters, and dates made of digits.

use jiff::civil::Date;

use super::super::emissions::{Glyph, Reading};

/// The digit a character stands for where only a digit can stand; itself for a digit.
///
/// Confusions of the card's own face and of readers, compiled from public readers of this card.
pub(super) fn digit(character: char) -> Option<char> {
    Some(match character {
        '0'..='9' => character,
        'O' | 'o' | 'D' | 'Q' | 'U' => '0',
        'I' | 'l' | 'L' | 'i' | 'J' | 'T' | '|' => '1',
        'Z' | 'z' | 'e' => '2',
        'A' => '4',
        'S' | 's' => '5',
        'b' | 'G' => '6',
        '?' => '7',
        'B' => '8',
        'g' | 'q' => '9',
        _ => return None,
    })
}

/// A date that was read, and where in the reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DateRead {
    pub(super) date: Date,
    /// Its first glyph.
    pub(super) first: usize,
    /// Behind its last glyph.
    pub(super) end: usize,
    /// The least sure digit's confidence, 0 to 1.
    pub(super) confidence: f32,
    /// How many of its digits had been read as letters.
    pub(super) repaired: usize,
}

/// A digit in a glyph's place.
#[derive(Clone, Copy)]
struct Place {
    glyph: usize,
    digit: u8,
    confidence: f32,
    repaired: bool,
}

/// The last date in a reading: eight digits, day first, with anything but letters between them. Letters that stand for
/// digits are taken for them.
pub(super) fn last_date(reading: &Reading) -> Option<DateRead> {
    let glyphs = &reading.glyphs;
    let places: Vec<Place> = glyphs.iter().enumerate().filter_map(place).collect();
    (0..places.len().saturating_sub(7)).rev().find_map(|start| {
        let run = places.get(start..start + 8)?;
        let (first, last) = (run.first()?.glyph, run.last()?.glyph);
        let between = glyphs.get(first..=last)?;
        let strangers = between.iter().filter(|glyph| digit(glyph.character).is_none());
        let are_separators = strangers.clone().all(|glyph| "-./, ':".contains(glyph.character));
        let mostly_digits = run.iter().filter(|place| !place.repaired).count() >= 5;
        if !are_separators || strangers.count() > 5 || !mostly_digits {
            return None;
        }
        let number = |from: usize, count: usize| {
            run.iter().skip(from).take(count).fold(0_i16, |sum, place| sum * 10 + i16::from(place.digit))
        };
        let (day, month, year) = (number(0, 2), number(2, 2), number(4, 4));
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let confidence = run.iter().map(|place| place.confidence).fold(1.0, f32::min);
        let repaired = run.iter().filter(|place| place.repaired).count();
        (1900..=2100).contains(&year).then_some(DateRead { date, first, end: last + 1, confidence, repaired })
    })
}

fn place((glyph, read): (usize, &Glyph)) -> Option<Place> {
    let digit = digit(read.character)?;
    Some(Place {
        glyph,
        digit: digit.to_digit(10).unwrap_or_default() as u8,
        confidence: read.confidence,
        repaired: digit != read.character,
    })
}

/// As a card prints it, `dd-mm-yyyy`.
pub(super) fn printed(date: Date) -> String {
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        let glyph = |(step, character)| Glyph { character, seen: character, step, confidence: 0.9 };
        Reading { glyphs: text.chars().enumerate().map(glyph).collect() }
    }

    #[test]
    fn dates_are_found_behind_their_place() {
        let rows = [
            ("BANDUNG, 06-07-1990", Some(("06-07-1990", 9, 0))),
            ("BANDUNG,06-07-1990", Some(("06-07-1990", 8, 0))),
            ("SOLO, O6-07-199O", Some(("06-07-1990", 6, 2))),
            ("31 12 2001", Some(("31-12-2001", 0, 0))),
            ("31122001", Some(("31-12-2001", 0, 0))),
            ("KOLO 1, 01-02-1985", Some(("01-02-1985", 8, 0))),
            ("SEUMUR HIDUP", None),
            ("32-13-1990", None),
            ("06-07-19", None),
            ("SOLOSOLO", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let found = last_date(&reading(text)).map(|read| (printed(read.date), read.first, read.repaired));
            assert_eq!(
                found,
                expected.map(|(date, first, repaired)| (date.to_owned(), first, repaired)),
                "{text:?}"
            );
        }
    }
}

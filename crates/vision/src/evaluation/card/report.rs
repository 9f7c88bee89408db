//! The figures.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Examined;
use super::manifest::Row;
use super::truth::{character_errors, comparable};
use crate::card::CardField;
use crate::evaluation::Rate;

/// All figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Cards listed.
    pub cards: usize,
    /// Cards found, upright.
    pub found: usize,
    /// The same as a share, with its interval.
    pub not_found_rate: Rate,
    /// The confidence a field has to reach to be relied on, 0 to 1.
    pub confidence: f32,
    /// Field by field.
    pub fields: BTreeMap<&'static str, FieldReport>,
    /// Digits of the NIK read wrongly, where sixteen were read: printed digit, read digit, how often.
    pub nik_confusions: BTreeMap<char, BTreeMap<char, usize>>,
    /// Mean time of one thread from file to fields.
    pub milliseconds_per_card: f64,
}

/// One field. Shares are of all cards, found or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldReport {
    /// Share read exactly, or rightly absent.
    pub exact: f64,
    /// Mean character error rate; a field that was not read is all wrong.
    pub cer: f64,
    /// Share read, rightly or wrongly.
    pub read: f64,
    /// Share read wrongly with the confidence to be relied on.
    pub wrong_with_confidence: f64,
    /// Of what was read with confidence, the share that is right; `None` where nothing was.
    pub precision: Option<f64>,
    /// Of what is printed, the share read rightly with confidence; `None` where nothing is.
    pub recall: Option<f64>,
}

/// What one field came to over all cards.
#[derive(Default)]
struct Tally {
    exact: u64,
    errors: f64,
    read: u64,
    confident: u64,
    confident_right: u64,
    printed: u64,
}

pub(super) fn report(
    rows: &[Row],
    examined: &[Examined],
    confidence: f32,
    milliseconds_per_card: f64,
) -> Report {
    let all = rows.len() as u64;
    let mut tallies: BTreeMap<CardField, Tally> = BTreeMap::new();
    let mut nik_confusions: BTreeMap<char, BTreeMap<char, usize>> = BTreeMap::new();
    for (row, examined) in rows.iter().zip(examined) {
        for (field, truth) in &row.truth {
            let reading = examined.fields.get(field);
            let truth = comparable(*field, truth);
            let read = reading.map_or_else(String::new, |reading| comparable(*field, &reading.value));
            let is_right = truth == read;
            let is_confident = reading.is_some_and(|reading| reading.confidence >= confidence);
            let tally = tallies.entry(*field).or_default();
            tally.exact += u64::from(is_right);
            tally.errors += character_errors(&truth, &read);
            tally.read += u64::from(reading.is_some());
            tally.confident += u64::from(is_confident);
            tally.confident_right += u64::from(is_confident && is_right);
            tally.printed += u64::from(!truth.is_empty());
            if *field == CardField::Nik && truth.len() == 16 && read.len() == 16 {
                for (wanted, found) in truth.chars().zip(read.chars()).filter(|(a, b)| a != b) {
                    *nik_confusions.entry(wanted).or_default().entry(found).or_default() += 1;
                }
            }
        }
    }
    let found = examined.iter().filter(|examined| examined.is_found).count();
    Report {
        cards: rows.len(),
        found,
        not_found_rate: Rate::new(all - found as u64, all),
        confidence,
        fields: tallies.into_iter().map(|(field, tally)| (field.key(), tally.report(all))).collect(),
        nik_confusions,
        milliseconds_per_card,
    }
}

impl Tally {
    fn report(&self, all: u64) -> FieldReport {
        let share = |count: u64| count as f64 / all.max(1) as f64;
        let of = |count: u64, of: u64| (of > 0).then(|| count as f64 / of as f64);
        FieldReport {
            exact: share(self.exact),
            cer: self.errors / all.max(1) as f64,
            read: share(self.read),
            wrong_with_confidence: share(self.confident - self.confident_right),
            precision: of(self.confident_right, self.confident),
            recall: of(self.confident_right, self.printed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::{FieldReading, Quad};
    use crate::geometry::Bounds;

    fn row(nik: &str, name: &str) -> Row {
        let truth = [(CardField::Nik, nik.to_owned()), (CardField::Name, name.to_owned())].into();
        Row { path: "a.jpg".into(), truth }
    }

    fn examined(fields: &[(CardField, &str, f32)]) -> Examined {
        let quad = Quad::of_bounds(Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 });
        let reading = |(field, value, confidence): &(CardField, &str, f32)| {
            let value = (*value).to_owned();
            let repaired = Vec::new();
            (*field, FieldReading { text: value.clone(), value, confidence: *confidence, quad, repaired })
        };
        Examined { is_found: true, fields: fields.iter().map(reading).collect() }
    }

    #[test]
    fn figures_of_four_cards_by_hand() {
        use CardField::{Name, Nik};
        let rows = [
            row("3273010607900001", "BUDI"),
            row("3273010607900002", "SITI"),
            row("3273010607900003", ""),
            row("3273010607900004", "EKO"),
        ];
        let cards = [
            examined(&[(Nik, "3273010607900001", 0.99), (Name, "BUDI", 0.8)]),
            examined(&[(Nik, "3273010607900008", 0.95), (Name, "SITA", 0.95)]),
            examined(&[(Nik, "3273010607900003", 0.5)]),
            Examined::default(),
        ];
        let report = report(&rows, &cards, 0.9, 1.0);
        assert_eq!((report.cards, report.found), (4, 3));
        assert_eq!(report.nik_confusions, [('2', [('8', 1)].into())].into());
        let figures = |field: &str| {
            let FieldReport { exact, cer, read, wrong_with_confidence, precision, recall, .. } =
                report.fields[field].clone();
            (exact, cer, read, wrong_with_confidence, precision, recall)
        };
        assert_eq!(figures("nik"), (0.5, (1.0 / 16.0 + 1.0) / 4.0, 0.75, 0.25, Some(0.5), Some(0.25)));
        // A field that is empty in truth is exact where it is absent.
        assert_eq!(figures("name"), (0.5, 1.25 / 4.0, 0.5, 0.25, Some(0.0), Some(0.0)));
    }
}

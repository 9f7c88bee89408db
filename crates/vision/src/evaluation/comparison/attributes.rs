//! Further columns of a pairs file: attributes of the pairs, such as gender or population.

use std::collections::HashMap;

use super::slices::{Slice, Tallies};

/// The most columns that are told apart; more are left out.
const MOST_COLUMNS: usize = 16;
/// The most values of a column that are told apart; the others are one slice together.
const MOST_VALUES: usize = 64;
/// The slice of pairs with an empty field.
const EMPTY: &str = "unspecified";
/// The slice of values beyond [`MOST_VALUES`].
const OTHERS: &str = "others";
/// The most letters of a value that are told.
const MOST_LETTERS: usize = 64;

/// One column: its values, and which of them each pair has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: String,
    values: Vec<String>,
    known: HashMap<String, u16>,
    of_pair: Vec<u16>,
}

impl Attribute {
    /// The columns of a header that are no part of the pair itself, with their places.
    pub(super) fn of_header(header: &csv::StringRecord, own: &[usize]) -> Vec<(usize, Self)> {
        let further =
            header.iter().enumerate().filter(|(place, name)| !own.contains(place) && !name.is_empty());
        let attribute = |name: &str| Self {
            name: name.to_lowercase(),
            values: Vec::new(),
            known: HashMap::new(),
            of_pair: Vec::new(),
        };
        further.take(MOST_COLUMNS).map(|(place, name)| (place, attribute(name))).collect()
    }

    /// Notes the next pair's value.
    pub(super) fn push(&mut self, value: &str) {
        let value = if value.is_empty() { EMPTY } else { value };
        let value: String = value.chars().take(MOST_LETTERS).collect();
        let full = self.values.len() >= MOST_VALUES && !self.known.contains_key(&value);
        let value = if full { OTHERS.to_owned() } else { value };
        let next = self.values.len() as u16;
        let place = *self.known.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            next
        });
        self.of_pair.push(place);
    }

    /// The slices, in the order of their values, of what each pair came to: same person and matched, or `None` where it
    /// was not compared.
    pub(super) fn slices(&self, findings: &[Option<(bool, bool)>]) -> Vec<Slice> {
        let mut tallies = vec![Tallies::default(); self.values.len()];
        for (value, finding) in self.of_pair.iter().zip(findings) {
            if let (Some(tallies), Some((same, matched))) = (tallies.get_mut(usize::from(*value)), finding) {
                tallies.add(*same, *matched);
            }
        }
        let mut slices: Vec<Slice> =
            self.values.iter().zip(&tallies).map(|(value, tallies)| Slice::of(value, tallies)).collect();
        slices.sort_by(|a, b| a.slice.cmp(&b.slice));
        slices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> Attribute {
        let header = csv::StringRecord::from(vec!["left", "right", "same", "Gender"]);
        let mut attributes = Attribute::of_header(&header, &[0, 1, 2]);
        let (place, mut attribute) = attributes.remove(0);
        assert_eq!((place, attribute.name.as_str()), (3, "gender"));
        values.iter().for_each(|value| attribute.push(value));
        attribute
    }

    #[test]
    fn every_value_is_a_slice() {
        let found = column(&["L", "P", "", "L"]).slices(&[
            Some((true, true)),
            Some((false, true)),
            Some((true, false)),
            None,
        ]);
        let rows: Vec<_> = found.iter().map(|s| (s.slice.as_str(), s.genuine, s.impostor)).collect();
        assert_eq!(rows, [("L", 1, 0), ("P", 0, 1), ("unspecified", 1, 0)]);
        assert!(found[0].fmr.is_none() && found[0].fnmr.is_some_and(|rate| rate.errors == 0));
        assert!(found[1].fnmr.is_none() && found[1].fmr.is_some_and(|rate| rate.errors == 1));
        assert!(found[2].fnmr.is_some_and(|rate| rate.errors == 1));
    }

    #[test]
    fn values_beyond_the_bound_are_one_slice() {
        let values: Vec<String> = (0..1000).map(|number| format!("v{number}")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let slices = column(&values).slices(&vec![Some((true, true)); 1000]);
        assert_eq!(slices.len(), MOST_VALUES + 1);
        assert_eq!(slices.iter().map(|slice| slice.genuine).sum::<u64>(), 1000);
        assert!(
            slices.iter().any(|slice| slice.slice == OTHERS && slice.genuine == 1000 - MOST_VALUES as u64)
        );
    }
}

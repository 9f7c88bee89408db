//! Comparison of what is claimed of a person with what is held of them: the rules of every field.

use jiff::civil::Date;

use crate::claims::Demographics;
use crate::coded::{Gender, JobType, MaritalStatus};
use crate::field::Field;
use crate::places::{PlaceLevel, same_place, without_type};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::verdict::{FieldFinding, FieldFindings, FieldVerdict};
use crate::{address, person_name, text};

/// Compares every claimed field with the record; fields that were not claimed have no finding.
///
/// A record that holds no value, or none that can be read (`-`, an unknown code), says nothing about the field:
/// [`FieldVerdict::NotHeld`]. A claim that cannot be read contradicts a record that can.
pub fn demographics(claimed: &Demographics, held: &Demographics, policy: &Policy) -> FieldFindings {
    claimed
        .fields()
        .filter_map(|field| {
            let finding = match field {
                Field::DateOfBirth => dates(claimed.date_of_birth()?, held.date_of_birth()),
                text => texts(text, claimed.text(text)?, held.text(text), policy),
            };
            Some((field, finding))
        })
        .collect()
}

fn dates(claimed: Date, held: Option<Date>) -> FieldFinding {
    decided(held.map(|held| (claimed == held, Rule::SameDate)))
}

fn texts(field: Field, claimed: &str, held: Option<&str>, policy: &Policy) -> FieldFinding {
    let Some(held) = held else { return decided(None) };
    match field {
        Field::Name => names(claimed, held, policy.name.per_token, policy.name.threshold),
        Field::MotherMaidenName => names(claimed, held, false, policy.fields.mother_maiden_name),
        Field::PlaceOfBirth => birth_places(claimed, held, policy.fields.place_of_birth),
        Field::Address => street_lines(claimed, held, policy.fields.address),
        Field::NoKk => decided(family_card(claimed, held)),
        Field::Gender => decided(coded(Gender::parse(claimed), Gender::parse(held), Rule::SameGender)),
        Field::MaritalStatus => {
            decided(coded(MaritalStatus::parse(claimed), MaritalStatus::parse(held), Rule::SameGroup))
        }
        Field::JobType => decided(jobs(claimed, held)),
        Field::Province => decided(places(PlaceLevel::Province, claimed, held)),
        Field::City => decided(places(PlaceLevel::Regency, claimed, held)),
        Field::District => decided(places(PlaceLevel::District, claimed, held)),
        Field::Subdistrict => decided(places(PlaceLevel::Village, claimed, held)),
        Field::Rt | Field::Rw => decided(neighbourhoods(claimed, held)),
        // A date is never a text: `Demographics` keeps it apart.
        Field::DateOfBirth => decided(None),
    }
}

/// The finding of a field that agrees or does not; `None` where the record says nothing.
fn decided(outcome: Option<(bool, Rule)>) -> FieldFinding {
    let verdict = match outcome {
        Some((true, _)) => FieldVerdict::Match,
        Some((false, _)) => FieldVerdict::Mismatch,
        None => FieldVerdict::NotHeld,
    };
    FieldFinding { verdict, similarity: None, threshold: None, rule: outcome.map(|(_, rule)| rule) }
}

/// The finding of a scored field.
///
/// A threshold of 0 still lets nothing pass that was not compared.
fn scored((similarity, rule): (u8, Rule), threshold: u8) -> FieldFinding {
    let passes = similarity >= threshold && rule != Rule::NothingToCompare;
    let verdict = if passes { FieldVerdict::Match } else { FieldVerdict::Mismatch };
    FieldFinding { verdict, similarity: Some(similarity), threshold: Some(threshold), rule: Some(rule) }
}

fn names(claimed: &str, held: &str, per_token: bool, threshold: u8) -> FieldFinding {
    if text::is_blank(held) {
        return decided(None);
    }
    scored(person_name::similarity(claimed, held, per_token), threshold)
}

/// Places of birth are compared as names, after the rules of places: the type of the regency is rarely written, and for
/// JAKARTA or YOGYAKARTA it is the province that is. What follows a comma is where the place lies.
fn birth_places(claimed: &str, held: &str, threshold: u8) -> FieldFinding {
    if text::is_blank(held) {
        return decided(None);
    }
    let (claimed, held) = (before_comma(claimed), before_comma(held));
    let outcome = match same_place(PlaceLevel::Regency, claimed, held) {
        (true, rule) => (100, rule),
        (false, Rule::PlaceType) => (0, Rule::PlaceType),
        (false, _) => match same_place(PlaceLevel::Province, claimed, held) {
            (true, rule) => (100, rule),
            (false, _) => person_name::similarity(&without_type(claimed), &without_type(held), false),
        },
    };
    scored(outcome, threshold)
}

/// A text up to its first comma, if anything stands before it.
fn before_comma(text: &str) -> &str {
    match text.split_once(',') {
        Some((before, _)) if !text::is_blank(before) => before,
        _ => text,
    }
}

fn street_lines(claimed: &str, held: &str, threshold: u8) -> FieldFinding {
    if text::is_blank(held) {
        return decided(None);
    }
    scored(address::similarity(claimed, held), threshold)
}

/// Numbers of the family card: sixteen digits, however they are grouped.
fn family_card(claimed: &str, held: &str) -> Option<(bool, Rule)> {
    let held = card_number(held)?;
    Some((card_number(claimed).is_some_and(|claimed| claimed == held), Rule::SameDigits))
}

fn card_number(text: &str) -> Option<[u8; 16]> {
    let mut digits = [0; 16];
    let mut written = text.bytes().filter(|byte| !matches!(byte, b' ' | b'.' | b'-'));
    for digit in &mut digits {
        *digit = written.next().filter(u8::is_ascii_digit)?;
    }
    written.next().is_none().then_some(digits)
}

/// Coded values: what the record holds has to be known, what is claimed may not be.
fn coded<T: PartialEq + Copy>(claimed: Option<T>, held: Option<T>, rule: Rule) -> Option<(bool, Rule)> {
    held.map(|held| (claimed == Some(held), rule))
}

/// Occupations by canonical name; where the record's is on no list, by its text.
fn jobs(claimed: &str, held: &str) -> Option<(bool, Rule)> {
    if let Some(held) = JobType::parse(held) {
        return Some((JobType::parse(claimed) == Some(held), Rule::SameJob));
    }
    let held = text::words(held);
    // A number is a code of one of several lists that disagree.
    let is_text = held.chars().any(char::is_alphabetic);
    is_text.then(|| (text::words(claimed) == held, Rule::Equal))
}

fn places(level: PlaceLevel, claimed: &str, held: &str) -> Option<(bool, Rule)> {
    (!text::is_blank(held)).then(|| same_place(level, claimed, held))
}

/// RT and RW as whole numbers: 002 is 2, and `-`, nothing and 000 are 0.
fn neighbourhoods(claimed: &str, held: &str) -> Option<(bool, Rule)> {
    let held = neighbourhood(held)?;
    Some((neighbourhood(claimed) == Some(held), Rule::SameInteger))
}

/// The number of an RT or RW, however it is written (`002`, `RT 2`, `-`); `None` where the text names none.
pub fn neighbourhood(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '.' || c == ' ');
    let label = text.strip_suffix(digits).unwrap_or_default().trim_end_matches([' ', '.']);
    if !(label.is_empty() || label.eq_ignore_ascii_case("RT") || label.eq_ignore_ascii_case("RW")) {
        return None;
    }
    match digits.trim_start_matches('0') {
        "" | "-" => Some(0),
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse().ok(),
        _ => None,
    }
}

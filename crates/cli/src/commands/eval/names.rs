//! `absah eval names`: error rates of the comparison of names.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use absah_core::claims::Demographics;
use absah_core::compare::demographics;
use absah_core::field::Field;
use absah_core::person_name::LABELLED_PAIRS;
use absah_core::policy::Policy;
use absah_core::rule::Rule;
use absah_core::verdict::FieldVerdict;
use absah_vision::evaluation::{EvaluationError, Rate, listing};
use clap::Args;
use csv::{Position, StringRecord};
use serde::Serialize;

use crate::commands::{Common, Ending, note, print};
use crate::logging;

/// More pairs are refused.
const MAX_PAIRS: usize = 1_000_000;
/// Bytes of the fields of one row.
const MAX_ROW_BYTES: usize = 4 << 10;
/// Of each kind of wrong pairs so many are shown to people; the JSON object holds all.
const MOST_SHOWN: usize = 100;

/// Compare pairs of names of which it is known whether they are one person's.
///
/// Shows the confusion matrix and the wrong pairs with score and rule, and prints one JSON object. Needs no models.
#[derive(Args)]
pub struct Names {
    #[command(flatten)]
    common: Common,
    /// CSV with the columns claimed, held and label (same or different: whether they are one person) [default: the pairs
    /// the rules were made with]
    #[arg(long, value_name = "CSV")]
    pairs: Option<PathBuf>,
    /// What if the score that has to be reached were this, 0 to 100, instead of the configured one.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    threshold: Option<u8>,
    /// What if a distance counted no more than the worst pair of words, as with policy.name.per_token.
    #[arg(long)]
    per_token: bool,
}

impl Names {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let mut policy = config.policy;
        policy.name.threshold = self.threshold.unwrap_or(policy.name.threshold);
        policy.name.per_token |= self.per_token;
        let pairs = match &self.pairs {
            Some(file) => read(&listing::read(file)?, file)?,
            None => read(LABELLED_PAIRS.as_bytes(), Path::new("the built-in pairs"))?,
        };
        let report = Report::of(pairs, &policy);
        report.show();
        print(serde_json::to_string(&report)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Whether a pair is one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Label {
    Same,
    Different,
}

/// A labelled pair.
struct Pair {
    claimed: String,
    held: String,
    label: Label,
    why: String,
}

/// Reads pairs; their first line names the columns `claimed`, `held` and `label`, in any order. Of others `why` is kept.
fn read(content: &[u8], file: &Path) -> Result<Vec<Pair>, EvaluationError> {
    let unusable = |what: &str| EvaluationError::Listing { path: file.into(), what: what.into() };
    let mut reader = csv::Reader::from_reader(content);
    let names = reader.headers().map_err(|_| unusable("the first line is not UTF-8"))?.clone();
    let place = |name: &str| names.iter().position(|found| found.trim().eq_ignore_ascii_case(name));
    let column = |name| {
        place(name).ok_or_else(|| unusable("the first line has to name the columns claimed, held and label"))
    };
    let columns = [Some(column("claimed")?), Some(column("held")?), Some(column("label")?), place("why")];
    let mut pairs = Vec::new();
    for record in reader.records() {
        let row = |position: Option<&Position>, what: &str| {
            let line = listing::line_of(content, position);
            EvaluationError::Row { path: file.into(), line, what: what.into() }
        };
        let record = record
            .map_err(|error| row(error.position(), "not as many columns as the header, or not UTF-8"))?;
        if pairs.len() == MAX_PAIRS {
            return Err(row(record.position(), &format!("more than {MAX_PAIRS} pairs")));
        }
        pairs.push(pair(&record, columns).map_err(|what| row(record.position(), &what))?);
    }
    if pairs.is_empty() {
        return Err(unusable("there is no pair below the header"));
    }
    Ok(pairs)
}

/// One row, or what is wrong with it.
fn pair(record: &StringRecord, columns: [Option<usize>; 4]) -> Result<Pair, String> {
    if record.as_slice().len() > MAX_ROW_BYTES {
        return Err(format!("longer than {MAX_ROW_BYTES} bytes"));
    }
    let [claimed, held, label, why] =
        columns.map(|column| column.and_then(|column| record.get(column)).unwrap_or_default());
    let label = match label.trim() {
        label if label.eq_ignore_ascii_case("same") => Label::Same,
        label if label.eq_ignore_ascii_case("different") => Label::Different,
        _ => return Err("the label has to be same or different".into()),
    };
    Ok(Pair { claimed: claimed.to_owned(), held: held.to_owned(), label, why: why.to_owned() })
}

/// What became of the pairs.
#[derive(Serialize)]
struct Report {
    pairs: usize,
    threshold: u8,
    per_token: bool,
    true_match: u64,
    false_non_match: u64,
    true_non_match: u64,
    false_match: u64,
    rates: Rates,
    wrong: Vec<Wrong>,
}

/// Error rates; `None` where there is no pair of that label.
#[derive(Serialize)]
struct Rates {
    false_match: Option<Rate>,
    false_non_match: Option<Rate>,
}

/// A pair on the wrong side of the threshold.
#[derive(Serialize)]
struct Wrong {
    claimed: String,
    held: String,
    label: Label,
    score: u8,
    rule: Option<&'static str>,
    why: String,
}

impl Report {
    /// Compares the pairs as the server compares a claimed name with a record's.
    fn of(pairs: Vec<Pair>, policy: &Policy) -> Self {
        let all = pairs.len();
        let [mut same, mut different, mut false_non_match, mut false_match] = [0; 4];
        let mut wrong = Vec::new();
        for Pair { claimed, held, label, why } in pairs {
            let (passes, score, rule) = compared(&claimed, &held, policy);
            let (of, errors) = match label {
                Label::Same => (&mut same, &mut false_non_match),
                Label::Different => (&mut different, &mut false_match),
            };
            *of += 1;
            if passes != (label == Label::Same) {
                *errors += 1;
                wrong.push(Wrong { claimed, held, label, score, rule: rule.map(Rule::key), why });
            }
        }
        let rate = |errors, of| (of > 0).then(|| Rate::new(errors, of));
        Self {
            pairs: all,
            threshold: policy.name.threshold,
            per_token: policy.name.per_token,
            true_match: same - false_non_match,
            false_non_match,
            true_non_match: different - false_match,
            false_match,
            rates: Rates {
                false_match: rate(false_match, different),
                false_non_match: rate(false_non_match, same),
            },
            wrong,
        }
    }

    /// Shows it to people.
    fn show(&self) {
        let words = if self.per_token { ", the worst pair of words" } else { "" };
        note(format_args!("{} pairs at the threshold {}{words}", self.pairs, self.threshold));
        note(format_args!("{:<12}{:>8}{:>9}", "", "passed", "refused"));
        note(format_args!("{:<12}{:>8}{:>9}", "same", self.true_match, self.false_non_match));
        note(format_args!("{:<12}{:>8}{:>9}", "different", self.false_match, self.true_non_match));
        let kinds = [
            (Label::Different, "Different people who pass", self.rates.false_match),
            (Label::Same, "One person, refused", self.rates.false_non_match),
        ];
        for (label, title, rate) in kinds {
            let Some(Rate { errors, of, rate, .. }) = rate else { continue };
            note(format_args!("\n{title}: {errors} of {of}, {:.1} %", rate * 100.0));
            let wrong = self.wrong.iter().filter(|wrong| wrong.label == label);
            for Wrong { claimed, held, score, rule, why, .. } in wrong.take(MOST_SHOWN) {
                let rule = rule.unwrap_or("not_held");
                note(format_args!("{score:>4} {rule:<20} {claimed:?} {held:?} {}", why.escape_debug()));
            }
            if errors > MOST_SHOWN as u64 {
                note(format_args!("     and {} more", errors - MOST_SHOWN as u64));
            }
        }
    }
}

/// Whether a claimed name passes beside a record's, with score and rule; a record without a name has no rule.
fn compared(claimed: &str, held: &str, policy: &Policy) -> (bool, u8, Option<Rule>) {
    let named = |name: &str| {
        let mut person = Demographics::default();
        person.set_text(Field::Name, name);
        person
    };
    let findings = demographics(&named(claimed), &named(held), policy);
    findings.get(Field::Name).map_or((false, 0, None), |finding| {
        (finding.verdict == FieldVerdict::Match, finding.similarity.unwrap_or(0), finding.rule)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_or_told_with_their_line() {
        let header = "claimed,held,label";
        let long = format!("{header}\nBUDI,{},same\n", "A".repeat(MAX_ROW_BYTES));
        let rows = [
            (format!("{header}\nBUDI,BUDI,same\n\n\"ANI, S.E.\",ANA,Different\n"), Ok(2)),
            ("\u{feff}Why,LABEL,held,claimed\nx,same,BUDI,BUDI\n".to_owned(), Ok(1)),
            (
                format!("{header}\nBUDI,BUDI,perhaps\n"),
                Err("pairs.csv, line 2: the label has to be same or different"),
            ),
            (
                format!("{header}\nBUDI,BUDI,same\n\nBUDI,same\n"),
                Err("pairs.csv, line 4: not as many columns"),
            ),
            (long, Err("pairs.csv, line 2: longer than 4096 bytes")),
            ("claimed,held\nBUDI,BUDI\n".to_owned(), Err("pairs.csv: the first line has to name")),
            (format!("{header}\n"), Err("pairs.csv: there is no pair")),
            (String::new(), Err("pairs.csv: the first line has to name")),
        ];
        for (content, expected) in rows {
            let read = read(content.as_bytes(), Path::new("pairs.csv"));
            match (read, expected) {
                (Ok(pairs), Ok(count)) => assert_eq!(pairs.len(), count, "{content:?}"),
                (Err(error), Err(told)) => assert!(error.to_string().starts_with(told), "{error}"),
                (read, _) => panic!("{:?} of {content:?}", read.map(|pairs| pairs.len())),
            }
        }
    }

    #[test]
    fn pairs_fall_on_four_sides() {
        let content = "claimed,held,label\nBUDI SANTOSO,BUDI SANTOSO,same\nBUDI,BUDI SANTOSO,same\n\
            BUDI SANTOSO,BUDI SANTOSA,different\nBUDI,DEWI,different\nBUDI,-,different\n";
        let report = |per_token| {
            let mut policy = Policy::default();
            policy.name.per_token = per_token;
            let pairs = read(content.as_bytes(), Path::new("pairs.csv")).expect("pairs");
            let report = Report::of(pairs, &policy);
            (report.true_match, report.false_non_match, report.true_non_match, report.false_match)
        };
        assert_eq!(report(false), (1, 1, 2, 1));
        assert_eq!(report(true), (1, 1, 3, 0));
    }
}

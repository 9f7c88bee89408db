//! Elements of a question, and what is said of them.

use absah_core::birth_date::parse_day_first;
use absah_core::claims::Demographics;
use absah_core::compare;
use absah_core::field::Field;
use absah_core::policy::Policy;
use absah_core::verdict::{FieldFinding, FieldVerdict};
use absah_registry::dukcapil::element;
use serde_json::{Map, Value};

use crate::loose::Loose;

/// Writes what is said of every element: of those sent, what comparing them with the record comes to, and nothing
/// where the record does not hold them; of all others that they do not agree, as the service does.
pub(crate) fn compare(question: &Loose, held: &Demographics, threshold: u8) -> Map<String, Value> {
    let mut claimed = Demographics::default();
    for field in Field::ALL {
        let Some(text) = question.text(element(field)) else { continue };
        match field {
            // A date that is none agrees with nothing, like an element that was not sent.
            Field::DateOfBirth => {
                if let Ok(date) = parse_day_first(&text) {
                    claimed.set_date_of_birth(date);
                }
            }
            field => claimed.set_text(field, text),
        }
    }
    let findings = compare::demographics(&claimed, held, &policy(threshold));
    let mut content = Map::new();
    content.insert("NIK".to_owned(), "Sesuai".into());
    for field in Field::ALL {
        let said = match findings.get(field) {
            Some(FieldFinding { verdict: FieldVerdict::NotHeld, .. }) => continue,
            Some(finding) => word(finding),
            None => "Tidak Sesuai".to_owned(),
        };
        content.insert(element(field).to_owned(), said.into());
    }
    content
}

fn word(finding: &FieldFinding) -> String {
    let word = if finding.verdict == FieldVerdict::Match { "Sesuai" } else { "Tidak Sesuai" };
    match finding.similarity {
        Some(similarity) => format!("{word} ({similarity})"),
        None => word.to_owned(),
    }
}

/// One threshold for all four fields that are scored.
fn policy(threshold: u8) -> Policy {
    let mut policy = Policy::default();
    policy.name.threshold = threshold;
    policy.fields.mother_maiden_name = threshold;
    policy.fields.place_of_birth = threshold;
    policy.fields.address = threshold;
    policy
}

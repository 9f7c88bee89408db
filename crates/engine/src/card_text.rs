//! What is printed on the card against what is claimed.

use absah_core::assessment::{Check, CheckName, Verdict, reason};
use absah_core::birth_date::parse_day_first;
use absah_core::claims::{Claims, Demographics};
use absah_core::compare;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::policy::{Action, CardPolicy, Policy};
use absah_core::verdict::{FieldFinding, FieldVerdict};
use absah_vision::card::{CardField, CardReading, Quad};

/// What was read of a card with the confidence to be relied on. Holds personal data, none of which `Debug` shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CardText {
    /// Whether the picture shows an identity card at all.
    pub is_card: bool,
    /// Where the card lies in the picture, if that is known.
    pub place: Option<Quad>,
    /// The number.
    pub nik: Option<Nik>,
    /// The fields.
    pub printed: Demographics,
}

impl CardText {
    /// Of a reading what is at least as sure as `confidence`, 0 to 1.
    pub fn of(reading: &CardReading, confidence: f32) -> Self {
        let mut text = Self { is_card: reading.quad.is_some(), place: reading.quad, ..Self::default() };
        let sure = reading.fields.iter().filter(|(_, read)| read.confidence >= confidence);
        for (field, read) in sure {
            match (field, Field::from_key(field.key())) {
                (CardField::Nik, _) => text.nik = Nik::parse(&read.value).ok(),
                (_, Some(Field::DateOfBirth)) => {
                    if let Ok(date) = parse_day_first(&read.value) {
                        text.printed.set_date_of_birth(date);
                    }
                }
                (_, Some(field)) => text.printed.set_text(field, read.value.as_str()),
                (_, None) => {}
            }
        }
        text
    }
}

/// Whether the policy asks for what is printed on cards.
pub(crate) fn is_asked(policy: &CardPolicy) -> bool {
    [policy.not_a_card, policy.contradiction, policy.unread].iter().any(|action| *action != Action::Off)
}

/// Holds a card's text against the claims: whether it is a card, its number, and every claimed field it prints.
pub(crate) fn checks(text: &CardText, claims: &Claims, policy: &Policy) -> Vec<Check> {
    if !text.is_card {
        let refused = refusal(CheckName::CardFound, policy.card.not_a_card, reason::NOT_A_CARD);
        return refused.into_iter().collect();
    }
    let mut checks = vec![check(CheckName::CardFound, Verdict::Pass, None)];
    checks.extend(match &text.nik {
        None => refusal(CheckName::CardNik, policy.card.unread, reason::NOT_READ),
        Some(nik) if *nik == claims.nik => Some(check(CheckName::CardNik, Verdict::Pass, None)),
        Some(_) => refusal(CheckName::CardNik, policy.card.contradiction, reason::OTHER_NUMBER),
    });
    let findings = compare::demographics(&claims.demographics, &text.printed, policy);
    for (field, finding) in findings.iter().filter(|(field, _)| field.is_on_card()) {
        checks.extend(of_field(field, finding, &policy.card));
    }
    checks
}

fn of_field(field: Field, finding: &FieldFinding, policy: &CardPolicy) -> Option<Check> {
    let name = CheckName::CardField(field);
    let found = match finding.verdict {
        FieldVerdict::NotHeld => refusal(name, policy.unread, reason::NOT_READ),
        FieldVerdict::Match => Some(check(name, Verdict::Pass, None)),
        FieldVerdict::Mismatch => refusal(name, policy.contradiction, reason::BELOW_THRESHOLD),
    };
    found.map(|check| Check {
        score: finding.similarity.map(f64::from),
        threshold: finding.threshold.map(f64::from),
        reason: check.reason.filter(|why| *why == reason::NOT_READ).or(finding.rule.map(|rule| rule.key())),
        ..check
    })
}

/// A check that is not in order; `None` where the policy does not look for it.
fn refusal(name: CheckName, action: Action, why: &'static str) -> Option<Check> {
    let verdict = match action {
        Action::Reject => Verdict::Fail,
        Action::Flag => Verdict::Flagged,
        Action::Off => return None,
    };
    Some(check(name, verdict, Some(why)))
}

fn check(name: CheckName, verdict: Verdict, reason: Option<&'static str>) -> Check {
    Check { name, verdict, score: None, threshold: None, reason }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn claims() -> Claims {
        let mut claims = Claims::of(Nik::parse("3273010607900001").expect("a number"));
        claims.demographics.set_text(Field::Name, "BUDI SANTOSO");
        claims.demographics.set_date_of_birth(date(1990, 7, 6));
        claims.demographics.set_text(Field::NoKk, "3273010607900002");
        claims
    }

    fn card() -> CardText {
        let Claims { nik, demographics } = claims();
        CardText { is_card: true, place: None, nik: Some(nik), printed: demographics }
    }

    #[test]
    fn a_card_is_held_against_the_claim() {
        use Verdict::{Fail, Flagged, Pass};
        type Change = fn(&mut CardText, &mut CardPolicy);
        type Row<'r> = (&'r str, Change, &'r [(&'r str, Verdict, Option<&'r str>)]);
        let rows: [Row; 8] = [
            (
                "all agrees",
                |_, _| {},
                &[
                    ("card_found", Pass, None),
                    ("card_nik", Pass, None),
                    ("card_name", Pass, Some("equal")),
                    ("card_date_of_birth", Pass, Some("same_date")),
                ],
            ),
            ("no card", |text, _| *text = CardText::default(), &[("card_found", Fail, Some("not_a_card"))]),
            (
                "no card, noted",
                |text, policy| (*text, policy.not_a_card) = (CardText::default(), Action::Flag),
                &[("card_found", Flagged, Some("not_a_card"))],
            ),
            (
                "another number",
                |text, _| text.nik = Nik::parse("3273010607900009").ok(),
                &[
                    ("card_found", Pass, None),
                    ("card_nik", Fail, Some("other_number")),
                    ("card_name", Pass, Some("equal")),
                    ("card_date_of_birth", Pass, Some("same_date")),
                ],
            ),
            (
                "another name and date",
                |text, _| {
                    text.printed.set_text(Field::Name, "SITI AMINAH");
                    text.printed.set_date_of_birth(date(1991, 7, 6));
                },
                &[
                    ("card_found", Pass, None),
                    ("card_nik", Pass, None),
                    ("card_name", Fail, Some("edit_distance")),
                    ("card_date_of_birth", Fail, Some("same_date")),
                ],
            ),
            (
                "nothing read",
                |text, _| *text = CardText { is_card: true, ..CardText::default() },
                &[
                    ("card_found", Pass, None),
                    ("card_nik", Flagged, Some("not_read")),
                    ("card_name", Flagged, Some("not_read")),
                    ("card_date_of_birth", Flagged, Some("not_read")),
                ],
            ),
            (
                "nothing read, and a better picture is asked for",
                |text, policy| {
                    *text = CardText { is_card: true, ..CardText::default() };
                    policy.unread = Action::Reject;
                },
                &[
                    ("card_found", Pass, None),
                    ("card_nik", Fail, Some("not_read")),
                    ("card_name", Fail, Some("not_read")),
                    ("card_date_of_birth", Fail, Some("not_read")),
                ],
            ),
            (
                "nothing read, and nobody asks",
                |text, policy| {
                    *text = CardText { is_card: true, ..CardText::default() };
                    policy.unread = Action::Off;
                },
                &[("card_found", Pass, None)],
            ),
        ];
        for (case, change, expected) in rows {
            let (mut text, mut policy) = (card(), Policy::default());
            change(&mut text, &mut policy.card);
            let found: Vec<_> = checks(&text, &claims(), &policy)
                .iter()
                .map(|check| (check.name.key(), check.verdict, check.reason))
                .collect();
            assert_eq!(found, expected, "{case}");
        }
    }
}

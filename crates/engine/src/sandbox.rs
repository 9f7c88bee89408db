//! The scenario table: what a sandbox credential is answered, by the last three digits of the NIK.

use std::time::Duration;

use absah_core::assessment::{Assessment, Check, CheckName, Outcome, Refusal, Verdict, reason};
use absah_core::claims::RecordState;
use absah_core::dialect::Product;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::trouble::Trouble;

use crate::request::Request;

/// What the scenario NIKs start with.
const PREFIX: &str = "1234567890111";
/// The NIK of the sample answer that a provider's page prints.
const SAMPLE: &str = "3217061012870001";
/// Scores of what matches and of what does not, 0 to 100.
const HIGH: f64 = 92.4;
const LOW: f64 = 31.7;
/// The score of the printed sample.
const SAMPLE_SCORE: f64 = 53.3;
/// The threshold named beside them.
const THRESHOLD: f64 = 75.0;
/// What a scenario of trouble gives as the source's code.
const CODE: &str = "sandbox";

/// How long scenario 129 takes to answer.
pub(crate) const SLOW: Duration = Duration::from_secs(3);

/// Whether the NIK is that of the slow scenario.
pub(crate) fn is_slow(nik: &Nik) -> bool {
    scenario(nik) == Some("129")
}

fn scenario(nik: &Nik) -> Option<&str> {
    nik.expose().strip_prefix(PREFIX)
}

/// The table's answer. A scenario about something that was not sent is a match.
pub(crate) fn assess(request: &Request) -> Assessment {
    let nik = &request.claims.nik;
    let table = Table { request };
    if nik.expose() == SAMPLE && request.product == Product::IdSelfie {
        return table.sample();
    }
    match scenario(nik).unwrap_or_default() {
        "111" => Assessment::without_checks(Outcome::NikNotFound),
        "112" => table.failing(CheckName::Field(Field::Name)),
        "113" => table.failing(CheckName::Field(Field::DateOfBirth)),
        "114" => table.failing(CheckName::Face),
        "115" => table.failing(CheckName::Card),
        "116" => table.contacts_taken(&[CheckName::Email]),
        "117" => table.contacts_taken(&[CheckName::Phone]),
        "118" => table.contacts_taken(&[CheckName::Phone, CheckName::Email]),
        "119" => table.of_selfie(Outcome::LivenessFailed),
        "121" => table.of_selfie(Outcome::NoFace),
        "122" => Assessment::without_checks(Outcome::Trouble(Trouble::Unavailable)),
        "123" => Assessment::without_checks(Outcome::Trouble(Trouble::Timeout)),
        "124" => table.no_reference(),
        "125" => Assessment::without_checks(Outcome::Trouble(Trouble::Setup { code: CODE.to_owned() })),
        "126" => Assessment::without_checks(Outcome::Trouble(Trouble::OutOfQuota)),
        "127" => Assessment::without_checks(Outcome::RecordNotActive(RecordState::Inactive)),
        "128" => Assessment::without_checks(Outcome::Internal),
        "131" => Assessment::without_checks(Outcome::Refused(Refusal::RateLimited { retry_after: 1 })),
        "132" => Assessment::without_checks(Outcome::Refused(Refusal::OutOfQuota)),
        "133" => Assessment::without_checks(Outcome::Refused(Refusal::Expired)),
        "134" => Assessment::without_checks(Outcome::Refused(Refusal::NotPermitted)),
        "135" => Assessment::without_checks(Outcome::Refused(Refusal::Repeated { retry_after: 600 })),
        "136" => Assessment::without_checks(Outcome::Trouble(Trouble::QueryFailed { code: CODE.to_owned() })),
        _ => table.all_match(),
    }
}

struct Table<'a> {
    request: &'a Request,
}

impl Table<'_> {
    fn has_selfie(&self) -> bool {
        self.request.product != Product::BasicVerification
    }

    fn all_match(&self) -> Assessment {
        let fields = self.request.claims.demographics.fields().map(CheckName::Field);
        let faces = [(CheckName::Face, self.has_selfie()), (CheckName::Card, self.request.card_sent)];
        let faces = faces.into_iter().filter(|(_, sent)| *sent).map(|(name, _)| name);
        let checks = [CheckName::Nik].into_iter().chain(fields).chain(faces).map(passed).collect();
        Assessment { outcome: Outcome::Verified, checks, notes: Vec::new() }
    }

    fn failing(&self, name: CheckName) -> Assessment {
        let mut assessment = self.all_match();
        if let Some(check) = assessment.checks.iter_mut().find(|check| check.name == name) {
            check.verdict = Verdict::Fail;
            check.reason = Some(reason::BELOW_THRESHOLD);
            check.score = check.score.map(|_| LOW);
            assessment.outcome = Outcome::NotVerified;
        }
        assessment
    }

    fn no_reference(&self) -> Assessment {
        let mut assessment = self.failing(CheckName::Face);
        if let Some(check) = assessment.checks.iter_mut().find(|check| check.name == CheckName::Face) {
            check.verdict = Verdict::Unknown;
            check.reason = Some(reason::NO_REFERENCE);
            check.score = None;
        }
        assessment
    }

    fn contacts_taken(&self, taken: &[CheckName]) -> Assessment {
        let mut assessment = self.all_match();
        if self.request.contacts.is_some() {
            assessment.checks.extend(taken.iter().map(|&name| Check {
                name,
                verdict: Verdict::Fail,
                score: None,
                threshold: None,
                reason: Some(reason::USED_BY_ANOTHER_NIK),
            }));
            assessment.outcome = Outcome::VerifiedWithReason;
        }
        assessment
    }

    fn of_selfie(&self, outcome: Outcome) -> Assessment {
        if self.has_selfie() { Assessment::without_checks(outcome) } else { self.all_match() }
    }

    /// The answer as printed: the selfie differs with 53.3, the card has no score, name and date differ.
    fn sample(&self) -> Assessment {
        let fields = [Field::Name, Field::DateOfBirth].map(CheckName::Field);
        let mut checks: Vec<Check> =
            [CheckName::Nik, fields[0], fields[1], CheckName::Face].map(passed).into();
        for check in &mut checks {
            if check.name != CheckName::Nik {
                check.verdict = Verdict::Fail;
                check.reason = Some(reason::BELOW_THRESHOLD);
                check.score = check.score.map(|_| SAMPLE_SCORE);
            }
        }
        Assessment { outcome: Outcome::NotVerified, checks, notes: Vec::new() }
    }
}

fn passed(name: CheckName) -> Check {
    let scored = matches!(name, CheckName::Face | CheckName::Card);
    Check {
        name,
        verdict: Verdict::Pass,
        score: scored.then_some(HIGH),
        threshold: scored.then_some(THRESHOLD),
        reason: None,
    }
}

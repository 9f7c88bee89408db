//! The page the service answers with, and what it says of the claims.

use absah_core::claims::{Claims, RecordState};
use absah_core::field::Field;
use absah_core::policy::Policy;
use absah_core::rule::Rule;
use absah_core::trouble::Trouble;
use absah_core::verdict::{FieldFinding, FieldVerdict};
use serde_json::Value;

use super::element::{element, threshold};
use super::state::{State, state};
use super::word::Word;
use crate::ClaimsAnswer;
use crate::dukcapil::reading::Reading;
use crate::dukcapil::tolerant::{Ambiguous, Object, whole};

/// What was asked, as far as reading the answer needs it.
#[derive(Debug, Clone)]
pub(in crate::dukcapil) struct Asked {
    /// The fields sent, each with the policy's threshold where the service scores it.
    fields: Vec<(Field, Option<u8>)>,
    /// Whether a duplicate record is compared like any other.
    duplicate_is_success: bool,
}

impl Asked {
    /// What claims ask under a policy.
    pub(in crate::dukcapil) fn of(claims: &Claims, policy: &Policy, duplicate_is_success: bool) -> Self {
        let fields = claims.demographics.fields().map(|field| (field, threshold(field, policy))).collect();
        Self { fields, duplicate_is_success }
    }
}

/// Reads an answer. Elements that were not asked are not looked at: some come back as `Tidak Sesuai`.
pub(in crate::dukcapil) fn read(body: &[u8], asked: &Asked) -> Reading<ClaimsAnswer> {
    let Ok(Value::Object(page)) = serde_json::from_slice(body) else {
        return Reading::trouble(Trouble::BadAnswer);
    };
    let page = Object(&page);
    let quota_left = page.get("quotaLimiter").ok().flatten().and_then(whole);
    of_page(page, asked).unwrap_or_else(Reading::trouble).with_quota(quota_left)
}

impl From<Ambiguous> for Trouble {
    fn from(_: Ambiguous) -> Self {
        Self::BadAnswer
    }
}

fn of_page(page: Object<'_>, asked: &Asked) -> Result<Reading<ClaimsAnswer>, Trouble> {
    let Some(content) = content(page)? else {
        // A refusal may come without the page around it; a verdict about a person does not.
        return match state(page)? {
            Some(State::Trouble(trouble)) => Err(trouble),
            _ => Err(Trouble::BadAnswer),
        };
    };
    let stated = match state(content)? {
        Some(State::Trouble(trouble)) => return Err(trouble),
        Some(State::NotFound) => return Ok(Reading::answer("not_found", ClaimsAnswer::NotFound)),
        Some(State::Record(RecordState::Duplicate)) if asked.duplicate_is_success => true,
        Some(State::Record(state)) => return Ok(Reading::answer("state", ClaimsAnswer::NotActive(state))),
        Some(State::Found) => true,
        None => false,
    };
    compared(content, asked, stated)
}

/// The first object of the content, or the content itself where it is not a list. Several records without a word
/// about it leave open which one was compared.
fn content(page: Object<'_>) -> Result<Option<Object<'_>>, Trouble> {
    match page.get("content")? {
        None => Ok(None),
        Some(Value::Object(content)) => Ok(Some(Object(content))),
        Some(Value::Array(contents)) => match contents.as_slice() {
            [Value::Object(content)] => Ok(Some(Object(content))),
            [Value::Object(content), ..] if state(Object(content))?.is_some() => Ok(Some(Object(content))),
            _ => Err(Trouble::BadAnswer),
        },
        Some(_) => Err(Trouble::BadAnswer),
    }
}

/// The findings of what was asked. `stated` says whether the service told that it found a record; if not, it has to
/// have said something of what was sent, or this is no answer.
fn compared(content: Object<'_>, asked: &Asked, stated: bool) -> Result<Reading<ClaimsAnswer>, Trouble> {
    // The number is what the record was found by: one that does not agree leaves nothing to stand on.
    let nik = word(content, "NIK")?;
    if nik.is_some_and(|nik| !nik.agrees) {
        return Err(Trouble::BadAnswer);
    }
    let mut words = Vec::with_capacity(asked.fields.len());
    for &(field, threshold) in &asked.fields {
        words.push((field, word(content, element(field))?.map(|word| finding(word, threshold))));
    }
    let any = nik.is_some() || words.iter().any(|(_, finding)| finding.is_some());
    let enough = if asked.fields.is_empty() { stated || nik.is_some() } else { any };
    if !enough {
        return Err(Trouble::BadAnswer);
    }
    let findings = words.into_iter().map(|(field, finding)| (field, finding.unwrap_or(NOT_HELD))).collect();
    Ok(Reading::answer("verdict", ClaimsAnswer::Compared(findings)))
}

const NOT_HELD: FieldFinding =
    FieldFinding { verdict: FieldVerdict::NotHeld, similarity: None, threshold: None, rule: None };

/// What is said of an element; nothing where it is missing or null.
fn word(content: Object<'_>, element: &str) -> Result<Option<Word>, Trouble> {
    match content.get(element)? {
        None => Ok(None),
        Some(Value::String(text)) => Word::parse(text).map(Some).ok_or(Trouble::BadAnswer),
        Some(_) => Err(Trouble::BadAnswer),
    }
}

/// The finding of an element.
///
/// The service takes one threshold for all four fields it scores, the policy has one for each: so the service was sent
/// the name's, and where it told a similarity, that is held against the field's own. Its word decides where it told
/// none, and about every field that is not scored.
fn finding(word: Word, threshold: Option<u8>) -> FieldFinding {
    let verdict = |agrees| if agrees { FieldVerdict::Match } else { FieldVerdict::Mismatch };
    match (word.score, threshold) {
        (Some(score), Some(threshold)) => FieldFinding {
            verdict: verdict(score >= threshold),
            similarity: Some(score),
            threshold: Some(threshold),
            rule: Some(Rule::ScoredByRegistry),
        },
        _ => FieldFinding {
            verdict: verdict(word.agrees),
            similarity: None,
            threshold: None,
            rule: Some(Rule::StatedByRegistry),
        },
    }
}

#[cfg(test)]
mod tests {
    use absah_core::nik::Nik;
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::dukcapil::reading::Outcome;

    fn asked(fields: &[Field], duplicate_is_success: bool) -> Asked {
        let mut claims = Claims::of(Nik::parse("3217061012870001").expect("a NIK"));
        for field in fields {
            claims.demographics.set_text(*field, "X");
            if *field == Field::DateOfBirth {
                claims.demographics.set_date_of_birth(date(1987, 12, 10));
            }
        }
        Asked::of(&claims, &Policy::default(), duplicate_is_success)
    }

    /// Verdict, similarity and threshold of every finding, or the trouble.
    type Told = Result<Vec<(Field, FieldVerdict, Option<u8>, Option<u8>)>, String>;

    fn told(body: &Value, asked: &Asked) -> Told {
        match read(body.to_string().as_bytes(), asked).outcome {
            Outcome::Settled(Ok(ClaimsAnswer::Compared(findings))) => {
                Ok(findings.iter().map(|(field, f)| (field, f.verdict, f.similarity, f.threshold)).collect())
            }
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn scores_are_held_against_the_fields_own_threshold_and_words_decide_the_rest() {
        use FieldVerdict::{Match, Mismatch, NotHeld};
        // Thresholds of the default policy: name 90, mother 90, place 80, address 70.
        let rows = [
            (Field::Name, json!("Sesuai (90)"), Ok((Match, Some(90), Some(90)))),
            (Field::Name, json!("Tidak Sesuai (89)"), Ok((Mismatch, Some(89), Some(90)))),
            (Field::PlaceOfBirth, json!("Tidak Sesuai (80)"), Ok((Match, Some(80), Some(80)))),
            (Field::Address, json!("Tidak Sesuai (70)"), Ok((Match, Some(70), Some(70)))),
            (Field::MotherMaidenName, json!("Sesuai (89)"), Ok((Mismatch, Some(89), Some(90)))),
            (Field::MotherMaidenName, json!("Sesuai"), Ok((Match, None, None))),
            (Field::Name, json!("tidak sesuai"), Ok((Mismatch, None, None))),
            (Field::DateOfBirth, json!("Sesuai"), Ok((Match, None, None))),
            (Field::Gender, json!("Tidak Sesuai (100)"), Ok((Mismatch, None, None))),
            (Field::Rt, json!(null), Ok((NotHeld, None, None))),
            (Field::Rt, json!(1), Err(())),
            (Field::Rt, json!("Mungkin"), Err(())),
            (Field::Rt, json!(["Sesuai"]), Err(())),
        ];
        for (field, said, expected) in rows {
            let body =
                json!({ "content": [{ "NIK": "Sesuai", element(field): said, "NO_RW": "Tidak Sesuai" }] });
            let told = told(&body, &asked(&[field], false));
            let expected =
                expected.map(|(verdict, score, threshold)| vec![(field, verdict, score, threshold)]);
            assert_eq!(told.map_err(|_| ()), expected, "{body}");
        }
    }

    #[test]
    fn only_an_answer_is_an_answer() {
        let sound = json!({ "nama_lgkp": "Sesuai (100)" });
        let rows = [
            (json!({ "content": [sound] }), false, true),
            (json!({ "CONTENT": sound, "quotaLimiter": "5" }), false, true),
            (json!({ "content": [{ "NIK": "Sesuai" }] }), false, true),
            (json!({ "content": [{ "RESPONSE_CODE": "12", "NAMA_LGKP": "Sesuai" }] }), true, true),
            (json!({ "content": [{ "RESPONSE_CODE": "12", "NAMA_LGKP": "Sesuai" }] }), false, false),
            (json!({ "content": [{ "RESPONSE_CODE": "12" }] }), true, false),
            (json!({ "content": [{ "RESPONSE_CODE": "01" }] }), false, false),
            (json!({ "content": [sound, sound] }), false, false),
            (json!({ "content": [{ "NIK": "Tidak Sesuai", "NAMA_LGKP": "Sesuai" }] }), false, false),
            (json!({ "content": [{ "NAMA_LGKP": "Sesuai", "nama_lgkp": "Tidak Sesuai" }] }), false, false),
            (json!({ "content": [] }), false, false),
            (json!({ "content": [{}] }), false, false),
            (json!({ "content": ["Sesuai"] }), false, false),
            (json!({ "content": "Sesuai" }), false, false),
            (json!({ "NAMA_LGKP": "Sesuai" }), false, false),
            (json!({ "RESPONSE_CODE": "13" }), false, false),
            (json!([sound]), false, false),
            (json!({}), false, false),
        ];
        for (body, duplicates, sound) in rows {
            let told = told(&body, &asked(&[Field::Name], duplicates));
            assert_eq!(told.is_ok(), sound, "{body}: {told:?}");
        }
    }

    #[test]
    fn a_number_alone_is_found_by_a_word_or_a_code() {
        for (content, sound) in [
            (json!({ "NIK": "Sesuai" }), true),
            (json!({ "RESPONSE_CODE": "01" }), true),
            (json!({ "RESPON": "Data Ditemukan" }), true),
            (json!({ "NAMA_LGKP": "Tidak Sesuai" }), false),
            (json!({}), false),
        ] {
            let told = told(&json!({ "content": [content] }), &asked(&[], false));
            assert_eq!(told.is_ok(), sound, "{content}");
        }
    }

    fn garbage() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            let keys = prop_oneof![
                Just("content".to_owned()),
                Just("RESPONSE_CODE".to_owned()),
                Just("RESPON".to_owned()),
                Just("NIK".to_owned()),
                Just("NAMA_LGKP".to_owned()),
                "[a-zA-Z_]{1,8}",
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((keys, inner), 0..5).prop_map(|pairs| pairs.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_bytes_panic_or_give_a_verdict(bytes in any::<Vec<u8>>()) {
            let reading = read(&bytes, &asked(&[Field::Name], true));
            prop_assert!(!matches!(reading.outcome, Outcome::Settled(Ok(_))));
        }

        #[test]
        fn no_json_gives_a_verdict_unless_it_says_the_words(body in garbage()) {
            let text = body.to_string();
            let reading = read(text.as_bytes(), &asked(&[Field::Name], true));
            if let Outcome::Settled(Ok(ClaimsAnswer::Compared(_))) = reading.outcome {
                prop_assert!(text.to_lowercase().contains("sesuai"), "{}", text);
            }
        }

        #[test]
        fn a_cut_off_answer_is_none(end in 0usize..60) {
            let whole = json!({ "content": [{ "NAMA_LGKP": "Sesuai (100)" }], "quotaLimiter": 5 }).to_string();
            let cut = whole.get(..end.min(whole.len() - 1)).expect("ASCII");
            let reading = read(cut.as_bytes(), &asked(&[Field::Name], true));
            prop_assert_eq!(reading.outcome, Outcome::Settled(Err(Trouble::BadAnswer)));
        }
    }
}

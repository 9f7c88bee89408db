//! What the service says of a face.

use absah_core::face::round_score;
use absah_core::trouble::Trouble;
use serde_json::Value;

use super::scale::RawScale;
use crate::FaceAnswer;
use crate::dukcapil::reading::Reading;
use crate::dukcapil::tolerant::{self, Object, number, truth, whole};

/// By what an answer is decided.
///
/// A face matches when the service says so *and* the converted score, rounded to one decimal, reaches the caller's
/// threshold. The service applied its own threshold, so the one that was applied in the end, and is told, is the
/// higher of the caller's and the service's on the scale of 0 to 100. A "differs" of the service is never turned into
/// a match, whatever its score is converted to.
#[derive(Debug, Clone)]
pub(in crate::dukcapil) struct Decision {
    pub(in crate::dukcapil) scale: RawScale,
    /// What the service was asked to apply, on its own scale.
    pub(in crate::dukcapil) raw_threshold: f64,
    /// What the caller asks for, 0 to 100.
    pub(in crate::dukcapil) threshold: f64,
}

impl Decision {
    fn compared(&self, matched: bool, raw: f64) -> FaceAnswer {
        let threshold = self.threshold.max(round_score(self.scale.score(self.raw_threshold)));
        let score = round_score(self.scale.score(raw));
        FaceAnswer::Compared { matched: matched && score >= threshold, raw, score, threshold }
    }
}

/// Reads an answer.
pub(in crate::dukcapil) fn read(body: &[u8], decision: &Decision) -> Reading<FaceAnswer> {
    let Ok(Value::Object(answer)) = serde_json::from_slice(body) else {
        return Reading::trouble(Trouble::BadAnswer);
    };
    let answer = Object(&answer);
    let quota_left = answer.get("quotaLimiter").ok().flatten().and_then(whole);
    of_object(answer, decision).unwrap_or_else(Reading::trouble).with_quota(quota_left)
}

fn of_object(answer: Object<'_>, decision: &Decision) -> Result<Reading<FaceAnswer>, Trouble> {
    let error = answer.object("error")?.ok_or(Trouble::BadAnswer)?;
    let code = tolerant::code(error.get("errorCode")?.ok_or(Trouble::BadAnswer)?);
    // What the service says of its verdict beside the code must not contradict it.
    let agrees = match answer.get("verificationResult")? {
        None => None,
        Some(told) => Some(truth(told).ok_or(Trouble::BadAnswer)?),
    };
    let raw = raw_score(answer)?;
    match code.as_str() {
        "6018" if agrees != Some(false) => {
            let raw = raw.ok_or(Trouble::BadAnswer)?;
            Ok(Reading::answer("verdict", decision.compared(true, raw)))
        }
        // A face that differs may come without a score: then it is told as none at all.
        "6019" if agrees != Some(true) => {
            Ok(Reading::answer("verdict", decision.compared(false, raw.unwrap_or(0.0))))
        }
        "6018" | "6019" => Err(Trouble::BadAnswer),
        "6020" => Ok(Reading::answer("not_found", FaceAnswer::NoReference)),
        "6015" => Ok(Reading::answer("unusable", FaceAnswer::Unusable)),
        "5000" | "6012" | "6014" => Ok(Reading::busy()),
        "5002" => Err(Trouble::OutOfQuota),
        "5004" | "5005" | "6006" => Err(Trouble::QueryFailed { code }),
        _ => Err(Trouble::Setup { code }),
    }
}

/// The score, where there is one; an empty text is none.
fn raw_score(answer: Object<'_>) -> Result<Option<f64>, Trouble> {
    match answer.get("matchScore")? {
        None => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(score) => number(score).map(Some).ok_or(Trouble::BadAnswer),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::dukcapil::FaceSettings;
    use crate::dukcapil::reading::Outcome;

    fn decision(threshold: f64) -> Decision {
        let settings = FaceSettings::default();
        let scale = RawScale::new(&settings.scale).expect("rising");
        Decision { scale, raw_threshold: settings.threshold, threshold }
    }

    fn body(code: &Value, score: &Value, result: &Value) -> Value {
        json!({ "error": { "errorCode": code }, "matchScore": score, "verificationResult": result })
    }

    /// Whether it matched, and score and threshold; or nothing.
    fn told(body: &Value, threshold: f64) -> Option<(bool, f64, f64)> {
        match read(body.to_string().as_bytes(), &decision(threshold)).outcome {
            Outcome::Settled(Ok(FaceAnswer::Compared { matched, score, threshold, .. })) => {
                Some((matched, score, threshold))
            }
            _ => None,
        }
    }

    #[test]
    fn a_face_matches_when_the_service_says_so_and_the_score_reaches_the_threshold() {
        let rows = [
            (json!(6018), json!("8.331"), json!(true), 75.0, Some((true, 91.7, 75.0))),
            (json!("6018"), json!(8.331), json!("true"), 75.0, Some((true, 91.7, 75.0))),
            (json!(6018), json!("8.331"), json!(null), 91.7, Some((true, 91.7, 91.7))),
            (json!(6018), json!("8.331"), json!(true), 91.8, Some((false, 91.7, 91.8))),
            (json!(6018), json!("5.0"), json!(true), 50.0, Some((true, 75.0, 75.0))),
            (json!(6019), json!("4.9"), json!(false), 50.0, Some((false, 73.5, 75.0))),
            (json!(6019), json!("9.9"), json!(false), 0.0, Some((false, 99.5, 75.0))),
            (json!(6019), json!(""), json!("False"), 0.0, Some((false, 0.0, 75.0))),
            (json!(6018), json!(""), json!(true), 0.0, None),
            (json!(6018), json!("NaN"), json!(true), 0.0, None),
            (json!(6018), json!("inf"), json!(true), 0.0, None),
            (json!(6018), json!("8.331"), json!(false), 75.0, None),
            (json!(6019), json!("8.331"), json!(true), 75.0, None),
            (json!(6018), json!("8.331"), json!("perhaps"), 75.0, None),
            (json!(null), json!("8.331"), json!(true), 75.0, None),
        ];
        for (code, score, result, threshold, expected) in rows {
            let body = body(&code, &score, &result);
            assert_eq!(told(&body, threshold), expected, "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic_or_give_a_verdict(bytes in any::<Vec<u8>>()) {
            let reading = read(&bytes, &decision(75.0));
            prop_assert!(!matches!(reading.outcome, Outcome::Settled(Ok(_))));
        }

        #[test]
        fn a_difference_is_never_a_match(score in "-?[0-9]{1,4}(\\.[0-9]{1,6})?", threshold in 0.0..=100.0_f64) {
            let told = told(&body(&json!(6019), &json!(score), &json!(false)), threshold);
            prop_assert!(matches!(told, Some((false, _, _))), "{:?}", told);
        }
    }
}

//! The evidence of an assessment: what was checked and why it went so, without personal data.

use absah_core::assessment::{Assessment, Check};
use serde_json::{Value, json};

/// The checks as JSON: `{"name","verdict","score","threshold","reason"}`.
pub fn checks(checks: &[Check]) -> Value {
    checks
        .iter()
        .map(|Check { name, verdict, score, threshold, reason }| {
            json!({
                "name": name.key(),
                "verdict": verdict.key(),
                "score": score,
                "threshold": threshold,
                "reason": reason,
            })
        })
        .collect()
}

/// The whole evidence of an assessment.
pub(crate) fn of(assessment: &Assessment) -> Value {
    json!({ "checks": checks(&assessment.checks), "notes": assessment.notes })
}

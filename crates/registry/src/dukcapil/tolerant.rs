//! JSON as the services write it: keys in any case, numbers and truths as themselves or as texts.

use serde_json::{Map, Value};

/// An object whose keys are looked up in any case.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(pub(super) &'a Map<String, Value>);

/// A key stands several times, in different cases and with different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguous;

impl<'a> Object<'a> {
    /// The value of a key; `None` where it is missing or null.
    pub(super) fn get(self, key: &str) -> Result<Option<&'a Value>, Ambiguous> {
        let mut values = self.0.iter().filter(|(name, _)| name.trim().eq_ignore_ascii_case(key));
        let Some((_, value)) = values.next() else { return Ok(None) };
        if values.any(|(_, other)| other != value) {
            return Err(Ambiguous);
        }
        Ok(Some(value).filter(|value| !value.is_null()))
    }

    /// The object under a key.
    pub(super) fn object(self, key: &str) -> Result<Option<Self>, Ambiguous> {
        Ok(self.get(key)?.and_then(Value::as_object).map(Self))
    }
}

/// A whole number from 0 on, as itself or as text.
pub(super) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A finite number, as itself or as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number: f64 = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A truth, as itself or as text.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The most characters of a code; anything longer may be anything.
const LONGEST_CODE: usize = 8;

/// A code that can be logged and kept: its ASCII letters and digits, at most eight; `unknown` for anything else.
pub(super) fn code(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).take(LONGEST_CODE + 1).collect();
    if code.is_empty() || code.len() > LONGEST_CODE { "unknown".to_owned() } else { code }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_found_in_any_case_unless_they_disagree() {
        let object = json!({ "NIK": 1, "nama": 2, "Nama": 2, "a": 1, "A": 2, "nil": null });
        let object = Object(object.as_object().expect("an object"));
        for (key, expected) in [
            ("nik", Ok(Some(&json!(1)))),
            ("NAMA", Ok(Some(&json!(2)))),
            ("A", Err(Ambiguous)),
            ("NIL", Ok(None)),
            ("B", Ok(None)),
        ] {
            assert_eq!(object.get(key), expected, "{key}");
        }
    }

    #[test]
    fn numbers_and_truths_come_as_themselves_or_as_texts() {
        let rows = [
            (json!(803), Some(803), Some(803.0), None),
            (json!("803 "), Some(803), Some(803.0), None),
            (json!("8.331"), None, Some(8.331), None),
            (json!(-1.5), None, Some(-1.5), None),
            (json!("inf"), None, None, None),
            (json!("NaN"), None, None, None),
            (json!(true), None, None, Some(true)),
            (json!("False"), None, None, Some(false)),
            (json!("yes"), None, None, None),
            (json!([1]), None, None, None),
        ];
        for (value, as_whole, as_number, as_truth) in rows {
            assert_eq!(
                (whole(&value), number(&value), truth(&value)),
                (as_whole, as_number, as_truth),
                "{value}"
            );
        }
    }

    #[test]
    fn a_code_is_short_and_plain() {
        let rows = [
            (json!("05"), "05"),
            (json!(6018), "6018"),
            (json!(" X-9\n"), "X9"),
            (json!("3217061012870001"), "unknown"),
            (json!(""), "unknown"),
            (json!(null), "unknown"),
            (json!({ "a": 1 }), "unknown"),
        ];
        for (value, expected) in rows {
            assert_eq!(code(&value), expected, "{value}");
        }
    }
}

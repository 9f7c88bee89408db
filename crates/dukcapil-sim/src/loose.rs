//! Bodies as the services read them: keys in any case, numbers as themselves or as texts.

use serde_json::{Map, Value};

/// A body of JSON with its keys in capitals.
pub(crate) struct Loose(Map<String, Value>);

impl Loose {
    /// Reads a body; nothing where it is no object.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(object)) = serde_json::from_slice(body) else { return None };
        Some(Self(object.into_iter().map(|(key, value)| (key.trim().to_uppercase(), value)).collect()))
    }

    /// The text of a key, a number as text; nothing where it is missing, empty or anything else.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let text = match self.0.get(&key.to_uppercase())? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The finite number of a key.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// A value as itself or as text, as the simulator is told to write.
pub(crate) fn typed(value: Value, as_text: bool) -> Value {
    match value {
        Value::String(_) => value,
        other if as_text => Value::String(other.to_string()),
        other => other,
    }
}

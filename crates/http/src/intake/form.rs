//! Named values, whatever they were encoded as.

use bytes::Bytes;
use thiserror::Error;

use crate::intake::heavy;

/// Most fields in a request; the largest documented one has seventeen.
pub(crate) const MAX_FIELDS: usize = 64;
/// Longest name of a field, in bytes.
pub(crate) const MAX_NAME_BYTES: usize = 128;

/// Why a body is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum FormFault {
    /// It does not follow the syntax of its media type, or holds text that is not UTF-8.
    #[error("the body does not follow its media type")]
    Syntax,
    /// It is JSON, but not an object.
    #[error("the body is not an object")]
    NotAnObject,
    /// It has more than [`MAX_FIELDS`] fields.
    #[error("the body has too many fields")]
    TooManyFields,
    /// A field's name is longer than [`MAX_NAME_BYTES`].
    #[error("a field has too long a name")]
    NameTooLong,
    /// Values are nested too deeply.
    #[error("the body is nested too deeply")]
    TooDeep,
}

/// Text that is known to be UTF-8; a slice of the body wherever the encoding allows it. Personal: without `Debug`.
#[derive(Clone)]
pub(crate) struct Text(Bytes);

impl Text {
    /// Takes bytes over that are UTF-8.
    pub(crate) fn new(bytes: Bytes) -> Option<Self> {
        std::str::from_utf8(&bytes).is_ok().then_some(Self(bytes))
    }

    /// Takes over what a parser has already found to be UTF-8.
    pub(crate) fn slice_of(body: &Bytes, text: &str) -> Self {
        Self(body.slice_ref(text.as_bytes()))
    }

    /// Takes a string over.
    pub(crate) fn owned(text: String) -> Self {
        Self(Bytes::from(text))
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text. The check is made again, since only `unsafe` could skip it: meant for short texts.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The value of a field.
#[derive(Clone)]
pub(crate) enum Value {
    /// JSON `null`.
    Null,
    /// JSON `true` or `false`.
    Bool,
    /// A JSON number.
    Number(f64),
    /// Text.
    Text(Text),
    /// The content of a multipart part that has a file name.
    File(Bytes),
    /// A JSON array or object.
    Other,
}

/// What the fields were encoded as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Urlencoded,
    /// `multipart/form-data`.
    Multipart,
}

/// The fields of a request in the order they were sent. Personal: without `Debug`.
///
/// A form keeps its body, and with it the body's place in the budget, also where no value is a slice of it: whoever
/// decodes pictures out of a form keeps the form until they are done with, and so bounds them too.
pub(crate) struct Form {
    encoding: Encoding,
    body: Bytes,
    fields: Vec<(String, Value)>,
    duplicates: Vec<String>,
}

impl Form {
    /// A form of this body, still without fields.
    pub(crate) fn new(encoding: Encoding, body: &Bytes) -> Self {
        Self { encoding, body: body.clone(), fields: Vec::new(), duplicates: Vec::new() }
    }

    /// Adds a field; one whose name is taken is noted as a duplicate, and its value dropped.
    ///
    /// # Errors
    /// Too many fields, or too long a name.
    pub(crate) fn push(&mut self, name: &str, value: Value) -> Result<(), FormFault> {
        self.admit(name)?;
        if self.get(name).is_some() {
            self.duplicates.push(name.to_owned());
        } else {
            self.fields.push((name.to_owned(), value));
        }
        Ok(())
    }

    /// Whether a field of that name may still be added.
    ///
    /// # Errors
    /// Too many fields, or too long a name.
    pub(crate) fn admit(&self, name: &str) -> Result<(), FormFault> {
        if self.fields.len() + self.duplicates.len() >= MAX_FIELDS {
            Err(FormFault::TooManyFields)
        } else if name.len() > MAX_NAME_BYTES {
            Err(FormFault::NameTooLong)
        } else {
            Ok(())
        }
    }

    /// The size of the body it was read from, which is what working on it costs.
    pub(crate) fn body_bytes(&self) -> usize {
        self.body.len()
    }

    /// Lets go of the body and its place in the budget. A large body takes a while to wipe.
    pub(crate) fn discard(self) {
        heavy::run(self.body_bytes(), || drop(self));
    }

    /// What it was encoded as.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The names of all fields, in the order they were sent.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// The names that came more than once, in the order they came again.
    pub(crate) fn duplicates(&self) -> &[String] {
        &self.duplicates
    }

    /// The first of these names that came more than once.
    pub(crate) fn first_repeated<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.duplicates.iter().any(|again| again == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_bounded_in_number_and_length_of_name() {
        let mut form = Form::new(Encoding::Json, &Bytes::new());
        assert_eq!(form.push(&"n".repeat(MAX_NAME_BYTES + 1), Value::Null), Err(FormFault::NameTooLong));
        for number in 0..MAX_FIELDS {
            assert_eq!(form.push(&number.to_string(), Value::Null), Ok(()));
        }
        assert_eq!(form.push("one more", Value::Null), Err(FormFault::TooManyFields));
    }

    #[test]
    fn a_field_that_comes_again_is_noted() {
        let mut form = Form::new(Encoding::Json, &Bytes::new());
        for name in ["nik", "name", "x", "x", "name", "nik"] {
            form.push(name, Value::Null).expect("within bounds");
        }
        assert_eq!(form.names().collect::<Vec<_>>(), ["nik", "name", "x"]);
        assert_eq!(form.duplicates(), ["x", "name", "nik"]);
        assert_eq!(form.first_repeated(&["address", "nik", "name"]), Some("nik"));
        assert_eq!(form.first_repeated(&["address"]), None);
    }
}

//! A JSON object's top level as fields; a text without escapes is a slice of the body.

use std::fmt;

use bytes::Bytes;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::intake::form::{Encoding, Form, FormFault, Text, Value};

/// Deepest nesting below a field; no documented field is nested at all.
const MAX_DEPTH: usize = 16;
/// Some platforms put this in front of UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a body.
///
/// # Errors
/// [`FormFault`]: not JSON (RFC 8259), not UTF-8, a lone surrogate, not an object, or out of bounds.
pub(crate) fn parse(body: &Bytes) -> Result<Form, FormFault> {
    let text = std::str::from_utf8(body).map_err(|_| FormFault::Syntax)?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut form = Form::new(Encoding::Json, body);
    let mut fault = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let top = Top { body, form: &mut form, fault: &mut fault };
    let parsed = top.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match parsed {
        Ok(()) => Ok(form),
        Err(_) => Err(fault.unwrap_or(FormFault::Syntax)),
    }
}

/// Visits the top level. Bounds that were broken are told through `fault`, since the deserializer's own error type
/// carries only text.
struct Top<'a> {
    body: &'a Bytes,
    form: &'a mut Form,
    fault: &'a mut Option<FormFault>,
}

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { body, form, fault } = self;
        let mut broken = |found: FormFault| {
            *fault = Some(found);
            A::Error::custom(found)
        };
        while let Some(name) = map.next_key::<String>()? {
            form.admit(&name).map_err(&mut broken)?;
            let mut too_deep = false;
            let value = map.next_value_seed(Field { body, too_deep: &mut too_deep });
            if too_deep {
                return Err(broken(FormFault::TooDeep));
            }
            form.push(&name, value?).map_err(&mut broken)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(not_an_object(self.fault))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        Err(not_an_object(self.fault))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Err(not_an_object(self.fault))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        Err(not_an_object(self.fault))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        Err(not_an_object(self.fault))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        Err(not_an_object(self.fault))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        Err(not_an_object(self.fault))
    }
}

fn not_an_object<E: serde::de::Error>(fault: &mut Option<FormFault>) -> E {
    *fault = Some(FormFault::NotAnObject);
    E::custom(FormFault::NotAnObject)
}

/// The value of one field.
struct Field<'a> {
    body: &'a Bytes,
    too_deep: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value, E> {
        Ok(Value::Text(Text::slice_of(self.body, text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(Text::owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Bool)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Value, A::Error> {
        Nested { depth: 1, too_deep: self.too_deep }.visit_seq(seq).map(|()| Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        Nested { depth: 1, too_deep: self.too_deep }.visit_map(map).map(|()| Value::Other)
    }
}

/// A value that is passed over, down to [`MAX_DEPTH`].
struct Nested<'a> {
    depth: usize,
    too_deep: &'a mut bool,
}

impl Nested<'_> {
    fn below<E: serde::de::Error>(&mut self) -> Result<Nested<'_>, E> {
        if self.depth >= MAX_DEPTH {
            *self.too_deep = true;
            return Err(E::custom(FormFault::TooDeep));
        }
        Ok(Nested { depth: self.depth + 1, too_deep: self.too_deep })
    }
}

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        loop {
            let below = self.below()?;
            if seq.next_element_seed(below)?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            let below = self.below()?;
            map.next_value_seed(below)?;
        }
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(value: &Value) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool => "bool".to_owned(),
            Value::Number(number) => format!("number {number}"),
            Value::Text(text) => format!("text {}", text.as_str()),
            Value::File(_) => "file".to_owned(),
            Value::Other => "other".to_owned(),
        }
    }

    fn read(body: &str) -> Result<Vec<String>, FormFault> {
        let form = parse(&Bytes::copy_from_slice(body.as_bytes()))?;
        Ok(form.fields_shown())
    }

    impl Form {
        fn fields_shown(&self) -> Vec<String> {
            let shown = |name| self.get(name).map(|value| format!("{name}: {}", shown(value)));
            self.names().filter_map(shown).collect()
        }
    }

    #[test]
    fn every_kind_of_value_is_told_apart() {
        let rows = [
            (r#"{}"#, vec![]),
            (r#"{"a":null}"#, vec!["a: null"]),
            (r#"{"a":true}"#, vec!["a: bool"]),
            (r#"{"a":-7}"#, vec!["a: number -7"]),
            (r#"{"a":75.5,"b":7e1}"#, vec!["a: number 75.5", "b: number 70"]),
            (r#"{"a":"plain"}"#, vec!["a: text plain"]),
            (r#"{"a":"esc\/aped \u0053"}"#, vec!["a: text esc/aped S"]),
            (r#"{"a":"\u0000"}"#, vec!["a: text \0"]),
            (r#"{"a":"😀 \ud83d\ude00"}"#, vec!["a: text 😀 😀"]),
            (r#"{"\u0061":1}"#, vec!["a: number 1"]),
            (r#"{"a":[1,"x",{"y":[null]}],"b":{"c":false}}"#, vec!["a: other", "b: other"]),
            (" \r\n\t{ \"a\" : 1 } \n", vec!["a: number 1"]),
            ("\u{feff}{\"a\":1}", vec!["a: number 1"]),
        ];
        for (body, expected) in rows {
            assert_eq!(read(body), Ok(expected.into_iter().map(str::to_owned).collect()), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_of_good_form_is_refused() {
        let deep = |open: &str, close: &str| {
            format!(r#"{{"a":{}1{}}}"#, open.repeat(100_000), close.repeat(100_000))
        };
        let many: Vec<String> = (0..65).map(|number| format!("\"{number}\":0")).collect();
        let rows = [
            (String::new(), FormFault::Syntax),
            ("{".to_owned(), FormFault::Syntax),
            (r#"{"a":1"#.to_owned(), FormFault::Syntax),
            (r#"{"a":1,}"#.to_owned(), FormFault::Syntax),
            (r#"{"a":1} x"#.to_owned(), FormFault::Syntax),
            (r#"{"a":01}"#.to_owned(), FormFault::Syntax),
            (r#"{"a":1e999}"#.to_owned(), FormFault::Syntax),
            (r#"{"a":NaN}"#.to_owned(), FormFault::Syntax),
            (r#"{'a':1}"#.to_owned(), FormFault::Syntax),
            ("{\"a\":\"\n\"}".to_owned(), FormFault::Syntax),
            ("{\"a\":\"\0\"}".to_owned(), FormFault::Syntax),
            (r#"{"a":"\ud83d"}"#.to_owned(), FormFault::Syntax),
            (r#"{"a":"\ude00\ud83d"}"#.to_owned(), FormFault::Syntax),
            (r#"{"\ud83d":1}"#.to_owned(), FormFault::Syntax),
            (r#"{"a":["\ud83d"]}"#.to_owned(), FormFault::Syntax),
            ("[]".to_owned(), FormFault::NotAnObject),
            ("[".repeat(100_000), FormFault::NotAnObject),
            ("\"text\"".to_owned(), FormFault::NotAnObject),
            ("null".to_owned(), FormFault::NotAnObject),
            ("true".to_owned(), FormFault::NotAnObject),
            ("1".to_owned(), FormFault::NotAnObject),
            ("-1".to_owned(), FormFault::NotAnObject),
            ("1.5".to_owned(), FormFault::NotAnObject),
            (deep("[", "]"), FormFault::TooDeep),
            (deep("{\"b\":", "}"), FormFault::TooDeep),
            (format!("{{{}}}", many.join(",")), FormFault::TooManyFields),
            (format!("{{\"{}\":1}}", "n".repeat(129)), FormFault::NameTooLong),
        ];
        for (body, expected) in rows {
            let start: String = body.chars().take(60).collect();
            assert_eq!(read(&body), Err(expected), "{start}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused_wherever_they_stand() {
        for body in [&b"{\"a\":\"\xff\"}"[..], b"{\"\xff\":1}", b"{\"a\":[\"\xc3\"]}", b"\xff\xfe{\0}\0"] {
            assert_eq!(parse(&Bytes::from_static(body)).err(), Some(FormFault::Syntax));
        }
    }

    #[test]
    fn a_text_without_escapes_is_a_slice_of_the_body() {
        let body = Bytes::from_static(br#"{"a":"0123456789"}"#);
        let form = parse(&body).expect("an object");
        let Some(Value::Text(text)) = form.get("a") else { panic!("a text") };
        assert_eq!(text.bytes().as_ptr(), body[6..].as_ptr());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&Bytes::from(body));
        }

        #[test]
        fn any_text_comes_through(name in ".{0,30}", text in ".{0,200}") {
            let body = serde_json::json!({ name.clone(): text.clone() }).to_string();
            let form = parse(&Bytes::from(body)).expect("an object");
            let Some(Value::Text(read)) = form.get(&name) else { panic!("a text") };
            prop_assert_eq!(read.as_str(), text);
        }
    }
}

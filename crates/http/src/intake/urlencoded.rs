//! `application/x-www-form-urlencoded` as fields (WHATWG URL, section 5.1), but strict about UTF-8.

use bytes::Bytes;

use crate::intake::form::{Encoding, Form, FormFault, Text, Value};

/// Reads a body.
///
/// # Errors
/// [`FormFault`]: text that is not UTF-8 once it is decoded, or out of bounds.
pub(crate) fn parse(body: &Bytes) -> Result<Form, FormFault> {
    let mut form = Form::new(Encoding::Urlencoded, body);
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        let name = Text::new(decoded(body, name)).ok_or(FormFault::Syntax)?;
        form.admit(name.as_str())?;
        let value = Text::new(decoded(body, value)).ok_or(FormFault::Syntax)?;
        form.push(name.as_str(), Value::Text(value))?;
    }
    Ok(form)
}

/// `+` is a space and `%XX` a byte; a percent sign without two hexadecimal digits stands for itself. What holds
/// neither stays a slice of the body.
fn decoded(body: &Bytes, text: &[u8]) -> Bytes {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return body.slice_ref(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (b'+', _) => (b' ', after),
            (b'%', &[high, low, ref beyond @ ..]) => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => (high << 4 | low, beyond),
                _ => (first, after),
            },
            _ => (first, after),
        };
        out.push(byte);
        rest = after;
    }
    Bytes::from(out)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &[u8]) -> Result<Vec<(String, String)>, FormFault> {
        let form = parse(&Bytes::copy_from_slice(body))?;
        let pair = |name: &str| match form.get(name) {
            Some(Value::Text(text)) => (name.to_owned(), text.as_str().to_owned()),
            _ => panic!("every value is a text"),
        };
        Ok(form.names().map(pair).collect())
    }

    #[test]
    fn pairs_are_decoded() {
        let rows: [(&str, &[(&str, &str)]); 9] = [
            ("", &[]),
            ("a=1&b=2", &[("a", "1"), ("b", "2")]),
            ("&&a=1&", &[("a", "1")]),
            ("a", &[("a", "")]),
            ("a==&b=x=y", &[("a", "="), ("b", "x=y")]),
            ("a=SITI+NUR%20HALIZA", &[("a", "SITI NUR HALIZA")]),
            ("a=%2B%2f%3D%26", &[("a", "+/=&")]),
            ("a=%C3%A9%00", &[("a", "é\0")]),
            ("a=%&b=%4&c=%zz", &[("a", "%"), ("b", "%4"), ("c", "%zz")]),
        ];
        for (body, expected) in rows {
            let expected = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(read(body.as_bytes()), Ok(expected), "{body}");
        }
    }

    #[test]
    fn what_is_not_utf_8_or_out_of_bounds_is_refused() {
        let many = "a&".repeat(65);
        let long = "n".repeat(129);
        let rows: [(&[u8], FormFault); 5] = [
            (b"a=%FF", FormFault::Syntax),
            (b"a=\xff", FormFault::Syntax),
            (b"%C3=1", FormFault::Syntax),
            (many.as_bytes(), FormFault::TooManyFields),
            (long.as_bytes(), FormFault::NameTooLong),
        ];
        for (body, expected) in rows {
            assert_eq!(read(body), Err(expected), "{:?}", &body[..body.len().min(20)]);
        }
    }

    proptest! {
        #[test]
        fn decoding_agrees_with_the_reference_implementation(body in "[a-c%+=& é0-9A-F]{0,60}") {
            let mut expected: Vec<(String, String)> = Vec::new();
            let mut lossy = false;
            for (name, value) in form_urlencoded::parse(body.as_bytes()) {
                lossy |= name.contains('\u{fffd}') || value.contains('\u{fffd}');
                if !expected.iter().any(|(known, _)| *known == name) {
                    expected.push((name.into_owned(), value.into_owned()));
                }
            }
            prop_assert_eq!(read(body.as_bytes()), if lossy { Err(FormFault::Syntax) } else { Ok(expected) });
        }
    }
}

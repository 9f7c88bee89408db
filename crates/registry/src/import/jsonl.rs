//! People as JSON lines: one object a line, its keys the names of columns.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::columns::Column;
use super::person::{Draft, Fault, Person};
use super::reject::Reason;
use super::rows::LONGEST_ROW;
use super::source::{Parsed, Position, Source};

/// Lines of a file, in bounded memory.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    position: Position,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R, position: Position) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, reader), line: Vec::new(), position }
    }

    /// Reads the next line; `None` at the end, `false` where it is too long. The line's end is skipped in any case.
    fn read_line(&mut self) -> io::Result<Option<bool>> {
        self.line.clear();
        let mut fits = true;
        let mut any = false;
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(any.then_some(fits));
            }
            any = true;
            let end = input.iter().position(|byte| *byte == b'\n');
            let part = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
            fits = fits && self.line.len() + part.len() <= LONGEST_ROW;
            if fits {
                self.line.extend_from_slice(part);
            }
            let taken = part.len() + usize::from(end.is_some());
            self.input.consume(taken);
            self.position.offset += taken as u64;
            if end.is_some() {
                self.position.line += 1;
                return Ok(Some(fits));
            }
        }
    }
}

impl<R: Read + Send> Source for Lines<R> {
    fn next(&mut self) -> io::Result<Option<Parsed>> {
        loop {
            let line = self.position.line;
            let Some(fits) = self.read_line()? else { return Ok(None) };
            let text = self.line.trim_ascii();
            let text = text.strip_prefix("\u{feff}".as_bytes()).filter(|_| line == 1).unwrap_or(text);
            if fits && text.is_empty() {
                continue;
            }
            let person = if fits { parse(text) } else { Err((None, Reason::RowTooLong)) };
            return Ok(Some(Parsed { line, person }));
        }
    }

    fn position(&self) -> Position {
        self.position
    }

    fn has_portraits(&self) -> bool {
        true
    }

    fn requires_folder(&self) -> bool {
        false
    }
}

fn parse(line: &[u8]) -> Result<Person, Fault> {
    let mut row = Row::default();
    let mut json = serde_json::Deserializer::from_slice(line);
    let read = Object(&mut row).deserialize(&mut json).and_then(|()| json.end());
    match (row.fault, read) {
        (Some(fault), _) => Err(fault),
        (None, Err(_)) => Err((None, Reason::Json)),
        (None, Ok(())) => row.draft.finish(),
    }
}

/// What was read of an object, and the first thing wrong with it.
#[derive(Default)]
struct Row {
    draft: Draft,
    seen: Vec<Column>,
    fault: Option<Fault>,
}

impl Row {
    fn set(&mut self, column: Column, value: Result<&[u8], Reason>) {
        let twice = self.seen.contains(&column);
        self.seen.push(column);
        let taken = match value {
            _ if twice => Err((Some(column.key()), Reason::Twice)),
            Err(reason) => Err((Some(column.key()), reason)),
            Ok(value) => self.draft.set(column, value),
        };
        if let Err(fault) = taken {
            self.fault.get_or_insert(fault);
        }
    }
}

struct Object<'a>(&'a mut Row);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(column) = map.next_key_seed(Key)? {
            match column {
                Some(column) => map.next_value_seed(Value(self.0, column))?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                    self.0.fault.get_or_insert((None, Reason::UnknownKey));
                }
            }
        }
        Ok(())
    }
}

/// A key, as the column it names.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<Column>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<Column>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Column::named(key.as_bytes()))
    }
}

/// A value: a text, a whole number or null, which is as good as an empty text.
struct Value<'a>(&'a mut Row, Column);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Value<'_> {
    fn refuse(self) {
        self.0.set(self.1, Err(Reason::Type));
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.set(self.1, Ok(text.as_bytes()));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.set(self.1, Ok(number.to_string().as_bytes()));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.set(self.1, Ok(b""));
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.refuse();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        self.refuse();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.refuse();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use absah_core::field::Field;
    use proptest::prelude::*;

    use super::*;

    const NIK: &str = "3217061012870001";

    fn read(text: &[u8]) -> Vec<(u64, Result<Person, Fault>)> {
        let mut lines = Lines::new(text, Position { offset: 0, line: 1 });
        let mut read = Vec::new();
        while let Some(Parsed { line, person }) = lines.next().expect("memory reads") {
            read.push((line, person));
        }
        read
    }

    #[test]
    fn an_object_is_a_person() {
        let text = format!(
            "\u{feff}{{\"nik\": {NIK}, \"Name\": \"SITI\", \"rt\": 2, \"address\": null, \"portrait\": \"a.jpg\"}}\r\n\n\
             {{\"nik\":\"{NIK}\",\"name\":\"S\\u0049TI\"}}"
        );
        let people = read(text.as_bytes());
        assert_eq!(people.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
        let [first, second] = [0, 1].map(|at| people[at].1.as_ref().expect("a person"));
        let text = |person: &Person, field| person.record.demographics.text(field).map(str::to_owned);
        assert_eq!(text(first, Field::Name), text(second, Field::Name));
        assert_eq!(text(first, Field::Rt).as_deref(), Some("2"));
        assert_eq!((text(first, Field::Address), first.portrait.as_deref()), (None, Some("a.jpg")));
    }

    #[test]
    fn what_is_no_person_is_told() {
        let rows: [(String, Option<&str>, Reason); 12] = [
            ("[]".into(), None, Reason::Json),
            ("{".into(), None, Reason::Json),
            (format!("{{\"nik\":\"{NIK}\"}} more"), None, Reason::Json),
            ("nik,name".into(), None, Reason::Json),
            ("{}".into(), Some("nik"), Reason::NoNik),
            (format!("{{\"nik\":\"{NIK}\",\"religion\":\"x\"}}"), None, Reason::UnknownKey),
            (format!("{{\"nik\":\"{NIK}\",\"nik\":\"{NIK}\"}}"), Some("nik"), Reason::Twice),
            (format!("{{\"nik\":\"{NIK}\",\"rt\":2.5}}"), Some("rt"), Reason::Type),
            (format!("{{\"nik\":\"{NIK}\",\"rt\":-2}}"), Some("rt"), Reason::Type),
            (format!("{{\"nik\":\"{NIK}\",\"name\":[\"x\"]}}"), Some("name"), Reason::Type),
            (format!("{{\"nik\":\"{NIK}\",\"name\":{{\"x\":{{}}}}}}"), Some("name"), Reason::Type),
            (format!("{{\"nik\":\"{NIK}\",\"name\":\"a\\u0000b\"}}"), Some("name"), Reason::ControlCharacter),
        ];
        for (text, field, reason) in rows {
            let (_, fault) = read(text.as_bytes()).remove(0);
            assert_eq!(fault.err(), Some((field, reason)), "{text}");
        }
        let long = format!("{{\"name\":\"{}\"}}\n{{\"nik\":\"{NIK}\"}}", "A".repeat(10 << 20));
        let people = read(long.as_bytes());
        assert!(matches!(people[0], (1, Err((None, Reason::RowTooLong)))));
        assert!(matches!(people[1], (2, Ok(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read(&bytes);
        }

        #[test]
        fn no_text_like_json_makes_it_panic(text in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,80}") {
            read(text.as_bytes());
        }
    }
}

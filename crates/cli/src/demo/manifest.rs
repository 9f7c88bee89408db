//! `demo.json`: where the server is, who may ask, and whom to ask about.

use std::io::Write as _;
use std::path::Path;

use absah_core::field::Field;
use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use super::credentials::Granted;
use super::people::Person;
use crate::secrets;

/// The file's name within the data directory.
pub const FILE_NAME: &str = "demo.json";

/// The file's content.
pub fn of(base_url: &str, credentials: &[Granted], people: &[Person]) -> Value {
    let mut by_dialect: Map<String, Value> = Map::new();
    for Granted { environment, secrets } in credentials {
        let of_dialect = by_dialect.entry(secrets.dialect().key()).or_insert_with(|| json!({}));
        of_dialect[environment.key()] = Value::Object(secrets::to_json(secrets));
    }
    let people: Vec<Value> = people.iter().map(person).collect();
    json!({ "base_url": base_url, "credentials": by_dialect, "people": people })
}

fn person(person: &Person) -> Value {
    let mut told: Map<String, Value> = Map::new();
    told.insert("nik".to_owned(), json!(person.record.nik.expose()));
    for field in person.record.demographics.fields() {
        let value = match person.record.demographics.text(field) {
            Some(text) => json!(text),
            None => json!(person.record.demographics.date_of_birth().map(|date| date.to_string())),
        };
        debug_assert!(field == Field::DateOfBirth || value.is_string(), "every other field is a text");
        told.insert(field.key().to_owned(), value);
    }
    if let Some(pictures) = &person.pictures {
        for (name, path) in pictures.named() {
            told.insert(name.to_owned(), json!(path));
        }
    }
    Value::Object(told)
}

/// Writes the file in one step: a reader finds the old one or the new one, whole, and nobody else may read it.
pub fn write(dir: &Path, content: &Value) -> std::io::Result<()> {
    // A temporary file is made with mode 0600.
    let mut file = NamedTempFile::new_in(dir)?;
    serde_json::to_writer_pretty(&mut file, content)?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(dir.join(FILE_NAME))?;
    Ok(())
}

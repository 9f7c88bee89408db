//! What a person sees who has just started the demo: where it is, whom to ask about, and one call for every dialect.

use std::fmt::Write as _;
use std::path::Path;

use absah_core::dialect::Environment;
use absah_core::field::Field;
use absah_store::Secrets;

use super::credentials::Granted;
use super::people::Person;
use super::manifest;
use crate::commands;

/// How many people the table shows.
const SHOWN: usize = 5;

/// Prints the greeting to standard output.
pub fn print(dir: &Path, base_url: &str, credentials: &[Granted], people: &[Person]) -> std::io::Result<()> {
    let mut text = format!("absah answers at {base_url}\nall about it: {}\n", dir.join(manifest::FILE_NAME).display());
    if !people.is_empty() {
        text.push_str(&table(people));
    }
    text.push_str(&calls(dir, base_url, credentials, people));
    commands::print(text);
    Ok(())
}

fn table(people: &[Person]) -> String {
    let mut text = format!("\n{} synthetic people, the first {SHOWN} with pictures:\n", people.len());
    for person in people.iter().take(SHOWN) {
        let name = person.record.demographics.text(Field::Name).unwrap_or_default();
        let born = person.record.demographics.date_of_birth().map(|date| date.to_string()).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}  {born}  {name}", person.record.nik.expose());
    }
    text
}

fn calls(dir: &Path, base_url: &str, credentials: &[Granted], people: &[Person]) -> String {
    let environment = if people.is_empty() { Environment::Sandbox } else { Environment::Production };
    let (nik, name, born) = match people.first() {
        Some(person) => (
            person.record.nik.expose().to_owned(),
            person.record.demographics.text(Field::Name).unwrap_or_default().to_owned(),
            person.record.demographics.date_of_birth().map(|date| date.strftime("%d-%m-%Y").to_string()).unwrap_or_default(),
        ),
        None => ("1234567890123456".to_owned(), "ASEP SUPRIYADI".to_owned(), "06-07-1990".to_owned()),
    };
    let mut text = String::from("\nOne call for every dialect:\n");
    for Granted { secrets, .. } in credentials.iter().filter(|granted| granted.environment == environment) {
        let call = match secrets {
            Secrets::Kredibel { api_key } => format!(
                "curl {base_url}/v1/certificate/issuance -H 'Authorization: Bearer {api_key}' \\\n    \
                 -H 'Content-Type: application/json' -d @{}",
                body(dir, KREDIBEL_BODY)
            ),
            Secrets::Accuauth { api_id, api_secret } => format!(
                "curl {base_url}/verify/id_selfie -H 'X-DF-API-ID: {api_id}' -H 'X-DF-API-SECRET: {api_secret}' \\\n    \
                 -H 'Content-Type: application/json' -d @{}",
                body(dir, ACCUAUTH_BODY)
            ),
            Secrets::Glair { username, password, api_key } => format!(
                "curl {base_url}/identity/v1/verification -u {username}:{password} -H 'x-api-key: {api_key}' \\\n    \
                 -F nik={nik} -F 'name={name}' -F date_of_birth={born}"
            ),
        };
        let _ = writeln!(text, "\n  {call}");
    }
    text
}

/// Bodies that are too long for a command line stand in files.
pub const KREDIBEL_BODY: &str = "kredibel.json";
/// See [`KREDIBEL_BODY`].
pub const ACCUAUTH_BODY: &str = "accuauth.json";

fn body(dir: &Path, name: &str) -> String {
    dir.join(super::pictures::FOLDER).join(name).display().to_string()
}

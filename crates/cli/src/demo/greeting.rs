//! What a person sees who has just started the demo: where it is, whom to ask about, and one call for every dialect.

use std::fmt::Write as _;
use std::path::Path;

use absah_core::dialect::Environment;
use absah_core::field::Field;
use absah_store::Secrets;

use super::credentials::Granted;
use super::manifest;
use super::people::Person;
use crate::commands;

/// How many people the table shows.
const SHOWN: usize = 5;

/// Prints the greeting to standard output.
pub fn print(dir: &Path, base_url: &str, kredibel_prefix: &str, credentials: &[Granted], people: &[Person]) {
    let mut text =
        format!("absah answers at {base_url}\nall about it: {}\n", dir.join(manifest::FILE_NAME).display());
    if !people.is_empty() {
        text.push_str(&table(people));
    }
    text.push_str("\nOne call for every dialect:\n");
    let environment = if people.is_empty() { Environment::Sandbox } else { Environment::Production };
    let asked = Asked::about(people.first());
    for Granted { secrets, .. } in credentials.iter().filter(|granted| granted.environment == environment) {
        text.push_str("\n  ");
        text.push_str(&asked.call(base_url, kredibel_prefix, secrets));
        text.push('\n');
    }
    commands::print(text);
}

fn table(people: &[Person]) -> String {
    let mut text = format!("\n{} synthetic people, the first {SHOWN} with pictures:\n", people.len());
    for person in people.iter().take(SHOWN) {
        let Asked { nik, name, born, .. } = Asked::about(Some(person));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {nik}  {born}  {name}");
    }
    text
}

/// Whom the calls ask about, and what stands where a picture's base64 goes.
struct Asked {
    nik: String,
    name: String,
    born: jiff::civil::Date,
    /// Selfie, card, and both again in their small renditions, as a shell puts them into the call.
    pictures: [String; 4],
}

impl Asked {
    /// Somebody with pictures; else as the sandbox, which looks at none, is asked.
    fn about(person: Option<&Person>) -> Self {
        let placeholder = || "'<base64>'".to_owned();
        let Some(Person { record, pictures }) = person else {
            return Self {
                nik: "1234567890123456".to_owned(),
                name: "ASEP SUPRIYADI".to_owned(),
                born: jiff::civil::date(1990, 7, 6),
                pictures: std::array::from_fn(|_| placeholder()),
            };
        };
        let encoded = |path: &Path| format!("\"$(base64 -w0 {})\"", quoted(&path.display().to_string()));
        Self {
            nik: record.nik.expose().to_owned(),
            name: record.demographics.text(Field::Name).unwrap_or_default().to_owned(),
            born: record.demographics.date_of_birth().unwrap_or_default(),
            pictures: pictures.as_ref().map_or_else(
                || std::array::from_fn(|_| placeholder()),
                |paths| {
                    [&paths.selfie, &paths.card, &paths.selfie_small, &paths.card_small]
                        .map(|path| encoded(path))
                },
            ),
        }
    }

    fn call(&self, base_url: &str, kredibel_prefix: &str, secrets: &Secrets) -> String {
        let kredibel_prefix = kredibel_prefix.trim_end_matches('/');
        let Self { nik, name, born, pictures: [selfie, card, selfie_small, card_small] } = self;
        match secrets {
            Secrets::Kredibel { api_key } => format!(
                r#"printf '{{"identityId":"{nik}","fullName":"{name}","birthDate":"{born}","emailAddress":"test@email.com","phoneNumber":"621234567890","faceImage":"%s","identityImage":"%s"}}' {selfie} {card} |
    curl {base_url}{kredibel_prefix}/v1/certificate/issuance -H 'Authorization: Bearer {api_key}' -H 'Content-Type: application/json' -d @-"#
            ),
            Secrets::Accuauth { api_id, api_secret } => format!(
                r#"printf '{{"id_number":"{nik}","name":"{name}","birth_date":"{born}","face_image":"%s","ktp_image":"%s"}}' {selfie_small} {card_small} |
    curl {base_url}/verify/id_selfie -H 'X-DF-API-ID: {api_id}' -H 'X-DF-API-SECRET: {api_secret}' -H 'Content-Type: application/json' -d @-"#
            ),
            Secrets::Glair { username, password, api_key } => format!(
                "curl {base_url}/identity/v1/verification -u {username}:{password} -H 'x-api-key: {api_key}' \\\n    \
                 -F nik={nik} -F 'name={name}' -F date_of_birth={}",
                born.strftime("%d-%m-%Y")
            ),
        }
    }
}

/// A word of a shell's command line, whatever is in it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

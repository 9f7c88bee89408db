//! `demo.json`: where the demo listens, what opens it, and who lives in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoFile {
    pub base_url: String,
    pub credentials: Credentials,
    pub people: Vec<Person>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub kredibel: Pair<Kredibel>,
    pub accuauth: Pair<Accuauth>,
    pub glair: Pair<Glair>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair<T> {
    pub sandbox: T,
    pub production: T,
}

/// Also the form `absah credential create --json` prints, beside other keys.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Kredibel {
    pub api_key: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Accuauth {
    pub api_id: String,
    pub api_secret: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Glair {
    pub username: String,
    pub password: String,
    pub api_key: String,
}

/// A synthetic resident; pictures for the first five only.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Person {
    pub nik: String,
    pub name: String,
    /// ISO 8601.
    pub date_of_birth: String,
    pub portrait: Option<PathBuf>,
    pub selfie: Option<PathBuf>,
    pub card: Option<PathBuf>,
    pub selfie_small: Option<PathBuf>,
    pub card_small: Option<PathBuf>,
    /// The other fields, under GLAIR's names.
    #[serde(flatten)]
    pub others: BTreeMap<String, String>,
}

impl DemoFile {
    /// The file of a data directory.
    pub fn read(data_dir: &Path) -> Self {
        let text = std::fs::read_to_string(data_dir.join("demo.json")).expect("demo.json");
        serde_json::from_str(&text).expect("demo.json has its documented form")
    }

    /// The five people with pictures.
    pub fn pictured(&self) -> &[Person] {
        &self.people[..5]
    }

    /// Somebody the registry holds no portrait of.
    pub fn faceless(&self) -> &Person {
        &self.people[5]
    }

    /// Every secret in the file.
    pub fn secrets(&self) -> Vec<&str> {
        let Credentials { kredibel, accuauth, glair } = &self.credentials;
        let mut secrets = Vec::new();
        for Kredibel { api_key } in [&kredibel.sandbox, &kredibel.production] {
            secrets.push(api_key.as_str());
        }
        for Accuauth { api_id, api_secret } in [&accuauth.sandbox, &accuauth.production] {
            secrets.extend([api_id.as_str(), api_secret]);
        }
        for Glair { username, password, api_key } in [&glair.sandbox, &glair.production] {
            secrets.extend([username.as_str(), password, api_key]);
        }
        secrets
    }
}

impl Person {
    /// The date of birth as GLAIR takes it, dd-mm-yyyy.
    pub fn date_of_birth_dmy(&self) -> String {
        let mut parts: Vec<_> = self.date_of_birth.split('-').collect();
        parts.reverse();
        parts.join("-")
    }

    /// A phone number nobody else in the demo uses.
    pub fn phone(&self) -> String {
        format!("628{}", &self.nik[6..16])
    }

    /// An email address nobody else in the demo uses.
    pub fn email(&self) -> String {
        format!("warga.{}@contoh.example", &self.nik[6..16])
    }

    /// One of the person's pictures.
    pub fn picture(path: Option<&PathBuf>) -> Vec<u8> {
        let path = path.expect("one of the five people with pictures");
        std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

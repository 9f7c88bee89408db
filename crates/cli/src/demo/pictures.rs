//! Picture files of the demo, and the bodies of its calls.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use absah_core::field::Field;
use absah_vision::admission::{self, PictureBounds};
use absah_vision::specimen::{self, CardText};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::cast::{Member, Photographs};
use super::greeting::{ACCUAUTH_BODY, KREDIBEL_BODY};
use super::people::Person;
use crate::vision::Vision;

/// The folder within the data directory.
pub const FOLDER: &str = "demo";

/// Where a person's pictures are; absolute.
#[derive(Clone)]
pub struct PicturePaths {
    portrait: PathBuf,
    selfie: PathBuf,
    selfie_small: PathBuf,
    card: PathBuf,
    card_small: PathBuf,
}

impl PicturePaths {
    /// Each path with its name in `demo.json`.
    pub fn named(&self) -> [(&'static str, &Path); 5] {
        [
            ("portrait", &self.portrait),
            ("selfie", &self.selfie),
            ("card", &self.card),
            ("selfie_small", &self.selfie_small),
            ("card_small", &self.card_small),
        ]
    }
}

/// Writes what is missing of a person's pictures; the card is drawn.
pub async fn write(dir: &Path, member: &Member, vision: &Vision) -> Result<PicturePaths, Box<dyn Error>> {
    let folder = dir.join(FOLDER).join(&member.name);
    std::fs::create_dir_all(&folder)?;
    let at = |name: &str| folder.join(name);
    let paths = PicturePaths {
        portrait: at("portrait.jpg"),
        selfie: at("selfie.jpg"),
        selfie_small: at("selfie_small.jpg"),
        card: at("card.jpg"),
        card_small: at("card_small.jpg"),
    };
    let Photographs { portrait, selfie, selfie_small } = member.photographs;
    for (path, bytes) in [(&paths.portrait, portrait), (&paths.selfie, selfie), (&paths.selfie_small, selfie_small)] {
        write_missing(path, || Ok(bytes.to_vec()))?;
    }
    if !(paths.card.exists() && paths.card_small.exists()) {
        let card = draw(member, vision).await?;
        write_missing(&paths.card, || Ok(card.card))?;
        write_missing(&paths.card_small, || Ok(card.card_small))?;
    }
    Ok(paths)
}

async fn draw(member: &Member, vision: &Vision) -> Result<specimen::SpecimenCard, Box<dyn Error>> {
    let text = CardText::of_record(&member.record, &member.print())?;
    let (portrait, budget) = (member.photographs.portrait, vision.budget());
    let bounds = PictureBounds { min_bytes: 0, max_bytes: portrait.len(), min_sides: None };
    let workers = vision.workers();
    let drawn = workers.run(move |_| {
        let portrait = admission::admit(portrait, &bounds, &budget).map_err(|error| error.to_string())?;
        specimen::card(&text, &portrait).map_err(|error| error.to_string())
    });
    Ok(drawn.await??)
}

/// Writes a file in one step, unless it is there.
fn write_missing(path: &Path, bytes: impl FnOnce() -> std::io::Result<Vec<u8>>) -> std::io::Result<()> {
    if path.exists() { Ok(()) } else { replace(path, &bytes()?) }
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Writes the bodies of the greeting's calls: about one person, or, where there is none, as the sandbox takes them.
pub fn write_bodies(dir: &Path, person: Option<&Person>) -> std::io::Result<()> {
    let folder = dir.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let (kredibel, accuauth) = match person {
        Some(Person { record, pictures: Some(pictures) }) => {
            let encoded = |path: &Path| Ok::<_, std::io::Error>(BASE64_STANDARD.encode(std::fs::read(path)?));
            let name = record.demographics.text(Field::Name).unwrap_or_default();
            let born = record.demographics.date_of_birth().map(|date| date.to_string()).unwrap_or_default();
            let (kredibel, accuauth) = bodies(record.nik.expose(), name, &born);
            (
                with(kredibel, "faceImage", "identityImage", encoded(&pictures.selfie)?, encoded(&pictures.card)?),
                with(accuauth, "face_image", "ktp_image", encoded(&pictures.selfie_small)?, encoded(&pictures.card_small)?),
            )
        }
        _ => {
            let (kredibel, accuauth) = bodies("1234567890123456", "ASEP SUPRIYADI", "1990-07-06");
            let picture = || "<base64>".to_owned();
            (
                with(kredibel, "faceImage", "identityImage", picture(), picture()),
                with(accuauth, "face_image", "ktp_image", picture(), picture()),
            )
        }
    };
    replace(&folder.join(KREDIBEL_BODY), kredibel.to_string().as_bytes())?;
    replace(&folder.join(ACCUAUTH_BODY), accuauth.to_string().as_bytes())
}

fn bodies(nik: &str, name: &str, born: &str) -> (Value, Value) {
    let kredibel = json!({
        "identityId": nik, "fullName": name, "birthDate": born,
        "emailAddress": "test@email.com", "phoneNumber": "621234567890",
    });
    (kredibel, json!({ "id_number": nik, "name": name, "birth_date": born }))
}

fn with(mut body: Value, face: &str, card: &str, face_picture: String, card_picture: String) -> Value {
    body[face] = Value::from(face_picture);
    body[card] = Value::from(card_picture);
    body
}

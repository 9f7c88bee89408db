//! Picture files of the demo.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use absah_vision::admission::{self, PictureBounds};
use absah_vision::specimen::{self, CardText};
use tempfile::NamedTempFile;

use super::cast::{Member, Photographs};
use crate::vision::Vision;

/// The folder within the data directory.
const FOLDER: &str = "demo";

/// Where a person's pictures are; absolute.
#[derive(Clone)]
pub struct PicturePaths {
    pub portrait: PathBuf,
    pub selfie: PathBuf,
    pub selfie_small: PathBuf,
    pub card: PathBuf,
    pub card_small: PathBuf,
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
    for (path, bytes) in
        [(&paths.portrait, portrait), (&paths.selfie, selfie), (&paths.selfie_small, selfie_small)]
    {
        write_missing(path, bytes)?;
    }
    if !(paths.card.exists() && paths.card_small.exists()) {
        let card = draw(member, vision).await?;
        write_missing(&paths.card, &card.card)?;
        write_missing(&paths.card_small, &card.card_small)?;
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
fn write_missing(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

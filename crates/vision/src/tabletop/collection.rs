//! A folder of cards with the manifest that says what is printed on each.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::Shot;
use crate::crew::{self, Done, Progress};
use crate::dice::Dice;
use crate::picture::Picture;
use crate::specimen::{self, CARD_WIDTH, CardStyle, CardText, SpecimenError};

/// A portrait that cards may carry.
#[derive(Debug, Clone)]
pub struct Portrait {
    /// Its name in the manifest, by which its licence can be looked up.
    pub name: String,
    /// The photograph.
    pub picture: Picture,
}

/// What is made.
#[derive(Debug)]
pub struct Collection {
    /// The cards' texts, each with the place of its portrait in [`Collection::portraits`].
    pub cards: Vec<(CardText, usize)>,
    /// The portraits, each used in many variations.
    pub portraits: Vec<Portrait>,
    /// Everything but the texts follows from it.
    pub seed: u64,
    /// Whether the cards are left as drawn, without a photograph.
    pub flat: bool,
}

/// Why a collection could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// A file or folder could not be written.
    #[error("{} cannot be written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A card could not be drawn.
    #[error("a card cannot be drawn")]
    Specimen(#[from] SpecimenError),
    /// A picture could not be encoded.
    #[error("a picture could not be encoded")]
    Encoding(#[from] image::ImageError),
    /// The manifest could not be written.
    #[error("the manifest could not be written")]
    Manifest(#[from] csv::Error),
    /// A card names a portrait that is not there.
    #[error("a card has no portrait")]
    NoPortrait,
}

/// Columns of the manifest beside the twenty fields of [`CardText::fields`].
const BESIDE: [&str; 5] = ["condition", "ground", "turn", "corners", "portrait"];

/// What the manifest says of a card beside its text, in the order of [`BESIDE`].
type Beside = [String; 5];

/// A picture's path below the folder, and what is said of it.
type Row = (String, Beside);

/// Draws every card, photographs it unless the collection is flat, and writes pictures and `manifest.csv` below `out`.
/// The n-th picture depends on its card and the seed alone.
///
/// # Errors
/// [`CollectionError`].
pub fn collect(
    collection: &Collection,
    out: &Path,
    jobs: usize,
    progress: Progress,
) -> Result<(), CollectionError> {
    fs::create_dir_all(out).map_err(|source| CollectionError::File { path: out.into(), source })?;
    let numbered: Vec<usize> = (0..collection.cards.len()).collect();
    let Done { results, .. } =
        crew::each_with(|| Ok(()), &numbered, jobs, progress, |(), index| one(collection, *index, out))?;
    write_manifest(&out.join("manifest.csv"), collection, &results)
}

/// One card.
fn one(collection: &Collection, index: usize, out: &Path) -> Result<Row, CollectionError> {
    let (text, portrait) = collection.cards.get(index).ok_or(CollectionError::NoPortrait)?;
    let portrait = collection.portraits.get(*portrait).ok_or(CollectionError::NoPortrait)?;
    let name = format!("card-{:05}", index + 1);
    let mut dice = Dice::new(collection.seed, &format!("{name}/print"));
    let style = CardStyle::choose(&mut dice);
    let picture = specimen::varied(&portrait.picture, &mut dice);
    let drawn = |width| specimen::draw_as(text, &style, &picture, width);
    let (path, bytes, beside) = if collection.flat {
        let drawn = drawn(CARD_WIDTH)?;
        let (right, low) = (drawn.width() as f32, drawn.height() as f32);
        let corners = corners(&[(0.0, 0.0), (right, 0.0), (right, low), (0.0, low)]);
        let beside = ["flat".into(), String::new(), "0.0".into(), corners, portrait.name.clone()];
        (format!("{name}.png"), png(&drawn)?, beside)
    } else {
        let shot = Shot::choose(collection.seed, &name);
        let drawn = drawn(shot.card_width())?;
        let taken = shot.take(&drawn)?;
        let conditions: Vec<_> = taken.conditions.iter().map(|condition| condition.key()).collect();
        let condition = if conditions.is_empty() { "plain".into() } else { conditions.join("+") };
        let turn = format!("{:.1}", taken.turn);
        let beside = [condition, taken.ground.into(), turn, corners(&taken.corners), portrait.name.clone()];
        (format!("{name}.jpg"), taken.jpeg, beside)
    };
    let file = out.join(&path);
    fs::write(&file, bytes).map_err(|source| CollectionError::File { path: file, source })?;
    Ok((path, beside))
}

fn corners(corners: &[(f32, f32); 4]) -> String {
    corners.map(|(x, y)| format!("{x:.1},{y:.1}")).join(" ")
}

fn png(picture: &Picture) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive).write_image(
        picture.rgb(),
        picture.width(),
        picture.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

fn write_manifest(path: &Path, collection: &Collection, rows: &[Row]) -> Result<(), CollectionError> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_field("path")?;
    writer.write_record(CardText::FIELDS.into_iter().chain(BESIDE))?;
    for ((path, beside), (text, _)) in rows.iter().zip(&collection.cards) {
        writer.write_field(path)?;
        writer.write_record(text.fields().into_iter().chain(beside.iter().map(String::as_str)))?;
    }
    writer.flush().map_err(|source| CollectionError::File { path: path.into(), source })
}

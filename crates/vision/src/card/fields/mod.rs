//! Fields: which text is whose value, what it stands for, and what the fields say of each other.

mod checks;
mod decode;
mod digits;
mod field;
mod labels;
mod layout;
mod values;
mod words;

use std::collections::BTreeMap;

pub use self::field::CardField;
use self::layout::{Layout, ReadLine};
use super::emissions::Emissions;
use super::quad::Quad;
use crate::runtime::ModelError;

/// A field that was read. Masked in `Debug`: it is personal data.
#[derive(Clone, PartialEq)]
pub struct FieldReading {
    /// As it was read.
    pub text: String,
    /// What it stands for: dates as dd-mm-yyyy, RT and RW with three digits, words of a list as the list has them.
    pub value: String,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
    /// Where it stands.
    pub quad: Quad,
    /// What was changed between text and value, and why.
    pub repaired: Vec<Repair>,
}

/// A character that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repair {
    /// The place in the value, from 0; `None` where more than a character changed.
    pub place: Option<usize>,
    /// Why.
    pub reason: RepairReason,
}

/// Why a character was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairReason {
    /// A letter stood where only a digit can stand.
    DigitReadAsLetter,
    /// One digit made the number disagree with the printed date or sex, and one correction makes them agree.
    DisagreedWithDate,
    /// One digit made the date disagree with the number.
    DisagreedWithNumber,
    /// It was read as a word that is nearly this one of a list.
    NearestWord,
}

impl RepairReason {
    /// Its name in JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::DigitReadAsLetter => "digit_read_as_letter",
            Self::DisagreedWithDate => "disagreed_with_date",
            Self::DisagreedWithNumber => "disagreed_with_number",
            Self::NearestWord => "nearest_word",
        }
    }
}

impl std::fmt::Debug for FieldReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FieldReading({:.2}, <private>)", self.confidence)
    }
}

/// The word of a field's list that a text stands for, however it is spelled; the text itself where the field has no list
/// or it is no word of it.
pub fn canonical(field: CardField, text: &str) -> String {
    let known = match field {
        CardField::Gender => words::GENDERS,
        CardField::Religion => words::RELIGIONS,
        CardField::MaritalStatus => words::MARITAL_STATUSES,
        CardField::ValidUntil => words::FOR_LIFE,
        CardField::JobType => {
            return absah_core::coded::JobType::parse(text)
                .map_or_else(|| text.to_owned(), |job| job.name().to_owned());
        }
        _ => return text.to_owned(),
    };
    let exact = words::nearest(text, known).filter(|found| found.likeness > 0.999);
    exact.map_or_else(|| text.to_owned(), |found| found.value.to_owned())
}

/// The fields that were read.
pub type Fields = BTreeMap<CardField, FieldReading>;

/// The lines of an upright card with the labels found among them.
pub(super) struct Page {
    lines: Vec<ReadLine>,
    layout: Layout,
}

impl Page {
    /// Assigns what was read on a card of `width` x `height` pixels.
    pub(super) fn of(lines: Vec<(Quad, Emissions)>, width: u32, height: u32) -> Self {
        let height = height as f32;
        // Stamps across the card and specks are no lines of it.
        let fits = |quad: &Quad| {
            let [left, right, ..] = quad.corners;
            let slant = (right.y - left.y).abs() / (right.x - left.x).abs().max(1.0);
            quad.height() < 0.16 * height && slant < 0.3
        };
        let lines: Vec<ReadLine> = lines
            .into_iter()
            .filter(|(quad, _)| fits(quad))
            .map(|(quad, emissions)| ReadLine::new(quad, emissions))
            .collect();
        let layout = Layout::of(&lines, width as f32, height);
        Self { lines, layout }
    }

    /// How many labels were found: what speaks for a card, and for having it the right way up.
    pub(super) fn labels(&self) -> usize {
        self.layout.labels
    }

    /// Reads the values; `finer` reads a line again.
    pub(super) fn fields(
        &self,
        finer: &mut dyn FnMut(&Quad) -> Result<Option<Emissions>, ModelError>,
    ) -> Result<Fields, ModelError> {
        values::read(&self.lines, &self.layout, finer)
    }
}

//! Fields: which text is whose value, what it stands for, and what the fields say of each other.

mod agreement;
mod blood_type;
mod characters;
mod checks;
mod decode;
mod digits;
mod field;
mod labels;
mod layout;
mod read_line;
mod rows;
mod segments;
#[cfg(test)]
mod tests;
mod values;
mod words;

use std::collections::BTreeMap;

pub use self::decode::Again;
pub use self::field::CardField;
use self::labels::Label;
use self::layout::Layout;
pub use self::read_line::ReadLine;
use self::words::Nearest;
use super::quad::Quad;
use crate::runtime::ModelError;

/// A field that was read. Masked in `Debug`: it is personal data.
#[derive(Clone, PartialEq)]
pub struct FieldReading {
    /// As it was seen, letters that stand for digits among them.
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

impl Repair {
    /// A change of more than a character.
    const fn of_whole(reason: RepairReason) -> Self {
        Self { place: None, reason }
    }
}

/// Why a character was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairReason {
    /// A letter stood where only a digit can stand.
    DigitReadAsLetter,
    /// A digit stood where only a letter can stand.
    LetterReadAsDigit,
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
            Self::LetterReadAsDigit => "letter_read_as_digit",
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
    let exact = words::nearest(text, known).filter(Nearest::is_exact);
    exact.map_or_else(|| text.to_owned(), |found| found.value.to_owned())
}

/// The fields that were read.
pub type Fields = BTreeMap<CardField, FieldReading>;

/// How many labels a card has.
pub(super) const MOST_LABELS: usize = Label::COUNT;

/// So many labels make a card, if one of them is the number's; without it so many more, since forms have names and
/// addresses too.
pub(super) const LABELS_OF_A_CARD: usize = 4;
const LABELS_WITHOUT_NUMBER: usize = 7;

/// The lines of an upright card with the labels found among them.
pub struct Page {
    lines: Vec<ReadLine>,
    layout: Layout,
}

impl Page {
    /// Assigns what was read on a card of `width` x `height` pixels.
    pub fn of(mut lines: Vec<ReadLine>, width: u32, height: u32) -> Self {
        let height = height as f32;
        // Stamps across the card and specks are no lines of it.
        let fits = |quad: &Quad| quad.height() < 0.16 * height && quad.slope().abs() < 0.3;
        lines.retain(|line| fits(&line.quad) && !words::is_stamp(&line.reading.text()));
        ReadLine::level(&mut lines, width as f32);
        let layout = Layout::of(&lines, width as f32, height);
        Self { lines, layout }
    }

    /// How many labels were found: what speaks for a card, and for having it the right way up.
    pub fn labels(&self) -> usize {
        self.layout.labels
    }

    /// Whether there is a card at all.
    pub fn is_card(&self) -> bool {
        let least = if self.layout.has_number { LABELS_OF_A_CARD } else { LABELS_WITHOUT_NUMBER };
        self.layout.labels >= least
    }

    /// Reads the values; `again` reads a line again.
    ///
    /// # Errors
    /// `again` failed.
    pub fn fields(&self, again: &mut Again<'_>) -> Result<Fields, ModelError> {
        values::read(&self.lines, &self.layout, again)
    }
}

//! The blood type: a letter or two, or a dash, behind a label of its own in the middle of the card.

use super::super::emissions::{Emissions, Glyph, Reading};
use super::characters::in_blood_type;
use super::labels::{Key, Label};

/// The confidence of a dash that no recogniser reads and that is told by its ink.
const DASH: f32 = 0.7;

/// The blood type behind its label; `None` where the label is not read. A dash is told by its ink: to a recogniser it is
/// nothing.
pub(super) fn behind_label(read: &Emissions) -> Option<Reading> {
    let line = read.best(0..read.steps(), &read.alphabet().zone(Some));
    let label = Label::BloodType.anywhere(&Key::of(&line))?;
    let mut behind = line.glyphs.iter().skip(label.last_glyph + 1);
    let colon = behind.find(|glyph| !" ;:.".contains(glyph.character)).map(|glyph| glyph.step);
    let last_mark = line
        .glyphs
        .iter()
        .skip(label.last_glyph)
        .take_while(|glyph| colon.is_none_or(|first| glyph.step < first));
    let from = last_mark.last()?.step + 1;
    let reading = read.best(from..read.steps(), &read.alphabet().zone(in_blood_type));
    if reading.glyphs.is_empty() && read.is_dash(from..read.steps()) {
        let dash = Glyph { character: '-', seen: '-', step: from, confidence: DASH };
        return Some(Reading { glyphs: vec![dash] });
    }
    Some(reading)
}

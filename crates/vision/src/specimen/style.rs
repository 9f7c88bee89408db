//! How cards differ in print: wording of labels, weight of the type, colour of the ground.

use crate::dice::Dice;

/// A card's print. The default is the plain one, which the demo's cards have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardStyle {
    pub(super) gender_label: &'static str,
    pub(super) blood_label: &'static str,
    pub(super) village_label: &'static str,
    pub(super) bold: bool,
    /// Colours of the ground from corner to corner.
    pub(super) ground: [&'static str; 3],
}

/// Wordings that are met.
const GENDER_LABELS: [&str; 2] = ["Jenis kelamin", "Jenis Kelamin"];
const BLOOD_LABELS: [&str; 3] = ["Gol. Darah :", "Gol Darah :", "Gol.Darah :"];
const VILLAGE_LABELS: [&str; 2] = ["Kel/Desa", "Kel/Des"];

/// New, worn and sun-bleached blue.
const GROUNDS: [[&str; 3]; 4] = [
    ["#d3e9f6", "#b4daf0", "#9fcbe8"],
    ["#cfe6f0", "#a9d3ea", "#8fc0e2"],
    ["#e0eef3", "#c8e0ea", "#b5d2de"],
    ["#d6ebee", "#b6dde6", "#a2cbe0"],
];

impl Default for CardStyle {
    fn default() -> Self {
        let [gender_label, ..] = GENDER_LABELS;
        let [blood_label, ..] = BLOOD_LABELS;
        let [village_label, ..] = VILLAGE_LABELS;
        let [ground, ..] = GROUNDS;
        Self { gender_label, blood_label, village_label, bold: false, ground }
    }
}

impl CardStyle {
    /// One of those that are met, the commonest wording first.
    pub fn choose(dice: &mut Dice) -> Self {
        let plain = Self::default();
        let mut pick = |list: &[&'static str], first: &'static str| {
            if dice.happens(0.5) { first } else { list.get(dice.below(list.len())).copied().unwrap_or(first) }
        };
        let (gender_label, blood_label, village_label) = (
            pick(&GENDER_LABELS, plain.gender_label),
            pick(&BLOOD_LABELS, plain.blood_label),
            pick(&VILLAGE_LABELS, plain.village_label),
        );
        let ground = GROUNDS.get(dice.below(GROUNDS.len())).copied().unwrap_or(plain.ground);
        Self { gender_label, blood_label, village_label, bold: dice.happens(0.25), ground }
    }
}

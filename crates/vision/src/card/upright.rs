//! Which of its long sides is the card's top, by the portrait.

use super::rectify::Rectified;
use crate::face::{DetectorSettings, Face, Pass};
use crate::picture::{Picture, Turn};
use crate::runtime::{Bench, ModelError};

/// One look that shows a portrait about 110 pixels wide. Portraits are small beside selfies, and seldom sharp.
const LOOK: DetectorSettings = DetectorSettings {
    passes: &[Pass { side: 512, margin: 0.0 }],
    least_score: 0.5,
    refine_below: 0.0,
    ..DetectorSettings::DEFAULT
};

/// Where a portrait's face is: right of this share of the card's width, and of at most this share of its height.
const RIGHT_OF: f32 = 0.6;
const HIGHEST: f32 = 0.6;

/// Which way up a card is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PortraitTurn {
    /// How often the corners have to be moved on for the card to be upright (see [`super::Quad::turned`]): 0 or 2.
    pub quarters: usize,
    /// How much surer the face that way up is than the other way up, 0 to 1; 0 where there is no face either way.
    pub confidence: f32,
}

impl Bench {
    /// Which way up a card is, by an upright face on its right. A prior for what reads the text: portraits may be hidden,
    /// and faint ones look like a face either way.
    ///
    /// # Errors
    /// The detector failed, or is not loaded.
    pub fn upright_by_portrait(&mut self, card: &Rectified) -> Result<PortraitTurn, ModelError> {
        let as_it_is = self.portrait(card.picture())?;
        let turned = self.portrait(&card.picture().turned(Turn::Half))?;
        let quarters = if turned > as_it_is { 2 } else { 0 };
        Ok(PortraitTurn { quarters, confidence: (turned - as_it_is).abs() })
    }

    /// The confidence of the surest face where a portrait is; 0 without one.
    fn portrait(&mut self, card: &Picture) -> Result<f32, ModelError> {
        let faces = self.detect_with(card, &LOOK)?;
        let is_portrait = |face: &&Face| {
            face.bounds.centre().x > RIGHT_OF * card.width() as f32
                && face.bounds.height < HIGHEST * card.height() as f32
        };
        Ok(faces.iter().filter(is_portrait).map(|face| face.score).fold(0.0, f32::max))
    }
}

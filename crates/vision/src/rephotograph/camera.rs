//! The cameras that presentations are captured with.

use super::Condition;
use crate::dice::Dice;
use crate::picture::Picture;
use crate::simulation::{Camera, Exposure};

/// Sides of front cameras' pictures as they are sent.
const SIDES: [(usize, usize); 4] = [(640, 480), (480, 640), (600, 800), (720, 960)];

impl Camera {
    pub(super) fn choose(condition: Condition, dice: &mut Dice) -> Self {
        let (width, height) = SIDES.get(dice.below(SIDES.len())).copied().unwrap_or((640, 480));
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let dim = condition == Condition::Dim;
        let quality = between(70.0, 94.0) as u8;
        let again = between(30.0, 50.0) as u8;
        Self {
            width,
            height,
            blur: between(0.4, 1.2),
            exposure: Exposure::Middle(if dim { between(0.03, 0.07) } else { between(0.16, 0.3) }),
            balance: (between(0.9, 1.12), between(0.88, 1.12)),
            shot: if dim { between(0.02, 0.05) } else { between(0.004, 0.02) },
            read: if dim { between(0.003, 0.008) } else { between(0.001, 0.003) },
            sharpening: between(0.0, 0.6),
            qualities: if condition == Condition::Recompressed {
                vec![quality, again]
            } else {
                vec![quality]
            },
        }
    }

    /// The same camera with a picture's own sides, smaller where it stands afar.
    pub(super) fn with_sides(mut self, picture: &Picture, condition: Condition) -> Self {
        let share = if condition == Condition::Far { 0.5 } else { 1.0 };
        let side = |pixels: u32| ((pixels as f32 * share) as usize).max(1);
        (self.width, self.height) = (side(picture.width()), side(picture.height()));
        self
    }
}

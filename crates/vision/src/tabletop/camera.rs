//! The phones that cards are photographed with.

use super::condition::{Condition, Plan};
use super::pose::Pose;
use crate::dice::Dice;
use crate::simulation::{Camera, Exposure};

/// Height of the lettering as a share of the card's width: capitals are 0.72 of the type's size.
const LETTERING: f32 = 0.72 * 0.035 * 53.98 / 85.60;

/// A phone and how it is held.
pub(super) struct Phone {
    pub(super) camera: Camera,
    /// How far the picture moves during the exposure, in pixels to the right and downwards.
    pub(super) motion: (f32, f32),
}

impl Phone {
    /// Blur is measured by the lettering: what is out of focus or moved stays legible at every size.
    pub(super) fn choose(plan: &Plan, pose: &Pose, dice: &mut Dice) -> Self {
        let lettering = LETTERING * pose.long_side();
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let dim = plan.has(Condition::Dim);
        let blur = if plan.has(Condition::Focus) {
            lettering * between(0.08, 0.13) * plan.strength
        } else {
            (lettering * between(0.02, 0.05)).max(0.35)
        };
        let motion = if plan.has(Condition::Motion) {
            let (length, angle) =
                (lettering * between(0.2, 0.36) * plan.strength, between(0.0, std::f32::consts::TAU));
            (length * angle.cos(), length * angle.sin())
        } else {
            (0.0, 0.0)
        };
        let quality = between(74.0, 95.0) as u8;
        let again = between(42.0, 62.0) as u8;
        let camera = Camera {
            width: pose.width,
            height: pose.height,
            blur,
            // A card's ground gives back about 0.65 of the light.
            exposure: Exposure::Gain(if dim { between(0.13, 0.28) } else { between(0.7, 1.15) }),
            balance: (between(0.88, 1.14), between(0.85, 1.12)),
            shot: if dim { between(0.012, 0.03) } else { between(0.003, 0.012) },
            read: if dim { between(0.002, 0.005) } else { between(0.001, 0.003) },
            sharpening: between(0.0, 0.7),
            qualities: if plan.has(Condition::Recompressed) { vec![quality, again] } else { vec![quality] },
        };
        Self { camera, motion }
    }
}

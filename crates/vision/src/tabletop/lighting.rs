//! Where light falls on the table: its slope, shadows, and lamps mirrored in the card.

use super::condition::{Condition, Plan};
use crate::dice::Dice;
use crate::simulation::Light;

/// The light over the table. Places are in millimetres from the card's middle.
#[derive(Debug, Clone)]
pub(super) struct Lighting {
    /// Change of light per millimetre to the right and downwards.
    slope: (f32, f32),
    shadow: Option<Shadow>,
    /// Lamps that the card mirrors.
    lamps: Vec<Lamp>,
}

/// The shadow of something large: all beyond a soft line.
#[derive(Debug, Clone, Copy)]
struct Shadow {
    /// Which way it lies, of length 1.
    towards: (f32, f32),
    /// Where it begins, and over how many millimetres.
    begins: f32,
    soft: f32,
    /// Share of light it takes.
    takes: f32,
    /// How it is bent, per millimetre.
    bend: f32,
}

/// A mirrored lamp.
#[derive(Debug, Clone, Copy)]
struct Lamp {
    centre: (f32, f32),
    half: (f32, f32),
    turn: (f32, f32),
    light: f32,
}

impl Lighting {
    pub(super) fn choose(plan: &Plan, dice: &mut Dice) -> Self {
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let slope = (between(-0.003, 0.003), between(-0.003, 0.003));
        let shadow = plan.has(Condition::Shadow).then(|| {
            let angle = between(0.0, std::f32::consts::TAU);
            Shadow {
                towards: (angle.cos(), angle.sin()),
                begins: between(-18.0, 14.0),
                soft: between(1.5, 9.0),
                takes: between(0.3, 0.6) * plan.strength,
                bend: between(-0.004, 0.004),
            }
        });
        // A laminated card mirrors something of every room.
        let mut lamps = vec![Lamp {
            centre: (between(-50.0, 50.0), between(-35.0, 35.0)),
            half: (between(25.0, 50.0), between(20.0, 40.0)),
            turn: (1.0, 0.0),
            light: between(0.0, 0.05),
        }];
        if plan.has(Condition::Glare) {
            let angle = between(0.0, std::f32::consts::TAU);
            let (centre, half) =
                ((between(-38.0, 38.0), between(-22.0, 22.0)), (between(7.0, 20.0), between(4.0, 9.0)));
            let turn = (angle.cos(), angle.sin());
            let light = between(0.25, 0.5) * plan.strength;
            lamps.push(Lamp { centre, half, turn, light });
            let wide = (half.0 * 1.9, half.1 * 1.9);
            lamps.push(Lamp { centre, half: wide, turn, light: light * 0.3 });
        }
        Self { slope, shadow, lamps }
    }

    /// Light that falls on a place, as a share of what falls on the middle.
    pub(super) fn falling(&self, x: f32, y: f32) -> f32 {
        let sloped = (1.0 + self.slope.0 * x + self.slope.1 * y).clamp(0.3, 1.7);
        let Some(shadow) = self.shadow else { return sloped };
        let (ahead, aside) =
            (x * shadow.towards.0 + y * shadow.towards.1, y * shadow.towards.0 - x * shadow.towards.1);
        let into = (ahead + shadow.bend * aside * aside - shadow.begins) / shadow.soft;
        sloped * (1.0 - shadow.takes / (1.0 + (-into).exp()))
    }

    /// Light that the card's own gloss adds to a place.
    pub(super) fn mirrored(&self, x: f32, y: f32) -> Light {
        let sum = self.lamps.iter().map(|lamp| {
            let (dx, dy) = (x - lamp.centre.0, y - lamp.centre.1);
            let (u, v) = (dx * lamp.turn.0 + dy * lamp.turn.1, dy * lamp.turn.0 - dx * lamp.turn.1);
            lamp.light * (-((u / lamp.half.0).powi(2) + (v / lamp.half.1).powi(2)).powf(1.5)).exp()
        });
        [sum.sum(); 3]
    }
}

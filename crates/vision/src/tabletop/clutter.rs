//! What else lies on the table: papers, other cards, pens. Places are in millimetres.

use super::ground::{printed, scaled};
use super::noise::Noise;
use crate::dice::Dice;
use crate::simulation::Light;

/// A flat thing on the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    centre: (f32, f32),
    turn: (f32, f32),
    /// Half of its width and height.
    half: (f32, f32),
    /// Radius of its corners.
    corner: f32,
    kind: Kind,
    noise: Noise,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Paper with lines of print at that pitch.
    Sheet(f32),
    /// A card of a colour with a stripe and a few lines.
    Card(Light, Light),
    /// A round rod of a colour.
    Pen(Light),
}

/// Half of the sides of a card of ISO/IEC 7810 ID-1.
const ID_1: (f32, f32) = (42.8, 26.99);

impl Piece {
    /// Up to four things, the topmost first, farther away than the photographed card's middle.
    pub(super) fn choose(dice: &mut Dice) -> Vec<Self> {
        let count = dice.below(5);
        (0..count).map(|_| Self::one(dice)).collect()
    }

    fn one(dice: &mut Dice) -> Self {
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let mut colour = || -> Light { [between(0.03, 0.6), between(0.03, 0.5), between(0.04, 0.6)] };
        let (first, second) = (colour(), colour());
        let (half, corner, kind) = match between(0.0, 1.0) {
            ..0.5 => ((between(50.0, 110.0), between(60.0, 150.0)), 0.0, Kind::Sheet(between(4.0, 7.0))),
            0.5..0.8 => (ID_1, 3.18, Kind::Card(first, second)),
            _ => ((between(60.0, 72.0), between(3.5, 5.0)), 3.4, Kind::Pen(first)),
        };
        // Beside the card, so that it shows: its middle lies beyond the card's own outline.
        let around = between(0.0, std::f32::consts::TAU);
        let away = between(0.85, 1.5);
        let centre = (
            around.cos() * (45.0 + half.0.min(half.1)) * away,
            around.sin() * (30.0 + half.0.min(half.1)) * away,
        );
        let angle = between(0.0, std::f32::consts::TAU);
        let key = between(0.0, 16_000_000.0) as u32;
        Self { centre, turn: (angle.cos(), angle.sin()), half, corner, kind, noise: Noise::new(key) }
    }

    /// What a place gives back of white light; `None` beside the thing.
    pub(super) fn light(&self, x: f32, y: f32) -> Option<Light> {
        let (u, v) = self.place(x, y);
        if outside((u, v), self.half, self.corner) > 0.0 {
            return None;
        }
        Some(match self.kind {
            Kind::Sheet(pitch) => {
                let margin = u.abs() > self.half.0 - 12.0 || v.abs() > self.half.1 - 12.0;
                if margin { [0.74, 0.73, 0.71] } else { printed(self.noise, u, v, pitch) }
            }
            Kind::Card(colour, stripe) => {
                let line = self.noise.block(u / 22.0, v / 6.0) > 0.55 && v.rem_euclid(6.0) < 2.0 && v > 0.0;
                let base = if (-18.0..-9.0).contains(&v) { stripe } else { colour };
                scaled(base, if line { 0.3 } else { 1.0 + 0.1 * v / self.half.1 })
            }
            Kind::Pen(colour) => {
                let round = (1.0 - (v / self.half.1).powi(2)).max(0.0).sqrt();
                let glint = if (v / self.half.1 + 0.4).abs() < 0.12 { 0.3 } else { 0.0 };
                scaled(colour, 0.25 + 0.75 * round).map(|part| part + glint)
            }
        })
    }

    /// How much light the thing leaves to a place beside it: 1 is all.
    pub(super) fn shade(&self, x: f32, y: f32) -> f32 {
        let away = outside(self.place(x - 0.5, y - 0.7), self.half, self.corner);
        1.0 - 0.35 * (-(away.max(0.0) / 1.2).powi(2)).exp()
    }

    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre.0, y - self.centre.1);
        (x * self.turn.0 + y * self.turn.1, y * self.turn.0 - x * self.turn.1)
    }
}

/// How far a place lies outside a rectangle with round corners; negative within.
pub(super) fn outside((x, y): (f32, f32), half: (f32, f32), corner: f32) -> f32 {
    let (over_x, over_y) = (x.abs() - half.0 + corner, y.abs() - half.1 + corner);
    over_x.max(0.0).hypot(over_y.max(0.0)) + over_x.max(over_y).min(0.0) - corner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_corners_are_cut_off() {
        let rows = [
            ((0.0, 0.0), -5.0),
            ((10.0, 0.0), 0.0),
            ((12.0, 0.0), 2.0),
            ((10.0, 5.0), std::f32::consts::SQRT_2 * 2.0 - 2.0),
            ((8.0, 8.0), 3.0),
        ];
        for (place, expected) in rows {
            assert!((outside(place, (10.0, 5.0), 2.0) - expected).abs() < 1e-4, "{place:?}");
        }
    }
}

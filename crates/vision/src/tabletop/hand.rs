//! Fingers that hold the card down or up: they reach over an edge, where no value is printed.

use super::ground::scaled;
use super::noise::Noise;
use crate::dice::Dice;
use crate::simulation::Light;

/// A finger, pressed flat: a rod with a round end. Places are in millimetres from the card's middle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finger {
    /// Middle of the round end.
    end: (f32, f32),
    /// Where it points, of length 1.
    to: (f32, f32),
    radius: f32,
    skin: Light,
    /// Whether its nail is seen.
    nail: bool,
}

/// Colours of skin in linear light.
const SKINS: [Light; 4] = [[0.36, 0.19, 0.115], [0.27, 0.135, 0.08], [0.46, 0.27, 0.18], [0.19, 0.09, 0.055]];

/// How far fingers may reach over each edge, in millimetres: labels start 2 mm from the left edge and values 22.6 mm,
/// the heading stands 5.5 mm below the upper edge, the portrait ends 3.6 mm from the right one, and the lowest of folded
/// lines 3.5 mm above the lower one.
const REACH: [(Edge, f32); 4] =
    [(Edge::Left, 9.0), (Edge::Right, 9.0), (Edge::Above, 4.5), (Edge::Below, 3.5)];

#[derive(Debug, Clone, Copy)]
enum Edge {
    Left,
    Right,
    Above,
    Below,
}

impl Finger {
    /// One or two fingers over an edge.
    pub(super) fn choose(dice: &mut Dice) -> Vec<Self> {
        let (edge, most) = REACH.get(dice.below(REACH.len())).copied().unwrap_or((Edge::Left, 9.0));
        let skin = SKINS.get(dice.below(SKINS.len())).copied().unwrap_or([0.36, 0.19, 0.115]);
        let tone = dice.between(0.85, 1.15) as f32;
        let nail = dice.happens(0.7);
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let (radius, lean) = (between(6.5, 9.0), between(-0.5, 0.5));
        let along = between(-0.75, 0.75);
        let neighbour = (between(0.0, 1.0) < 0.3).then_some(2.1 * radius);
        let mut reach = || between(0.45, 1.0) * most;
        let (half_width, half_height) = (42.8, 26.99);
        let mut finger = |shift: f32| {
            let depth = reach() - radius;
            // Which way it points, and where its round end is.
            let (to, end) = match edge {
                Edge::Left => ((1.0, lean), (depth - half_width, along * half_height + shift)),
                // Beside the portrait, above place and date of issue.
                Edge::Right => {
                    ((-1.0, lean), (half_width - depth, (0.4 * along - 0.2) * half_height - shift))
                }
                Edge::Above => ((lean, 1.0), (along * half_width + shift, depth - half_height)),
                Edge::Below => ((lean, -1.0), (along * half_width + shift, half_height - depth)),
            };
            let length = f32::hypot(to.0, to.1);
            Self { end, to: (to.0 / length, to.1 / length), radius, skin: scaled(skin, tone), nail }
        };
        let first = finger(0.0);
        std::iter::once(first).chain(neighbour.map(&mut finger)).collect()
    }

    /// What a place gives back of white light; `None` beside the finger.
    pub(super) fn light(&self, x: f32, y: f32) -> Option<Light> {
        let away = self.away(x, y);
        if away > 1.0 {
            return None;
        }
        let round = 0.3 + 0.7 * (1.0 - away * away).sqrt();
        let (dx, dy) = (x - self.end.0, y - self.end.1);
        let (ahead, aside) = (dx * self.to.0 + dy * self.to.1, dy * self.to.0 - dx * self.to.1);
        // Creases across the joint, mottled skin, and the nail behind the tip.
        let wrinkle = |back: f32| 0.14 * (-((ahead + back * self.radius) / 0.5).powi(2)).exp();
        let mottled = 0.93 + 0.14 * Noise::new(self.skin[0].to_bits()).fractal(x * 0.45, y * 0.45, 3);
        let crease = (1.0 - wrinkle(2.6) - wrinkle(2.8) - wrinkle(3.1)) * mottled;
        let on_nail = self.nail
            && ((ahead - 0.15 * self.radius) / (0.62 * self.radius)).powi(4)
                + (aside / (0.55 * self.radius)).powi(4)
                < 1.0;
        let [red, green, blue] = scaled(self.skin, round * crease);
        Some(if on_nail {
            [red * 1.22 + 0.03, green * 1.25 + 0.02, blue * 1.3 + 0.02]
        } else {
            [red, green, blue]
        })
    }

    /// How much light the finger leaves to a place beside it: 1 is all.
    pub(super) fn shade(&self, x: f32, y: f32) -> f32 {
        let away = ((self.away(x - 1.0, y - 1.4) - 1.0) * self.radius).max(0.0);
        1.0 - 0.5 * (-(away / 2.2).powi(2)).exp()
    }

    /// Distance from the finger's axis as a share of its half width there: it is thicker towards the hand, and again at
    /// its joint.
    fn away(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x - self.end.0, y - self.end.1);
        let ahead = (dx * self.to.0 + dy * self.to.1).min(0.0);
        let back = -ahead / self.radius;
        let joint = 0.07 * (-((back - 2.8) / 0.9).powi(2)).exp();
        let width = self.radius * (1.0 + 0.07 * back.min(8.0) + joint);
        (dx - ahead * self.to.0).hypot(dy - ahead * self.to.1) / width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_hidden() {
        // Millimetres from the middle: the values' column, the heading, place and date of issue.
        let printed = [(-20.2, 17.0, -14.0, 23.5), (-25.0, 25.0, -21.5, -16.0), (23.0, 39.0, 16.0, 20.0)];
        for name in 0..300 {
            for finger in Finger::choose(&mut Dice::new(1, &name.to_string())) {
                for (left, right, top, bottom) in printed {
                    for step in 0..400 {
                        let (x, y) = ((step % 20) as f32 / 19.0, (step / 20) as f32 / 19.0);
                        let (x, y) = (left + (right - left) * x, top + (bottom - top) * y);
                        assert!(finger.light(x, y).is_none(), "{name}: {x} {y} {finger:?}");
                    }
                }
            }
        }
    }
}

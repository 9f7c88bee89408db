//! The card on the table, or held before a room, as light that reaches the camera.

use super::clutter::{Piece, outside};
use super::condition::{Condition, Plan};
use super::ground::{Ground, Kind, scaled};
use super::hand::Finger;
use super::lighting::Lighting;
use super::noise::Noise;
use super::pose::Pose;
use super::{CORNER, HALF_HEIGHT, HALF_WIDTH};
use crate::dice::Dice;
use crate::simulation::{Light, LightField, add, luminance};

/// Samples a pixel along each side: the card's lines and edges are smooth then.
const SAMPLES: usize = 2;
/// What is far behind is worked out at this fraction of the sides.
const COARSE: usize = 8;

/// Everything before the camera but the card itself.
pub(super) struct Scene {
    pub(super) ground: Ground,
    /// Whether the card is held up, with the table far behind it.
    held: bool,
    pieces: Vec<Piece>,
    fingers: Vec<Finger>,
    lighting: Lighting,
    /// How black the toner of a copy is, and its specks; `None` for the card itself.
    copy: Option<(f32, Noise)>,
}

impl Scene {
    pub(super) fn choose(plan: &Plan, dice: &mut Dice) -> Self {
        let copied = plan.has(Condition::Photocopy);
        let ground = if copied { Ground::of(Kind::Blank, dice) } else { Ground::choose(dice) };
        let held = plan.has(Condition::Occluded) && !copied && dice.happens(0.5);
        let pieces = if copied || held { Vec::new() } else { Piece::choose(dice) };
        let fingers = if plan.has(Condition::Occluded) { Finger::choose(dice) } else { Vec::new() };
        let lighting = Lighting::choose(plan, dice);
        let copy = copied.then(|| (dice.between(0.02, 0.07) as f32, Noise::new(dice.below(1 << 24) as u32)));
        Self { ground, held, pieces, fingers, lighting, copy }
    }

    /// The light that reaches every pixel.
    pub(super) fn seen(&self, pose: &Pose, card: &LightField) -> LightField {
        let behind = self.held.then(|| self.far_behind(pose));
        let mut cells = Vec::with_capacity(pose.width * pose.height);
        for row in 0..pose.height {
            for column in 0..pose.width {
                let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
                let behind = behind.as_ref().map(|field| {
                    let coarse = |place: f32| place / COARSE as f32 - 0.5;
                    field.at(coarse(x), coarse(y))
                });
                cells.push(self.pixel(pose, card, x, y, behind));
            }
        }
        LightField { width: pose.width, height: pose.height, cells }
    }

    /// The light of a pixel: of several places within it where the card is, of its middle elsewhere.
    fn pixel(&self, pose: &Pose, card: &LightField, x: f32, y: f32, behind: Option<Light>) -> Light {
        let light = |x: f32, y: f32| match pose.meet(x, y) {
            Some((u, v, _)) => self.light(card, u, v, behind),
            None => behind.unwrap_or_default(),
        };
        match pose.meet(x, y) {
            Some((u, v, footprint)) if outside((u, v), (HALF_WIDTH, HALF_HEIGHT), CORNER) < footprint => {
                let mut sum = [0.0; 3];
                for sample in 0..SAMPLES * SAMPLES {
                    let place = |step: usize| (step as f32 + 0.5) / SAMPLES as f32 - 0.5;
                    let sampled = light(x + place(sample % SAMPLES), y + place(sample / SAMPLES));
                    add(&mut sum, sampled, 1.0 / (SAMPLES * SAMPLES) as f32);
                }
                sum
            }
            _ => light(x, y),
        }
    }

    /// The light that leaves a place of the table, whatever is topmost there.
    fn light(&self, card: &LightField, x: f32, y: f32, behind: Option<Light>) -> Light {
        let falling = self.lighting.falling(x, y);
        if let Some(skin) = self.fingers.iter().find_map(|finger| finger.light(x, y)) {
            return scaled(skin, falling);
        }
        let shaded = self.fingers.iter().map(|finger| finger.shade(x, y)).product::<f32>();
        let away = outside((x, y), (HALF_WIDTH, HALF_HEIGHT), CORNER);
        if away <= 0.0 {
            let mut light = scaled(self.of_card(card, x, y, away), falling * shaded);
            add(&mut light, self.lighting.mirrored(x, y), 1.0);
            return light;
        }
        if let Some(behind) = behind {
            return behind;
        }
        // The card's own shadow: it is thin, so a narrow one.
        let beside = if self.copy.is_some() {
            0.0
        } else {
            let cast = outside((x - 0.25, y - 0.35), (HALF_WIDTH, HALF_HEIGHT), CORNER).max(0.0);
            0.45 * (-(cast / 0.7).powi(2)).exp()
        };
        scaled(self.of_table(x, y), falling * shaded * (1.0 - beside))
    }

    fn of_card(&self, card: &LightField, x: f32, y: f32, away: f32) -> Light {
        let at = |place: f32, half: f32, side: usize| (place + half) / (2.0 * half) * side as f32 - 0.5;
        let printed = card.at(at(x, HALF_WIDTH, card.width), at(y, HALF_HEIGHT, card.height));
        let Some((toner, specks)) = self.copy else {
            // The cut edge of the plastic catches the light.
            let edge = if away > -0.25 { 1.12 } else { 1.0 };
            return printed.map(|light| (0.02 + 0.93 * light) * edge);
        };
        // A copier makes pale blue paler and ink black, and leaves a line along the card's edge.
        let grey = ((luminance(printed) - 0.05) * 1.45).clamp(0.0, 1.0);
        let speck = specks.fractal(x * 5.0, y * 5.0, 2) - 0.5;
        let edge = if away > -0.3 { 0.45 } else { 1.0 };
        [(toner + (0.72 - toner) * grey * (1.0 + 0.35 * speck)) * edge; 3]
    }

    fn of_table(&self, x: f32, y: f32) -> Light {
        let mut shaded = 1.0;
        for piece in &self.pieces {
            if let Some(light) = piece.light(x, y) {
                return scaled(light, shaded);
            }
            shaded *= piece.shade(x, y);
        }
        scaled(self.ground.light(x, y), shaded)
    }

    /// The ground three times as far away and out of focus.
    fn far_behind(&self, pose: &Pose) -> LightField {
        let (width, height) = (pose.width.div_ceil(COARSE), pose.height.div_ceil(COARSE));
        let mut cells = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                let far = |place: usize, side: usize| (place as f32 - side as f32 / 2.0) * 4.0;
                let (x, y) = (far(column, width), far(row, height));
                cells.push(scaled(
                    self.ground.light(x, y),
                    0.35 + 0.5 * self.lighting.falling(x / 4.0, y / 4.0),
                ));
            }
        }
        LightField { width, height, cells }.blurred(1.6)
    }
}

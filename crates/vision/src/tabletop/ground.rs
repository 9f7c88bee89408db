//! What a card lies on. Places are in millimetres on the table.

use super::noise::{Noise, mixed};
use crate::dice::Dice;
use crate::simulation::Light;

/// A kind of surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Wood,
    Cloth,
    Tiles,
    Desk,
    Form,
    Blank,
}

impl Kind {
    /// Those a card is put on; [`Kind::Blank`] is the paper of a copy.
    const TABLES: [Self; 5] = [Self::Wood, Self::Cloth, Self::Tiles, Self::Desk, Self::Form];

    /// Its name in manifests.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Wood => "wood",
            Self::Cloth => "cloth",
            Self::Tiles => "tiles",
            Self::Desk => "desk",
            Self::Form => "form",
            Self::Blank => "paper",
        }
    }
}

/// A surface.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    pub(super) kind: Kind,
    /// Two colours that it is mixed of.
    colours: [Light; 2],
    /// Size of its pattern in millimetres.
    pitch: f32,
    /// Its direction: cosine and sine.
    turn: (f32, f32),
    noise: Noise,
}

/// Light and deep colours of each kind, in linear light.
const WOODS: [[Light; 2]; 5] = [
    [[0.42, 0.25, 0.12], [0.25, 0.13, 0.055]],
    [[0.20, 0.10, 0.045], [0.09, 0.04, 0.02]],
    [[0.58, 0.43, 0.26], [0.42, 0.28, 0.15]],
    [[0.12, 0.07, 0.045], [0.05, 0.03, 0.02]],
    [[0.5, 0.47, 0.42], [0.36, 0.33, 0.29]],
];
const CLOTHS: [[Light; 2]; 6] = [
    [[0.35, 0.05, 0.05], [0.55, 0.42, 0.25]],
    [[0.05, 0.08, 0.2], [0.35, 0.4, 0.5]],
    [[0.12, 0.05, 0.025], [0.45, 0.32, 0.16]],
    [[0.06, 0.14, 0.08], [0.3, 0.34, 0.2]],
    [[0.5, 0.48, 0.44], [0.32, 0.34, 0.4]],
    [[0.03, 0.03, 0.035], [0.12, 0.12, 0.13]],
];
const TILES: [[Light; 2]; 4] = [
    [[0.62, 0.6, 0.56], [0.45, 0.43, 0.4]],
    [[0.5, 0.4, 0.3], [0.36, 0.28, 0.2]],
    [[0.3, 0.1, 0.06], [0.2, 0.07, 0.045]],
    [[0.25, 0.28, 0.3], [0.16, 0.18, 0.2]],
];
const DESKS: [[Light; 2]; 5] = [
    [[0.03, 0.03, 0.032], [0.05, 0.05, 0.052]],
    [[0.09, 0.08, 0.075], [0.06, 0.055, 0.05]],
    [[0.2, 0.2, 0.21], [0.16, 0.16, 0.17]],
    [[0.55, 0.54, 0.52], [0.48, 0.47, 0.46]],
    [[0.04, 0.07, 0.12], [0.03, 0.05, 0.09]],
];
const PAPER: Light = [0.72, 0.71, 0.68];

impl Ground {
    /// One of the surfaces a card is put on.
    pub(super) fn choose(dice: &mut Dice) -> Self {
        let kind = Kind::TABLES.get(dice.below(Kind::TABLES.len())).copied().unwrap_or(Kind::Desk);
        Self::of(kind, dice)
    }

    /// One of a kind.
    pub(super) fn of(kind: Kind, dice: &mut Dice) -> Self {
        let (list, pitch): (&[[Light; 2]], _) = match kind {
            Kind::Wood => (&WOODS, (60.0, 140.0)),
            Kind::Cloth => (&CLOTHS, (9.0, 40.0)),
            Kind::Tiles => (&TILES, (90.0, 300.0)),
            Kind::Desk => (&DESKS, (20.0, 60.0)),
            Kind::Form | Kind::Blank => (&[[PAPER, [0.6, 0.6, 0.57]]], (4.2, 8.0)),
        };
        let colours = list.get(dice.below(list.len())).copied().unwrap_or([PAPER; 2]);
        let angle = dice.between(0.0, std::f64::consts::TAU) as f32;
        Self {
            kind,
            colours,
            pitch: dice.between(pitch.0, pitch.1) as f32,
            turn: (angle.cos(), angle.sin()),
            noise: Noise::new(dice.below(1 << 24) as u32),
        }
    }

    /// What a place gives back of white light.
    pub(super) fn light(&self, x: f32, y: f32) -> Light {
        let (u, v) = (x * self.turn.0 + y * self.turn.1, y * self.turn.0 - x * self.turn.1);
        match self.kind {
            Kind::Wood => self.wood(u, v),
            Kind::Cloth => self.cloth(u, v),
            Kind::Tiles => self.tiles(u, v),
            Kind::Desk => {
                let cloud = self.noise.fractal(u / self.pitch, v / self.pitch, 2);
                let speck = self.noise.at(u * 1.7, v * 1.7);
                scaled(self.mix(cloud), 0.92 + 0.16 * speck)
            }
            Kind::Form => printed(self.noise, u, v, self.pitch),
            Kind::Blank => {
                let fibre = self.noise.fractal(u * 0.8, v * 0.8, 2);
                scaled(PAPER, 1.02 + 0.06 * (fibre - 0.5))
            }
        }
    }

    fn mix(&self, share: f32) -> Light {
        let [a, b] = self.colours;
        std::array::from_fn(|channel| mixed(a[channel], b[channel], share))
    }

    /// Planks with a grain along them, and gaps between.
    fn wood(&self, u: f32, v: f32) -> Light {
        let plank = (v / self.pitch).floor();
        let own = Noise::new(plank as i32 as u32 ^ 0x51ed);
        let shift = own.cell(1, 1) * 400.0;
        let wavy = v + 9.0 * self.noise.at((u + shift) / 90.0, v / 40.0);
        let grain = self.noise.fractal((u + shift) / 45.0, wavy / 1.6, 3);
        let broad = self.noise.at((u + shift) / 160.0, wavy / 14.0);
        let gap = (v / self.pitch - plank) * self.pitch;
        let tone = 0.88 + 0.24 * own.cell(2, 2);
        scaled(self.mix(0.6 * grain + 0.4 * broad), if gap < 0.8 { 0.35 } else { tone })
    }

    /// A weave in stripes or checks.
    fn cloth(&self, u: f32, v: f32) -> Light {
        // Folds bend the pattern.
        let (u, v) =
            (u + 4.0 * self.noise.at(u / 70.0, v / 70.0), v + 4.0 * self.noise.at(v / 60.0, u / 60.0));
        let band = |place: f32| {
            let phase = (place / self.pitch).rem_euclid(1.0);
            if phase < 0.28 || (0.5..0.56).contains(&phase) { 1.0 } else { 0.0 }
        };
        let pattern = if self.pitch < 24.0 { f32::midpoint(band(u), band(v)) } else { 0.5 * band(u) };
        let thread = std::f32::consts::TAU / 1.1;
        let weave = (u * thread).sin() * (v * thread).sin();
        let fold = self.noise.fractal(u / 45.0, v / 80.0, 2);
        scaled(self.mix(pattern), 0.8 + 0.12 * weave + 0.4 * (fold - 0.25))
    }

    /// Squares with marble in them and grout between.
    fn tiles(&self, u: f32, v: f32) -> Light {
        let edge =
            |place: f32| (place.rem_euclid(self.pitch) - self.pitch / 2.0).abs() > self.pitch / 2.0 - 1.4;
        if edge(u) || edge(v) {
            return scaled(self.mix(1.0), 0.55);
        }
        let (column, row) = ((u / self.pitch).floor(), (v / self.pitch).floor());
        let shift = self.noise.block(column, row) * 300.0;
        let vein = self.noise.fractal((u + shift) / 28.0, (v - shift) / 28.0, 4);
        self.mix((2.4 * (vein - 0.5).abs() + 0.3 * vein).clamp(0.0, 1.0))
    }
}

/// Paper with lines of print: letters of stems and bars, in words, here and there a blank or a ruled line.
pub(super) fn printed(noise: Noise, u: f32, v: f32, pitch: f32) -> Light {
    let row = (v / pitch).floor();
    let below = v - row * pitch;
    let fibre = 0.97 + 0.06 * noise.at(u * 0.7, v * 0.7);
    let kind = noise.cell(row as i32, 902);
    let ruled = kind > 0.93 && below < 0.25;
    let ink = if ruled {
        0.6
    } else if kind < 0.2 {
        0.0
    } else {
        letter(noise, u, below / pitch, row, pitch)
    };
    scaled(PAPER, fibre * (1.0 - 0.84 * ink))
}

/// How much of a place is inked: a letter is as high as 0.42 of the lines' pitch, and stands below 0.3 of it.
fn letter(noise: Noise, u: f32, within: f32, row: f32, pitch: f32) -> f32 {
    let height = 0.42 * pitch;
    let (advance, stroke) = (0.72 * height, 0.13 * height);
    let place = u / advance;
    let (at, across, down) = (place.floor(), (place - place.floor()) * advance, (within - 0.3) * pitch);
    // Words of two to nine letters, lines of several lengths.
    let line = noise.cell(row as i32, 901);
    let gap = noise.block(at / 2.0, row) < 0.16;
    let beyond = (u / 160.0 + line).rem_euclid(1.0) > 0.9;
    if gap || beyond || !(0.0..=height).contains(&down) {
        return 0.0;
    }
    let shape = (noise.block(at, row + 0.5) * 4096.0) as u32;
    let has = |bit: u32| shape >> bit & 1 == 1;
    let width = 0.72 * advance;
    // Distance from each stroke's middle; what lies within half its width is ink, with a soft edge.
    let stems = [(!shape.is_multiple_of(3), 0.0), (has(4), width), (has(5) && !has(4), width / 2.0)];
    let bars = [(has(6), 0.0), (has(7), height / 2.0), (has(8), height)];
    let near = |strokes: [(bool, f32); 3], place: f32| {
        strokes
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, middle)| (place - middle).abs())
            .fold(9.0, f32::min)
    };
    let upright = near(stems, across - 0.14 * advance);
    let level = if (0.1 * advance..0.9 * advance).contains(&across) { near(bars, down) } else { 9.0 };
    ((stroke / 2.0 - upright.min(level)) / 0.12 + 0.5).clamp(0.0, 1.0)
}

/// All three channels times a share.
pub(super) fn scaled(light: Light, share: f32) -> Light {
    light.map(|channel| channel * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_surface_gives_back_more_than_it_gets() {
        for kind in Kind::TABLES.into_iter().chain([Kind::Blank]) {
            for name in ["a", "b", "c"] {
                let ground = Ground::of(kind, &mut Dice::new(1, name));
                for step in 0..5_000 {
                    let (x, y) = ((step % 70) as f32 * 3.1 - 100.0, (step / 70) as f32 * 2.7 - 90.0);
                    let light = ground.light(x, y);
                    assert!(light.iter().all(|part| (0.0..=1.0).contains(part)), "{kind:?}: {light:?}");
                }
            }
        }
    }
}

//! How the instrument is held in front of the camera.

use super::Condition;
use super::instrument::Instrument;
use crate::dice::Dice;
use crate::simulation::{Camera, Light, LightField, Plane, add, attitude};

/// The plane of the instrument before the camera, and what is behind.
pub(super) struct Stage {
    plane: Plane,
    /// How bright the backdrop is.
    backdrop: f32,
}

/// Samples a pixel along each side: edges of paper and screens are smooth then.
const SAMPLES: usize = 2;

impl Stage {
    /// Turned a little, and so far away that the face has a selfie's size.
    pub(super) fn choose(
        camera: &Camera,
        instrument: &Instrument,
        condition: Condition,
        dice: &mut Dice,
    ) -> Self {
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let (width, height) = (camera.width as f32, camera.height as f32);
        let share = match condition {
            Condition::Far => between(0.13, 0.2),
            Condition::Ordinary | Condition::Dim | Condition::Recompressed => between(0.25, 0.5),
        };
        let focal = width.max(height) * between(0.8, 1.2);
        let face = instrument.face;
        let distance = focal * face.width / (share * width.min(height));

        let (yaw, pitch, roll) = (between(-0.3, 0.3), between(-0.25, 0.25), between(-0.12, 0.12));
        let (across, down) = attitude(yaw, pitch, roll);
        // The face is looked at, not the instrument's centre; neither exactly.
        let aim = face.centre();
        let missed = (between(-0.1, 0.1) * width / focal, between(-0.1, 0.1) * height / focal);
        let mut centre = [missed.0 * distance, missed.1 * distance, distance];
        add(&mut centre, across, -aim.x);
        add(&mut centre, down, -aim.y);
        Self { plane: Plane { across, down, centre, focal }, backdrop: between(0.3, 1.1) }
    }

    /// The light that reaches every pixel of the camera.
    pub(super) fn seen(
        &self,
        camera: &Camera,
        instrument: &Instrument,
        shown: &LightField,
        backdrop: &LightField,
    ) -> LightField {
        let step = 1.0 / SAMPLES as f32;
        let share = step * step;
        let mut cells = Vec::with_capacity(camera.width * camera.height);
        for row in 0..camera.height {
            for column in 0..camera.width {
                let behind = backdrop.at(column as f32, row as f32).map(|light| light * self.backdrop);
                let mut light: Light = [0.0; 3];
                for sample in 0..SAMPLES * SAMPLES {
                    let x = column as f32 + (sample % SAMPLES) as f32 * step + step / 2.0
                        - camera.width as f32 / 2.0;
                    let y = row as f32 + (sample / SAMPLES) as f32 * step + step / 2.0
                        - camera.height as f32 / 2.0;
                    let met = self.plane.meet(x, y);
                    let lit = met.and_then(|(x, y, pixel)| instrument.light(shown, x, y, pixel));
                    add(&mut light, lit.unwrap_or(behind), share);
                }
                cells.push(light);
            }
        }
        LightField { width: camera.width, height: camera.height, cells }
    }
}

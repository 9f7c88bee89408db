//! Photographs of cards by simulation: a drawn card on a table or in a hand before a phone's camera.
//!
//! Pictures of real cards may not be passed on, so readers of cards are developed and measured on these: [`pose`] lays
//! the card before the camera, [`ground`], [`clutter`] and [`hand`] are what is around and over it, [`lighting`] what
//! falls on it, [`scene`] puts them together, and [`camera`] sets the phone. Everything is of a strength at which a
//! person still reads the card with ease. It is a model, and shares the blind spots of its makers: how often a reader
//! errs on it says how versions and conditions compare, not what it does on the cards of an operator's own callers.

mod camera;
mod clutter;
mod collection;
mod condition;
mod ground;
mod hand;
mod lighting;
mod noise;
mod pose;
mod scene;

#[cfg(test)]
mod tests;

pub use self::collection::{Collection, CollectionError, Portrait, collect};
pub use self::condition::Condition;

use self::camera::Phone;
use self::condition::Plan;
use self::pose::Pose;
use self::scene::Scene;
use crate::dice::Dice;
use crate::picture::Picture;
use crate::simulation::LightField;

/// Half of the sides of a card and the radius of its corners in millimetres (ISO/IEC 7810 ID-1).
const HALF_WIDTH: f32 = 42.80;
const HALF_HEIGHT: f32 = 26.99;
const CORNER: f32 = 3.18;

/// A photograph that is about to be taken.
pub struct Shot {
    dice: Dice,
    plan: Plan,
    pose: Pose,
    scene: Scene,
}

/// A photograph of a card and where the card is in it.
#[derive(Debug, Clone)]
pub struct CardPhotograph {
    /// The JPEG's bytes.
    pub jpeg: Vec<u8>,
    /// The card's corners in pixels of the photograph, clockwise from the card's own upper left one. The corners are
    /// rounded: the points are where the edges meet.
    pub corners: [(f32, f32); 4],
    /// How far the card's upper edge is turned clockwise, in degrees from 0 to below 360.
    pub turn: f32,
    /// What makes it harder to read, in order; none for a plain photograph.
    pub conditions: Vec<Condition>,
    /// What the card lies on, or what is behind it.
    pub ground: &'static str,
}

impl Shot {
    /// The photograph of a seed and a name: the same, the same photograph.
    pub fn choose(seed: u64, name: &str) -> Self {
        let mut dice = Dice::new(seed, name);
        let plan = Plan::choose(&mut dice);
        let pose = Pose::choose(&plan, &mut dice);
        let scene = Scene::choose(&plan, &mut dice);
        Self { dice, plan, pose, scene }
    }

    /// How wide the card should be drawn, in pixels, so that the photograph is neither softer nor harsher than one of a
    /// card of print.
    pub fn card_width(&self) -> u32 {
        (self.pose.long_side() * 1.25).clamp(800.0, 2400.0) as u32
    }

    /// Takes it of a drawn card that fills its picture.
    ///
    /// # Errors
    /// The encoder failed.
    pub fn take(mut self, card: &Picture) -> Result<CardPhotograph, image::ImageError> {
        let phone = Phone::choose(&self.plan, &self.pose, &mut self.dice);
        let seen = self.scene.seen(&self.pose, &LightField::of(card)).smeared(phone.motion);
        Ok(CardPhotograph {
            jpeg: phone.camera.take(seen, &mut self.dice)?,
            corners: self.pose.corners(),
            turn: self.pose.turn(),
            conditions: self.plan.conditions,
            ground: self.scene.ground.kind.key(),
        })
    }
}

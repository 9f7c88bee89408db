//! How the card lies before the camera: the picture's sides, the card's turn, tilt and size.

use super::condition::{Condition, Plan};
use super::{HALF_HEIGHT, HALF_WIDTH};
use crate::dice::Dice;
use crate::simulation::{Plane, attitude};

/// Sides of pictures as phones send them, with how common they are; the smallest last.
const SIDES: [(u32, (usize, usize)); 8] = [
    (22, (1280, 960)),
    (18, (1440, 1080)),
    (16, (1600, 1200)),
    (10, (1600, 900)),
    (10, (1920, 1080)),
    (8, (2048, 1536)),
    (8, (1280, 720)),
    (8, (800, 600)),
];

/// Least length of the card's long side in pixels where the frame has room: lettering is then ten pixels high.
const LEAST_SIDE: f32 = 680.0;

/// The card before the camera.
pub(super) struct Pose {
    /// Sides of the picture in pixels.
    pub(super) width: usize,
    pub(super) height: usize,
    plane: Plane,
    /// Where the middle of the plane's picture comes to lie in the frame, in pixels from the frame's middle.
    shift: (f32, f32),
}

impl Pose {
    pub(super) fn choose(plan: &Plan, dice: &mut Dice) -> Self {
        let roll = roll(dice);
        let on_its_side = roll.sin().abs() > 0.5;
        let (width, height) = sides(on_its_side, dice);
        let mut between = |low: f32, high: f32| dice.between(low.into(), high.into()) as f32;
        let tilt = if plan.has(Condition::Tilted) { 0.5 * plan.strength } else { 0.14 };
        let (mut yaw, mut pitch) = (between(-tilt, tilt), between(-tilt, tilt));
        if plan.has(Condition::Tilted) && yaw.hypot(pitch) < 0.28 {
            (yaw, pitch) = (0.28_f32.copysign(yaw), 0.2_f32.copysign(pitch));
        }
        let (across, down) = attitude(yaw, pitch, roll);
        let focal = width.max(height) as f32 * between(0.8, 1.2);
        let tight = between(0.0, 1.0) < 0.15;
        let wanted = if tight { between(0.965, 0.99) } else { between(0.5, 0.95) };
        let mut pose = Self {
            width,
            height,
            plane: Plane { across, down, centre: [0.0, 0.0, 300.0], focal },
            shift: (0.0, 0.0),
        };
        pose.fill(wanted);
        let side = pose.long_side();
        if side < LEAST_SIDE {
            pose.fill((wanted * LEAST_SIDE / side).min(0.98));
        }
        // Near the middle: the mean of two draws.
        let mut place = || f32::midpoint(between(0.0, 1.0), between(0.0, 1.0));
        let (left, top, right, bottom) = pose.bounds();
        let free = (width as f32 - (right - left), height as f32 - (bottom - top));
        pose.shift =
            (free.0 * place() - width as f32 / 2.0 - left, free.1 * place() - height as f32 / 2.0 - top);
        pose
    }

    /// Where the ray through a place of the frame, in pixels from its upper left corner, meets the table, and how many
    /// millimetres a pixel covers there.
    pub(super) fn meet(&self, x: f32, y: f32) -> Option<(f32, f32, f32)> {
        self.plane
            .meet(x - self.width as f32 / 2.0 - self.shift.0, y - self.height as f32 / 2.0 - self.shift.1)
    }

    /// The card's corners in the frame, in pixels, clockwise from its own upper left one.
    pub(super) fn corners(&self) -> [(f32, f32); 4] {
        let (middle_x, middle_y) =
            (self.width as f32 / 2.0 + self.shift.0, self.height as f32 / 2.0 + self.shift.1);
        self.seen().map(|(x, y)| (x + middle_x, y + middle_y))
    }

    /// Length of the card's longer side in pixels, the mean of both.
    pub(super) fn long_side(&self) -> f32 {
        let [a, b, c, d] = self.seen();
        f32::midpoint((b.0 - a.0).hypot(b.1 - a.1), (c.0 - d.0).hypot(c.1 - d.1))
    }

    /// How far the card's upper edge is turned clockwise, in degrees from 0 to below 360.
    pub(super) fn turn(&self) -> f32 {
        let [a, b, ..] = self.seen();
        (b.1 - a.1).atan2(b.0 - a.0).to_degrees().rem_euclid(360.0)
    }

    /// Brings the card to such a distance that it fills that share of the frame.
    fn fill(&mut self, share: f32) {
        for _ in 0..8 {
            let (left, top, right, bottom) = self.bounds();
            let filled = ((right - left) / self.width as f32).max((bottom - top) / self.height as f32);
            let [_, _, depth] = &mut self.plane.centre;
            *depth *= filled / share;
        }
    }

    fn seen(&self) -> [(f32, f32); 4] {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(x, y)| self.plane.seen_at(x * HALF_WIDTH, y * HALF_HEIGHT))
    }

    /// The card's outline: left, top, right, bottom.
    fn bounds(&self) -> (f32, f32, f32, f32) {
        let far = f32::INFINITY;
        self.seen().into_iter().fold((far, far, -far, -far), |(left, top, right, bottom), (x, y)| {
            (left.min(x), top.min(y), right.max(x), bottom.max(y))
        })
    }
}

/// A turn in the plane, in radians clockwise: most within 15 degrees of upright, some near the other quarters, a few
/// anywhere.
fn roll(dice: &mut Dice) -> f32 {
    let near = dice.normal() * 5.0;
    let degrees = match dice.between(0.0, 1.0) {
        ..0.70 => near.clamp(-15.0, 15.0),
        0.70..0.92 => near.clamp(-15.0, 15.0) + 90.0 * (1 + dice.below(3)) as f32,
        _ => dice.between(0.0, 360.0) as f32,
    };
    degrees.to_radians()
}

/// Sides of the picture: along the card more often than across it. Small frames are for cards along them.
fn sides(on_its_side: bool, dice: &mut Dice) -> (usize, usize) {
    let along = dice.happens(0.7);
    let list = SIDES.get(..if along { SIDES.len() } else { SIDES.len() - 2 }).unwrap_or(&SIDES);
    let total: u32 = list.iter().map(|(weight, _)| weight).sum();
    let mut rest = dice.below(total as usize) as u32;
    let mut chosen = (1280, 960);
    for (weight, sides) in list {
        if rest < *weight {
            chosen = *sides;
            break;
        }
        rest -= weight;
    }
    if along == on_its_side { (chosen.1, chosen.0) } else { chosen }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poses() -> impl Iterator<Item = (usize, Plan, Pose)> {
        (0..400).map(|name| {
            let mut dice = Dice::new(3, &name.to_string());
            let plan = Plan::choose(&mut dice);
            let pose = Pose::choose(&plan, &mut dice);
            (name, plan, pose)
        })
    }

    #[test]
    fn the_whole_card_is_in_the_frame_and_large_enough_to_read() {
        for (name, plan, pose) in poses() {
            let (width, height) = (pose.width as f32, pose.height as f32);
            for (x, y) in pose.corners() {
                assert!(
                    (-0.5..width + 0.5).contains(&x) && (-0.5..height + 0.5).contains(&y),
                    "{name}: {x} {y}"
                );
            }
            assert!(pose.long_side() > 480.0, "{name}: {} {:?} {width}x{height}", pose.long_side(), plan);
        }
        let small = poses().filter(|(.., pose)| pose.long_side() < 640.0).count();
        assert!(small < 20, "{small} of 400");
    }

    #[test]
    fn corners_are_where_the_table_is_met() {
        for (name, _, pose) in poses().take(50) {
            let [a, _, c, _] = pose.corners();
            for ((x, y), (right, down)) in [(a, (-HALF_WIDTH, -HALF_HEIGHT)), (c, (HALF_WIDTH, HALF_HEIGHT))]
            {
                let (met_x, met_y, _) = pose.meet(x, y).expect("in front");
                assert!(
                    (met_x - right).abs() < 0.05 && (met_y - down).abs() < 0.05,
                    "{name}: {met_x} {met_y}"
                );
            }
        }
    }

    #[test]
    fn most_cards_are_nearly_upright_and_all_quarters_are_met() {
        let turns: Vec<f32> = poses().map(|(.., pose)| pose.turn()).collect();
        let near = |quarter: f32, within: f32| {
            turns
                .iter()
                .filter(|turn| ((*turn - quarter + 180.0).rem_euclid(360.0) - 180.0).abs() < within)
                .count()
        };
        assert!((240..340).contains(&near(0.0, 18.0)), "{}", near(0.0, 18.0));
        for quarter in [90.0, 180.0, 270.0] {
            assert!(near(quarter, 20.0) >= 10, "{quarter}: {}", near(quarter, 20.0));
        }
    }
}

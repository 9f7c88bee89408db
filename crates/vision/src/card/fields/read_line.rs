//! A line that was read, on the upright card.

use std::ops::Range;

use super::super::emissions::{Emissions, Reading};
use super::super::quad::Quad;
use super::labels::Key;
use crate::geometry::Point;

/// A line tells its slant where it is at least so many times as long as high; fewer in each half of a card tell nothing.
const TELLING: f32 = 4.0;
const LEAST_LINES: usize = 3;

/// Lines are levelled about this share of the card's width.
const MIDDLE: f32 = 0.3;

/// A line that was read.
pub struct ReadLine {
    /// Where it stands on the card.
    pub quad: Quad,
    /// What the recogniser says of it.
    pub emissions: Emissions,
    /// With every character it may hold.
    pub reading: Reading,
    pub(super) key: Key,
    /// How lines like it slant, down for one to the right; and from where on, from the left.
    slant: f32,
    from: f32,
}

impl ReadLine {
    /// A line in its place, and what the quick recogniser says of it.
    pub fn new(quad: Quad, emissions: Emissions) -> Self {
        let reading = emissions.best(0..emissions.steps(), &emissions.alphabet().zone(Some));
        let key = Key::of(&reading);
        Self { quad, emissions, reading, key, slant: 0.0, from: 0.0 }
    }

    /// Levels lines: a card whose corners were found a little beside them is not quite level, and a label would stand on
    /// the row of another's value.
    pub(super) fn level(lines: &mut [Self], width: f32) {
        let long = lines.iter().filter(|line| line.quad.width() > TELLING * line.quad.height());
        let mut slants: Vec<(f32, f32)> =
            long.map(|line| (line.quad.centre().y, line.quad.slope())).collect();
        if slants.len() < 2 * LEAST_LINES {
            return;
        }
        slants.sort_by(|a, b| a.0.total_cmp(&b.0));
        // The slant changes from top to bottom where perspective is left: a half each tells.
        let (upper, lower) = slants.split_at(slants.len() / 2);
        let [(y0, upper), (y1, lower)] = [upper, lower].map(|half| {
            let middle = |of: fn(&(f32, f32)) -> f32| {
                let mut values: Vec<f32> = half.iter().map(of).collect();
                values.sort_by(f32::total_cmp);
                values.get(values.len() / 2).copied().unwrap_or_default()
            };
            (middle(|line| line.0), middle(|line| line.1))
        });
        for line in lines {
            let share = (line.quad.centre().y - y0) / (y1 - y0).max(1.0);
            line.slant = upper + (lower - upper) * share.clamp(-0.5, 1.5);
            line.from = MIDDLE * width;
        }
    }

    fn levelled(&self, at: Point) -> Point {
        Point { y: at.y - self.slant * (at.x - self.from), ..at }
    }

    /// The middle of its height at a step, on a level card.
    pub(super) fn at(&self, step: usize) -> Point {
        let share = (step as f32 + 0.5) / self.emissions.steps() as f32;
        let Quad { corners: [a, b, c, d] } = self.quad.part(share, share);
        self.levelled(Point { x: (a.x + b.x + c.x + d.x) / 4.0, y: (a.y + b.y + c.y + d.y) / 4.0 })
    }

    /// Its middle on a level card.
    pub(super) fn centre(&self) -> Point {
        self.levelled(self.quad.centre())
    }

    /// Its rectangle from one step to another.
    pub(super) fn part(&self, steps: &Range<usize>) -> Quad {
        let share = |step: usize| step as f32 / self.emissions.steps() as f32;
        self.quad.part(share(steps.start), share(steps.end))
    }
}

//! Edges of luma and colour, with their directions.

use super::small::{Colour, Small};

/// The least contrast of an edge, in levels a pixel of the smoothed copy: a step of eight levels, which is a light card on
/// white paper.
const FAINTEST: f32 = 2.5;

/// The most edges that are kept, the strongest: what bounds the search on noise.
const MOST: usize = 24_000;

/// No edge here.
const NONE: u8 = u8::MAX;

/// Directions are looked up in twelve sectors of 15 degrees.
const SECTORS: u16 = 12;

/// Thin edges of a small copy.
pub(super) struct Edges {
    pub(super) width: usize,
    pub(super) height: usize,
    /// For every pixel the direction across the edge in whole degrees, 0 to 179, or [`NONE`].
    directions: Vec<u8>,
    /// For every pixel the sectors of the edges on it or beside it.
    nearby: Vec<u16>,
}

/// What the structure tensor of a pixel tells (Di Zenzo 1986): a colour picture's gradient, whatever its channel.
#[derive(Clone, Copy, Default)]
struct Tensor {
    xx: f32,
    xy: f32,
    yy: f32,
}

impl Tensor {
    /// The square of the steepest change.
    fn power(self) -> f32 {
        let (spread, skew) = (self.xx - self.yy, 2.0 * self.xy);
        (self.xx + self.yy + (spread * spread + skew * skew).sqrt()) / 2.0
    }

    /// The direction of the steepest change in degrees, 0 to 180.
    fn degrees(self) -> f32 {
        let degrees = (0.5 * (2.0 * self.xy).atan2(self.xx - self.yy)).to_degrees();
        if degrees < 0.0 { degrees + 180.0 } else { degrees }
    }

    /// The neighbour in that direction.
    fn step(self) -> (isize, isize) {
        // Against tan 22.5 degrees, by double angles.
        let (cos, sin) = (self.xx - self.yy, 2.0 * self.xy);
        match (sin.abs() > cos.abs(), cos > 0.0, sin > 0.0) {
            (true, _, true) => (1, 1),
            (true, _, false) => (1, -1),
            (false, true, _) => (1, 0),
            (false, false, _) => (0, 1),
        }
    }
}

impl Edges {
    /// The edges of a copy.
    pub(super) fn of(small: &Small) -> Self {
        let (width, height) = (small.width, small.height);
        let tensors = tensors(small);
        let powers: Vec<f32> = tensors.iter().map(|tensor| tensor.power()).collect();
        let at = |column: isize, row: isize| {
            let inside = (0..width as isize).contains(&column) && (0..height as isize).contains(&row);
            if inside { powers[row as usize * width + column as usize] } else { 0.0 }
        };
        let mut thin = Vec::new();
        for row in 0..height {
            for column in 0..width {
                let place = row * width + column;
                let (tensor, power) = (tensors[place], powers[place]);
                if power < FAINTEST * FAINTEST {
                    continue;
                }
                let (across, down) = tensor.step();
                let (column, row) = (column as isize, row as isize);
                let before = at(column - across, row - down);
                let after = at(column + across, row + down);
                if power > before && power >= after {
                    thin.push((power, place));
                }
            }
        }
        if thin.len() > MOST {
            thin.select_nth_unstable_by(MOST, |a, b| b.0.total_cmp(&a.0));
            thin.truncate(MOST);
        }

        let mut edges =
            Self { width, height, directions: vec![NONE; width * height], nearby: vec![0; width * height] };
        for (_, place) in thin {
            let tensor = tensors[place];
            let degrees = tensor.degrees();
            edges.directions[place] = (degrees.round() as u8) % 180;
            let sectors =
                [-10.0, 0.0, 10.0].iter().fold(0, |sectors, aside| sectors | sector(degrees + aside));
            let (across, down) = tensor.step();
            let (column, row) = ((place % width) as isize, (place / width) as isize);
            for side in -1..=1 {
                if let Some(place) = edges.place(column + side * across, row + side * down) {
                    edges.nearby[place] |= sectors;
                }
            }
        }
        edges
    }

    /// Every edge: column, row, direction across it in whole degrees, 0 to 179.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let edges = self.directions.iter().enumerate().filter(|(_, direction)| **direction != NONE);
        edges.map(|(place, direction)| (place % self.width, place / self.width, usize::from(*direction)))
    }

    /// The direction across the edge at a pixel in degrees, if there is an edge.
    pub(super) fn direction(&self, column: isize, row: isize) -> Option<f32> {
        let direction = self.directions[self.place(column, row)?];
        (direction != NONE).then_some(f32::from(direction))
    }

    /// Whether an edge that is crossed in the direction of `sector` (see [`sector`]) lies at a pixel or beside it; none
    /// beyond the copy.
    pub(super) fn is_near(&self, x: f32, y: f32, sector: u16) -> bool {
        self.place((x + 0.5) as isize, (y + 0.5) as isize)
            .is_some_and(|place| self.nearby[place] & sector != 0)
    }

    fn place(&self, column: isize, row: isize) -> Option<usize> {
        let inside = (0..self.width as isize).contains(&column) && (0..self.height as isize).contains(&row);
        inside.then(|| row as usize * self.width + column as usize)
    }
}

/// The bit of a direction given in degrees.
pub(super) fn sector(degrees: f32) -> u16 {
    let number = (degrees / (180.0 / f32::from(SECTORS))).round() as i32;
    1 << number.rem_euclid(i32::from(SECTORS))
}

/// The structure tensor of every pixel.
fn tensors(small: &Small) -> Vec<Tensor> {
    let (width, height) = (small.width, small.height);
    let mut tensors = vec![Tensor::default(); width * height];
    for row in 0..height {
        let rows = [small.row(row.saturating_sub(1)), small.row(row), small.row((row + 1).min(height - 1))];
        for column in 0..width {
            let (left, right) = (column.saturating_sub(1), (column + 1).min(width - 1));
            let mut tensor = Tensor::default();
            let [above, here, below] = rows;
            for channel in 0..3 {
                // Sobel (1968), in levels a pixel.
                let across = |line: &[Colour]| line[right][channel] - line[left][channel];
                let down = |column: usize| below[column][channel] - above[column][channel];
                let x = (across(above) + 2.0 * across(here) + across(below)) / 8.0;
                let y = (down(left) + 2.0 * down(column) + down(right)) / 8.0;
                tensor.xx += x * x;
                tensor.xy += x * y;
                tensor.yy += y * y;
            }
            tensors[row * width + column] = tensor;
        }
    }
    tensors
}

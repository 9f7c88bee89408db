//! Straight lines among the edges: a Hough transform by direction, and how far each line is edge.

use super::edges::{Edges, sector};
use crate::geometry::Point;

/// How many peaks of the transform are looked at.
const PEAKS: usize = 220;

/// An edge votes for directions within so many degrees of its own.
const SPREAD: usize = 4;

/// The least votes of a line, and its least run of edge, in pixels.
const SHORTEST: u16 = 18;

/// What a gap of one pixel takes from a run of edge: more than half of it has to be edge.
const GAP: f32 = 1.2;

/// A straight line in a small copy and its run along which it is edge.
#[derive(Clone)]
pub(super) struct Line {
    /// Direction across it, in degrees from -90 to 270.
    pub(super) degrees: f32,
    /// Unit vector across it.
    pub(super) normal: (f32, f32),
    /// Distance from the origin along `normal`.
    pub(super) offset: f32,
    /// Whether it is a border of the copy, which may hide a side of a card that reaches beyond.
    pub(super) is_border: bool,
    /// Length of its best run in pixels, gaps taken off.
    pub(super) weight: f32,
    /// Where the run begins and ends, along the line.
    pub(super) run: (f32, f32),
    /// Where along the line the first pixel within the copy lies.
    first: f32,
    /// How many of the first so many pixels along the line are edge.
    counts: Vec<u16>,
}

impl Line {
    fn new(edges: &Edges, degrees: f32, offset: f32) -> Option<Self> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (first, last) = within(edges, (cos, sin), offset)?;
        let mask = sector(degrees);
        let mut counts = vec![0];
        let (mut best, mut run) = (0.0, (first, first));
        let (mut weight, mut start, mut total) = (0.0, first, 0);
        let mut along = first;
        while along <= last {
            let is_edge = edges.is_near(cos * offset - sin * along, sin * offset + cos * along, mask);
            total += u16::from(is_edge);
            counts.push(total);
            weight += if is_edge { 1.0 } else { -GAP };
            if weight <= 0.0 {
                (weight, start) = (0.0, along + 1.0);
            } else if weight > best {
                (best, run) = (weight, (start, along));
            }
            along += 1.0;
        }
        let normal = (cos, sin);
        Some(Self { degrees, normal, offset, is_border: false, weight: best, run, first, counts })
    }

    /// Where along the line a point lies.
    pub(super) fn along(&self, point: Point) -> f32 {
        point.y * self.normal.0 - point.x * self.normal.1
    }

    /// The point at a place along the line.
    pub(super) fn point(&self, along: f32) -> Point {
        let (cos, sin) = self.normal;
        Point { x: cos * self.offset - sin * along, y: sin * self.offset + cos * along }
    }

    /// How far a point lies from it, with its sign.
    pub(super) fn distance(&self, point: Point) -> f32 {
        point.x * self.normal.0 + point.y * self.normal.1 - self.offset
    }

    /// How many pixels between two places along the line lie within the copy, and how many of these are edge.
    pub(super) fn support(&self, from: f32, to: f32) -> (f32, f32) {
        let (from, to) = if from < to { (from, to) } else { (to, from) };
        let last = self.counts.len() - 1;
        let place = |along: f32| ((along - self.first + 0.5).max(0.0) as usize).min(last);
        let (from, to) = (place(from), place(to));
        ((to - from) as f32, f32::from(self.counts[to] - self.counts[from]))
    }

    /// The better line through the edges along the run, by total least squares.
    fn refined(&self, edges: &Edges, reach: isize) -> Option<Self> {
        let steps_across = self.normal.0.abs() > self.normal.1.abs();
        let (mut count, mut x, mut y, mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0_f64);
        let mut along = self.run.0;
        while along <= self.run.1 {
            let middle = self.point(along);
            for aside in -reach..=reach {
                let (across, down) = if steps_across { (aside, 0) } else { (0, aside) };
                let (column, row) = ((middle.x + 0.5) as isize + across, (middle.y + 0.5) as isize + down);
                let Some(direction) = edges.direction(column, row) else { continue };
                if angle_between(direction, self.degrees) > 16.0 {
                    continue;
                }
                let (px, py) = (column as f64, row as f64);
                count += 1.0;
                x += px;
                y += py;
                xx += px * px;
                xy += px * py;
                yy += py * py;
            }
            along += 1.0;
        }
        if count < 8.0 {
            return None;
        }
        let (x, y) = (x / count, y / count);
        let (xx, xy, yy) = (xx / count - x * x, xy / count - x * y, yy / count - y * y);
        // The direction of least spread lies across the line.
        let degrees = (0.5 * (2.0 * xy).atan2(xx - yy)).to_degrees() + 90.0;
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self::new(edges, degrees as f32, (x * cos + y * sin) as f32)
    }

    /// Whether another is the same but for what the transform rounds.
    fn is_same(&self, other: &Self) -> bool {
        angle_between(self.degrees, other.degrees) < 2.5
            && [self.run.0, self.run.1].iter().all(|along| other.distance(self.point(*along)).abs() < 1.6)
    }
}

/// The angle between two lines whose directions are given in degrees, 0 to 90.
pub(super) fn angle_between(a: f32, b: f32) -> f32 {
    let turn = (a - b).rem_euclid(180.0);
    turn.min(180.0 - turn)
}

/// The longest straight lines of each source of edges, the longest first, then the copy's four borders.
pub(super) fn lines(sources: &[(&Edges, usize)], width: usize, height: usize) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::with_capacity(sources.iter().map(|(_, most)| most).sum::<usize>() + 4);
    for (edges, most) in sources {
        let mut lines: Vec<Line> = peaks(edges)
            .into_iter()
            .filter_map(|(degrees, offset)| {
                let line = Line::new(edges, degrees, offset)?;
                let line = line.refined(edges, 3).unwrap_or(line);
                let line = line.refined(edges, 1).unwrap_or(line);
                (line.weight >= f32::from(SHORTEST)).then_some(line)
            })
            .collect();
        lines.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let full = kept.len() + most;
        for line in lines {
            match kept.iter().position(|known| line.is_same(known)) {
                Some(known) if kept[known].weight < line.weight => kept[known] = line,
                Some(_) => {}
                None if kept.len() < full => kept.push(line),
                None => break,
            }
        }
    }
    kept.extend(borders(width, height));
    kept
}

/// The copy's borders, as lines.
fn borders(width: usize, height: usize) -> [Line; 4] {
    let (right, bottom) = (width as f32 - 0.5, height as f32 - 0.5);
    [(0.0, -0.5), (0.0, right), (90.0, -0.5), (90.0, bottom)].map(|(degrees, offset)| {
        // Along an upright line places count downwards, along a level one to the left.
        let run = if degrees == 0.0 { (-0.5, bottom) } else { (-right, 0.5) };
        let (sin, cos) = f32::to_radians(degrees).sin_cos();
        let weight = (run.1 - run.0) / 2.0;
        let counts = vec![0];
        Line { degrees, normal: (cos, sin), offset, is_border: true, weight, run, first: run.0, counts }
    })
}

/// Where along a line the pixels within the copy begin and end.
fn within(edges: &Edges, (cos, sin): (f32, f32), offset: f32) -> Option<(f32, f32)> {
    let (mut first, mut last) = (f32::NEG_INFINITY, f32::INFINITY);
    let ranges = [(cos * offset, -sin, edges.width), (sin * offset, cos, edges.height)];
    for (start, step, side) in ranges {
        let most = side as f32 - 1.0;
        if step.abs() < 1e-6 {
            if !(-0.5..=most + 0.5).contains(&start) {
                return None;
            }
            continue;
        }
        let (a, b) = ((-start) / step, (most - start) / step);
        first = first.max(a.min(b));
        last = last.min(a.max(b));
    }
    (first.is_finite() && last.is_finite() && last - first >= 2.0).then_some((first, last))
}

/// The peaks of the Hough transform (Duda and Hart 1972), edges voting by their directions alone: direction across the
/// line in degrees, and offset from the origin.
fn peaks(edges: &Edges) -> Vec<(f32, f32)> {
    let diagonal = (edges.width as f32).hypot(edges.height as f32).ceil();
    // Offsets run from -diagonal to diagonal, one pixel a place, with a place to spare at both ends.
    let places = 2 * diagonal as usize + 5;
    let turns: Vec<(f32, f32)> = (0..180)
        .map(|degrees| (degrees as f32).to_radians().sin_cos())
        .map(|(sin, cos)| (cos, sin))
        .collect();
    let mut votes = vec![0_u16; 180 * places];
    for (column, row, direction) in edges.iter() {
        for degrees in direction + 180 - SPREAD..=direction + 180 + SPREAD {
            let degrees = degrees % 180;
            let (cos, sin) = turns[degrees];
            let offset = column as f32 * cos + row as f32 * sin + diagonal + 2.0;
            if let Some(vote) = votes.get_mut(degrees * places + (offset + 0.5) as usize) {
                *vote += 1;
            }
        }
    }
    // Three neighbouring offsets together, so that a line between two of them is not halved.
    let sums: Vec<u16> = votes
        .chunks_exact(places)
        .flat_map(|row| {
            let before = std::iter::once(&0).chain(row);
            let after = row.iter().skip(1).chain(std::iter::once(&0));
            before.zip(row).zip(after).map(|((before, here), after)| before + here + after)
        })
        .collect();
    let at = |degrees: isize, place: isize| {
        // Half a turn on, offsets count the other way.
        let (degrees, place) = match degrees {
            0..180 => (degrees, place),
            _ => (degrees.rem_euclid(180), 2 * (diagonal as isize + 2) - place),
        };
        let place = degrees as usize * places + place.clamp(0, places as isize - 1) as usize;
        sums.get(place).copied().unwrap_or_default()
    };
    let mut found = Vec::new();
    for degrees in 0..180_isize {
        for place in 2..places as isize - 2 {
            let here = at(degrees, place);
            if here < SHORTEST {
                continue;
            }
            let is_peak = (-2..=2).all(|turn| {
                (-2..=2).all(|aside| {
                    let beside = at(degrees + turn, place + aside);
                    if (turn, aside) < (0, 0) { here > beside } else { here >= beside }
                })
            });
            if is_peak {
                found.push((here, degrees as f32, place as f32 - diagonal - 2.0));
            }
        }
    }
    found.sort_by_key(|(votes, ..)| std::cmp::Reverse(*votes));
    found.truncate(PEAKS);
    found.into_iter().map(|(_, degrees, offset)| (degrees, offset)).collect()
}

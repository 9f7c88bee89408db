//! The sides of a quadrilateral to a fraction of a pixel, in the picture itself.

use crate::card::quad::Quad;
use crate::geometry::Point;
use crate::picture::Picture;

/// Places along a side where its edge is looked for.
const PLACES: usize = 64;

/// The part of a side that is straight: corners are rounded.
const MIDDLE: (f32, f32) = (0.08, 0.92);

/// The shortest side that is looked at, in pixels of the picture.
const SHORTEST: f32 = 8.0;

/// The least share of the places that have to agree on a line.
const AGREEING: f32 = 0.35;

/// Steps of a profile across a side, from outside to inside.
const STEPS: usize = 33;

/// Moves every side to the edge within `reach` pixels of the picture, where enough of it is seen.
pub(super) fn refined(quad: &Quad, picture: &Picture, reach: f32) -> Quad {
    let sides = quad.sides().map(|(from, to)| side(from, to, picture, reach).unwrap_or((from, to)));
    let corner = |before: (Point, Point), after: (Point, Point)| crossing(before, after);
    let [top, right, bottom, left] = sides;
    let corners = [corner(left, top), corner(top, right), corner(right, bottom), corner(bottom, left)];
    let [Some(a), Some(b), Some(c), Some(d)] = corners else { return *quad };
    let refined = Quad { corners: [a, b, c, d] };
    let is_near = refined.corners.iter().zip(quad.corners).all(|(new, old)| new.distance(old) < 4.0 * reach);
    if refined.is_finite() && refined.is_convex() && is_near { refined } else { *quad }
}

/// One side, moved; `None` where too little of it is edge.
fn side(from: Point, to: Point, picture: &Picture, reach: f32) -> Option<(Point, Point)> {
    let length = from.distance(to);
    if length.is_nan() || length < SHORTEST {
        return None;
    }
    let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    // Corners go around clockwise, so this points inside.
    let (nx, ny) = (-dy, dx);
    let step = 2.0 * reach / (STEPS - 1) as f32;
    let mut found = Vec::with_capacity(PLACES);
    for place in 0..PLACES {
        let share = MIDDLE.0 + (MIDDLE.1 - MIDDLE.0) * (place as f32 + 0.5) / PLACES as f32;
        let along = length * share;
        let (x, y) = (from.x + dx * along, from.y + dy * along);
        let mut profile = [[0.0_f32; 3]; STEPS];
        let mut seen = true;
        for (number, colour) in profile.iter_mut().enumerate() {
            let across = number as f32 * step - reach;
            match mean_along(picture, (x + nx * across, y + ny * across), (dx, dy), step) {
                Some(value) => *colour = value,
                None => seen = false,
            }
        }
        if let (true, Some((across, contrast))) = (seen, steepest(&profile)) {
            found.push((along, across * step - reach, contrast));
        }
    }
    let (slope, start) = line(&found, length, step)?;
    let moved = |along: f32| {
        let across = start + slope * along;
        Point { x: from.x + dx * along + nx * across, y: from.y + dy * along + ny * across }
    };
    Some((moved(0.0), moved(length)))
}

/// The mean colour of three places a little apart along a side; `None` beyond the picture.
fn mean_along(picture: &Picture, at: (f32, f32), direction: (f32, f32), apart: f32) -> Option<[f32; 3]> {
    let mut sum = [0.0; 3];
    for shift in [-1.5 * apart, 0.0, 1.5 * apart] {
        let colour = bilinear(picture, at.0 + direction.0 * shift, at.1 + direction.1 * shift)?;
        sum = std::array::from_fn(|channel| sum[channel] + colour[channel] / 3.0);
    }
    Some(sum)
}

/// The colour between pixels; `None` beyond the picture.
fn bilinear(picture: &Picture, x: f32, y: f32) -> Option<[f32; 3]> {
    let (right, bottom) = (picture.width() as f32 - 1.0, picture.height() as f32 - 1.0);
    if !(x >= 0.0 && y >= 0.0 && x <= right && y <= bottom) {
        return None;
    }
    let (column, row) = (x as usize, y as usize);
    let (across, down) = (x - column as f32, y - row as f32);
    let width = picture.width() as usize;
    let pixels = picture.rgb().as_chunks::<3>().0;
    let pixel = |column: usize, row: usize| {
        let column = column.min(width - 1);
        let row = row.min(picture.height() as usize - 1);
        pixels.get(row * width + column).copied().unwrap_or_default().map(f32::from)
    };
    let corners =
        [pixel(column, row), pixel(column + 1, row), pixel(column, row + 1), pixel(column + 1, row + 1)];
    Some(std::array::from_fn(|channel| {
        let top = corners[0][channel] + (corners[1][channel] - corners[0][channel]) * across;
        let bottom = corners[2][channel] + (corners[3][channel] - corners[2][channel]) * across;
        top + (bottom - top) * down
    }))
}

/// Where a profile changes most, in its steps, and by how many levels a step.
fn steepest(profile: &[[f32; 3]; STEPS]) -> Option<(f32, f32)> {
    const HALF: usize = 3;
    let mean = |from: usize| -> [f32; 3] {
        let part = profile.get(from..from + HALF).unwrap_or_default();
        std::array::from_fn(|channel| part.iter().map(|colour| colour[channel]).sum::<f32>() / HALF as f32)
    };
    let change = |before: usize| {
        let (outside, inside) = (mean(before), mean(before + HALF));
        outside.iter().zip(inside).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    };
    let changes: Vec<f32> = (0..=STEPS - 2 * HALF).map(change).collect();
    let (place, most) = changes.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    if most < 4.0 {
        return None;
    }
    let beside = |place: Option<usize>| place.and_then(|place| changes.get(place)).copied();
    let aside = match (beside(place.checked_sub(1)), beside(Some(place + 1))) {
        (Some(before), Some(after)) => {
            let bend = before - 2.0 * most + after;
            if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 }
        }
        // At the end of the profile the change may go on beyond it.
        _ => return None,
    };
    Some((place as f32 + HALF as f32 - 0.5 + aside, most))
}

/// The line most of the places agree on: slope and start, by consensus of pairs and then least squares.
fn line(found: &[(f32, f32, f32)], length: f32, step: f32) -> Option<(f32, f32)> {
    let needed = (PLACES as f32 * AGREEING) as usize;
    if found.len() < needed {
        return None;
    }
    let tolerance = 1.5 * step;
    let agree = |slope: f32, start: f32| {
        found.iter().filter(move |(along, across, _)| (across - start - slope * along).abs() < tolerance)
    };
    let mut best: Option<(usize, f32, f32)> = None;
    let stride = (found.len() / 22).max(1);
    for (number, one) in found.iter().enumerate().step_by(stride) {
        for other in found.iter().skip(number + stride).step_by(stride) {
            if other.0 - one.0 < length * 0.25 {
                continue;
            }
            let slope = (other.1 - one.1) / (other.0 - one.0);
            let start = one.1 - slope * one.0;
            let count = agree(slope, start).count();
            if best.is_none_or(|(most, ..)| count > most) {
                best = Some((count, slope, start));
            }
        }
    }
    let (count, mut slope, mut start) = best?;
    if count < needed {
        return None;
    }
    for _ in 0..2 {
        let (mut n, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (along, across, _) in agree(slope, start) {
            n += 1.0;
            x += along;
            y += across;
            xx += along * along;
            xy += along * across;
        }
        let spread = xx - x * x / n;
        if n >= 2.0 && spread > 0.0 {
            slope = (xy - x * y / n) / spread;
            start = (y - slope * x) / n;
        }
    }
    Some((slope, start))
}

/// Where two lines, each through two points, cross.
fn crossing(one: (Point, Point), other: (Point, Point)) -> Option<Point> {
    let (ax, ay) = (one.1.x - one.0.x, one.1.y - one.0.y);
    let (bx, by) = (other.1.x - other.0.x, other.1.y - other.0.y);
    let determinant = ax * by - ay * bx;
    if determinant.abs() < 1e-3 * ax.hypot(ay) * bx.hypot(by) {
        return None;
    }
    let share = ((other.0.x - one.0.x) * by - (other.0.y - one.0.y) * bx) / determinant;
    Some(one.0.towards(one.1, share))
}

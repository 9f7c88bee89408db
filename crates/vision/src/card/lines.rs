//! Lines of text: where they are.
//!
//! The detector gives each place a probability of lying in the kernel of a line of text, which is narrower than the line
//! (Liao and others 2020, differentiable binarisation). Connected places above a threshold are one line; the smallest
//! rectangle around them, grown back, is where it is read.

use super::Quad;
use super::hull::least_rectangle;
use crate::geometry::Point;
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};
use crate::view::View;

/// A line of text that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextLine {
    /// Where it is in the picture, its longer sides top and bottom.
    pub quad: Quad,
    /// The mean probability of its places, 0 to 1.
    pub score: f32,
}

/// Thresholds and growth as the detector's publisher gives them for it.
const PLACE: f32 = 0.2;
const LINE: f32 = 0.4;
const GROWTH: f32 = 1.4;

/// So many line heights are added at either end: in blurred pictures the first and last character are half lost.
const AT_ENDS: f32 = 0.3;

/// Narrower kernels, in canvas pixels, are specks.
const LEAST_SIDE: f32 = 2.0;

/// The longer side of what lines are looked for in, in pixels.
const CANVAS: usize = 800;

/// More lines than this are noise; a card has about 35.
const MOST_LINES: usize = 160;

impl Bench {
    /// The lines of text of a picture, in no order.
    ///
    /// # Errors
    /// The model failed.
    pub fn text_lines(&mut self, picture: &Picture) -> Result<Vec<TextLine>, ModelError> {
        let (networks, scratch) = self.parts()?;
        let input = networks.text_detector.entry().input;
        let step = input.multiple_of.unwrap_or(input.width) as usize;
        let view = View::whole(picture, CANVAS, 0.0, 1.0, step);
        let Some(placement) = view.draw(picture, &input, scratch)? else { return Ok(Vec::new()) };
        let found = networks.text_detector.run(&scratch.planes, view.width, view.height, |outputs| {
            let (_, value) = outputs.iter().next().ok_or(ModelError::Output)?;
            let (_, map) = value.try_extract_tensor::<f32>()?;
            if map.len() == view.width * view.height {
                Ok(on_canvas(map, view.width))
            } else {
                Err(ModelError::Output)
            }
        })?;
        let in_picture = |line: TextLine| TextLine {
            quad: Quad { corners: line.quad.corners.map(|corner| placement.in_picture(corner)) },
            ..line
        };
        Ok(found.into_iter().map(in_picture).collect())
    }
}

/// The lines of a map of probabilities, in its pixels; the most probable ones where there are too many.
fn on_canvas(map: &[f32], width: usize) -> Vec<TextLine> {
    let mut lines: Vec<TextLine> = components(map, width).into_iter().filter_map(line).collect();
    if lines.len() > MOST_LINES {
        lines.sort_by(|a, b| b.score.total_cmp(&a.score));
        lines.truncate(MOST_LINES);
    }
    lines
}

/// Connected places above the threshold.
struct Component {
    /// Places with a neighbour outside it.
    border: Vec<Point>,
    sum: f32,
    count: usize,
}

/// Components of places that touch, also at a corner.
fn components(map: &[f32], width: usize) -> Vec<Component> {
    let height = map.len() / width.max(1);
    let inside = |place: usize| map.get(place).is_some_and(|probability| *probability > PLACE);
    let mut seen = vec![false; map.len()];
    let mut found = Vec::new();
    let mut open = Vec::new();
    for start in 0..map.len() {
        if seen.get(start).copied().unwrap_or(true) || !inside(start) {
            continue;
        }
        let mut component = Component { border: Vec::new(), sum: 0.0, count: 0 };
        open.push(start);
        if let Some(seen) = seen.get_mut(start) {
            *seen = true;
        }
        while let Some(place) = open.pop() {
            let (column, row) = (place % width, place / width);
            component.sum += map.get(place).copied().unwrap_or_default();
            component.count += 1;
            let mut within = 0;
            for y in row.saturating_sub(1)..(row + 2).min(height) {
                for x in column.saturating_sub(1)..(column + 2).min(width) {
                    let next = y * width + x;
                    if !inside(next) {
                        continue;
                    }
                    within += 1;
                    if let Some(seen) = seen.get_mut(next).filter(|seen| !**seen) {
                        *seen = true;
                        open.push(next);
                    }
                }
            }
            if within < 9 {
                component.border.push(Point { x: column as f32, y: row as f32 });
            }
        }
        found.push(component);
    }
    found
}

/// The line a component is the kernel of; `None` where it is improbable or a speck.
fn line(mut component: Component) -> Option<TextLine> {
    let score = component.sum / component.count as f32;
    if score < LINE {
        return None;
    }
    let kernel = least_rectangle(&mut component.border)?;
    // Places are counted from their centres; the kernel reaches half a pixel further.
    let (width, height) = (kernel.width() + 1.0, kernel.height() + 1.0);
    if width.min(height) < LEAST_SIDE {
        return None;
    }
    let growth = GROWTH * width * height / (2.0 * (width + height)) + 0.5;
    let (quad, line_height) = (grown(&kernel, growth, growth)?, height + 2.0 * growth);
    Some(TextLine { quad: grown(&quad, AT_ENDS * line_height, 0.0)?, score })
}

/// A rectangle with its ends and its long sides moved outwards.
fn grown(quad: &Quad, ends: f32, sides: f32) -> Option<Quad> {
    let [a, b, c, d] = quad.corners;
    let (long, short) = (a.distance(b), a.distance(d));
    let (ux, uy) = ((b.x - a.x) / long * ends, (b.y - a.y) / long * ends);
    let (vx, vy) = ((d.x - a.x) / short * sides, (d.y - a.y) / short * sides);
    let at = |corner: Point, along: f32, aside: f32| Point {
        x: corner.x + along * ux + aside * vx,
        y: corner.y + along * uy + aside * vy,
    };
    let quad = Quad { corners: [at(a, -1.0, -1.0), at(b, 1.0, -1.0), at(c, 1.0, 1.0), at(d, -1.0, 1.0)] };
    quad.is_finite().then_some(quad)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map(width: usize, height: usize, kernels: &[(usize, usize, usize, usize, f32)]) -> Vec<f32> {
        let mut map = vec![0.05; width * height];
        for &(left, top, across, down, probability) in kernels {
            for row in top..top + down {
                map[row * width + left..row * width + left + across].fill(probability);
            }
        }
        map
    }

    #[test]
    fn kernels_are_grown_to_lines() {
        type Kernel = (usize, usize, usize, usize, f32);
        type Row<'r> = (&'r str, &'r [Kernel], &'r [(f32, f32)]);
        let rows: [Row; 5] = [
            ("nothing", &[], &[]),
            // 60 x 6 grows by 1.4 * 360 / 132 all around, and by three tenths of its height at the ends.
            ("one", &[(20, 20, 60, 6, 0.9)], &[(76.4, 13.6)]),
            ("two that touch at a corner", &[(20, 20, 30, 6, 0.9), (50, 26, 30, 6, 0.9)], &[(88.5, 25.2)]),
            ("improbable", &[(20, 20, 60, 6, 0.3)], &[]),
            ("a speck", &[(20, 20, 1, 1, 0.9)], &[]),
        ];
        for (case, kernels, expected) in rows {
            let found = on_canvas(&map(128, 64, kernels), 128);
            assert_eq!(found.len(), expected.len(), "{case}: {found:?}");
            for (line, (width, height)) in found.iter().zip(expected) {
                let (across, down) = (line.quad.width(), line.quad.height());
                assert!(
                    (across - width).abs() < 2.0 && (down - height).abs() < 2.0,
                    "{case}: {across} {down}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn no_map_breaks_it(width in 1_usize..40, values in prop::collection::vec(0.0_f32..1.0, 0..1600)) {
            let height = values.len() / width;
            let found = on_canvas(values.get(..width * height).unwrap_or_default(), width);
            prop_assert!(found.len() <= MOST_LINES);
            prop_assert!(found.iter().all(|line| line.quad.is_finite() && (LINE..=1.0).contains(&line.score)));
        }
    }
}

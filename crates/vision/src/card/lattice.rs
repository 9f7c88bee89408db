//! The likeliest text of a number of characters that is known, by the best way through all steps (Viterbi).

use std::ops::Range;

use super::alphabet::Alphabet;
use super::emissions::{BLANK, Glyph, LEAST, Reading};

/// Where a way through the steps came from.
#[derive(Clone, Copy, PartialEq)]
struct Node {
    log: f32,
    /// The node of the step before.
    from: usize,
}

/// The likeliest ways to have read so many characters after every step. A node is a number of characters read and the
/// class of the step, of which place 0 is the blank.
pub(super) struct Lattice {
    range: Range<usize>,
    /// The probabilities of every step.
    rows: Vec<Vec<f32>>,
    count: usize,
    classes: Vec<usize>,
    /// A layer a step.
    layers: Vec<Vec<Node>>,
}

impl Lattice {
    pub(super) fn search(
        range: Range<usize>,
        rows: Vec<Vec<f32>>,
        count: usize,
        classes: Vec<usize>,
    ) -> Self {
        let width = classes.len() + 1;
        let mut layers: Vec<Vec<Node>> = Vec::with_capacity(rows.len());
        for row in &rows {
            let emitted = |place: usize| {
                let class = place.checked_sub(1).and_then(|place| classes.get(place)).copied();
                row.get(class.unwrap_or(BLANK)).map_or(f32::NEG_INFINITY, |share| share.max(LEAST).ln())
            };
            let before = layers.last();
            let layer = (0..(count + 1) * width).map(|node| {
                let (read, place) = (node / width, node % width);
                let Node { log, from } = best_before(before, read, place, width);
                Node { log: log + emitted(place), from }
            });
            let layer = layer.collect();
            layers.push(layer);
        }
        Self { range, rows, count, classes, layers }
    }

    /// The likeliest way that has read all characters.
    pub(super) fn reading(&self, alphabet: &Alphabet) -> Option<Reading> {
        let width = self.classes.len() + 1;
        let ends = self.layers.last()?.iter().enumerate().skip(self.count * width);
        let (mut node, end) = ends.max_by(|(_, a), (_, b)| a.log.total_cmp(&b.log))?;
        if !end.log.is_finite() {
            return None;
        }
        let mut way = Vec::with_capacity(self.layers.len());
        for (layer, place) in self.layers.iter().enumerate().rev().map(|(place, layer)| (layer, place)) {
            way.push((place, node / width, node % width));
            node = layer.get(node)?.from;
        }
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(self.count);
        let mut read_before = 0;
        for (place, read, choice) in way.into_iter().rev() {
            let Some(&class) = choice.checked_sub(1).and_then(|choice| self.classes.get(choice)) else {
                continue;
            };
            let confidence = self.rows.get(place).and_then(|row| row.get(class)).copied().unwrap_or_default();
            let character = alphabet.character(class)?;
            let glyph = Glyph { character, seen: character, step: self.range.start + place, confidence };
            if read > read_before {
                glyphs.push(glyph);
            } else if let Some(last) = glyphs.last_mut().filter(|last| last.confidence < confidence) {
                *last = glyph;
            }
            read_before = read;
        }
        Some(Reading { glyphs })
    }
}

/// The best node of the layer before from which a node is reached: the same one, the blank or another character before a
/// new character, any class before a blank.
fn best_before(before: Option<&Vec<Node>>, read: usize, place: usize, width: usize) -> Node {
    const NEVER: Node = Node { log: f32::NEG_INFINITY, from: 0 };
    let Some(before) = before else {
        let starts = (read == 0 && place == 0) || (read == 1 && place != 0);
        return if starts { Node { log: 0.0, from: 0 } } else { NEVER };
    };
    let at = |read: usize, place: usize| {
        let from = read * width + place;
        before.get(from).map_or(NEVER, |node| Node { log: node.log, from })
    };
    let better = |a: Node, b: Node| if b.log > a.log { b } else { a };
    if place == 0 {
        return (0..width).map(|earlier| at(read, earlier)).fold(NEVER, better);
    }
    let stayed = at(read, place);
    let Some(fewer) = read.checked_sub(1) else { return NEVER };
    let others = (0..width).filter(|earlier| *earlier != place);
    others.map(|earlier| at(fewer, earlier)).fold(stayed, better)
}

//! Reading the parts of lines a value stands on, again with the better recogniser where the quick one was unsure.

use std::ops::Range;

use super::super::emissions::{Emissions, Glyph, Reading};
use super::super::quad::Quad;
use super::super::read::Recogniser;
use super::RepairReason;
use super::agreement::agreed;
use super::digits::digit;
use super::read_line::ReadLine;
use super::segments::Segment;
use crate::geometry::Point;
use crate::runtime::ModelError;

/// Reads a place of the card again.
pub type Again<'f> = dyn FnMut(&Quad, Recogniser) -> Result<Option<Emissions>, ModelError> + 'f;

/// What a character is read as; `None` where it stands for nothing that can be there.
pub(super) type ReadAs = fn(char) -> Option<char>;

/// A value whose least sure character is surer than this is not read again.
const SURE: f32 = 0.95;

/// So many digits of a number may be seen too few or too many.
const MOST_MISCOUNTED: usize = 2;

/// Text that was read for a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Decoded {
    pub(super) reading: Reading,
    /// Where, on the upright card.
    pub(super) quad: Option<Quad>,
}

impl Decoded {
    pub(super) fn text(&self) -> String {
        self.reading.text()
    }

    /// How sure it is, 0 to 1.
    pub(super) fn confidence(&self) -> f32 {
        self.reading.least_confidence()
    }

    /// A part of its characters, and of its place where it lies on one line.
    pub(super) fn part(&self, glyphs: Range<usize>) -> Self {
        let all = &self.reading.glyphs;
        let is_one_line = all.windows(2).all(|pair| pair[0].step <= pair[1].step);
        let steps =
            all.first().zip(all.last()).map(|(first, last)| (first.step as f32, last.step as f32 + 1.0));
        let part = all.get(glyphs).unwrap_or_default();
        let quad = self.quad.map(|quad| match (steps, part.first().zip(part.last())) {
            (Some((from, to)), Some((first, last))) if is_one_line && to > from => {
                let share = |step: f32| (step - from) / (to - from);
                quad.part(share(first.step as f32), share(last.step as f32 + 1.0))
            }
            _ => quad,
        });
        Self { reading: Reading { glyphs: part.to_vec() }, quad }
    }

    /// What was read as something else than it was seen as: digits for letters, and letters for digits.
    pub(super) fn repairs(&self) -> impl Iterator<Item = (usize, RepairReason)> {
        self.reading.glyphs.iter().enumerate().filter_map(|(place, glyph)| {
            match (glyph.seen.is_ascii_digit(), glyph.character.is_ascii_digit()) {
                (false, true) => Some((place, RepairReason::DigitReadAsLetter)),
                (true, false) => Some((place, RepairReason::LetterReadAsDigit)),
                _ => None,
            }
        })
    }
}

/// The lines of a card with what is learned of them when they are read again.
pub(super) struct Reader<'r> {
    lines: &'r [ReadLine],
    again: &'r mut Again<'r>,
    fine: Vec<Option<Option<Emissions>>>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(lines: &'r [ReadLine], again: &'r mut Again<'r>) -> Self {
        Self { lines, again, fine: vec![None; lines.len()] }
    }

    /// The text of some parts in their order, where `read_as` says what characters stand for.
    pub(super) fn text(&mut self, segments: &[Segment], read_as: ReadAs) -> Result<Decoded, ModelError> {
        // Among small letters an l is no I that was read badly.
        let is_small = self.is_in_small_letters(segments);
        let read_as = move |character| match character {
            'l' if is_small => read_as('L'),
            _ => read_as(character),
        };
        let of = |emissions: &Emissions, steps| emissions.best(steps, &emissions.alphabet().zone(read_as));
        let quick = self.quick(segments, of);
        if segments.is_empty() || quick.least_confidence() >= SURE {
            return Ok(Decoded { reading: quick, quad: self.quad(segments) });
        }
        self.settled(segments, quick, of)
    }

    /// `count` digits of a part.
    pub(super) fn digits(&mut self, segment: &Segment, count: usize) -> Result<Decoded, ModelError> {
        let of = |emissions: &Emissions, steps: Range<usize>| {
            let digits = emissions.alphabet().zone(digit);
            let free = emissions.best(steps.clone(), &digits);
            // Two run together or one seen twice is put right; what is much shorter or longer is no such number.
            let is_near = free.glyphs.len().abs_diff(count) <= MOST_MISCOUNTED;
            emissions.exactly(count, steps, &digits).filter(|_| is_near).unwrap_or(free)
        };
        let segments = std::slice::from_ref(segment);
        let quick = self.quick(segments, of);
        self.settled(segments, quick, of)
    }

    /// What both recognisers say of a place that is no line of its own.
    pub(super) fn place(&mut self, quad: &Quad) -> Result<[Option<Emissions>; 2], ModelError> {
        Ok([(self.again)(quad, Recogniser::Quick)?, (self.again)(quad, Recogniser::Fine)?])
    }

    fn is_in_small_letters(&self, segments: &[Segment]) -> bool {
        let glyphs = segments.iter().flat_map(|segment| {
            let glyphs = self.lines[segment.line].reading.glyphs.iter();
            glyphs.filter(|glyph| segment.steps.contains(&glyph.step))
        });
        let (mut small, mut capitals) = (0, 0);
        for Glyph { character, .. } in glyphs {
            // Letters whose small form is the capital's, or a stroke, tell nothing.
            small += usize::from("abdefghkmnpqrtuy".contains(*character));
            capitals += usize::from("ABDEFGHKLMNPQRTUY".contains(*character));
        }
        small > capitals
    }

    fn quick(&self, segments: &[Segment], of: impl Fn(&Emissions, Range<usize>) -> Reading) -> Reading {
        joined(segments.iter().map(|segment| of(&self.lines[segment.line].emissions, segment.steps.clone())))
    }

    /// Reads again, and holds both readings against each other.
    fn settled(
        &mut self,
        segments: &[Segment],
        quick: Reading,
        of: impl Fn(&Emissions, Range<usize>) -> Reading,
    ) -> Result<Decoded, ModelError> {
        let quad = self.quad(segments);
        let mut parts = Vec::with_capacity(segments.len());
        for segment in segments {
            let steps = self.lines[segment.line].emissions.steps();
            let Some(fine) = self.read_again(segment.line)? else {
                return Ok(Decoded { reading: quick, quad });
            };
            let scaled = |step: usize| (step * fine.steps() + steps / 2) / steps;
            parts.push(of(fine, scaled(segment.steps.start)..scaled(segment.steps.end)));
        }
        Ok(Decoded { reading: agreed(quick, joined(parts.into_iter())), quad })
    }

    fn read_again(&mut self, line: usize) -> Result<Option<&Emissions>, ModelError> {
        if self.fine[line].is_none() {
            self.fine[line] = Some((self.again)(&self.lines[line].quad, Recogniser::Fine)?);
        }
        Ok(self.fine[line].as_ref().and_then(Option::as_ref))
    }

    /// The smallest upright rectangle around parts that lie on one line as that line does.
    fn quad(&self, segments: &[Segment]) -> Option<Quad> {
        let mut quads = segments.iter().map(|segment| self.lines[segment.line].part(&segment.steps));
        let first = quads.next()?;
        Some(quads.fold(first, |whole, part| united(&whole, &part)))
    }
}

/// Parts with a space between them.
fn joined(parts: impl Iterator<Item = Reading>) -> Reading {
    let mut whole = Reading::default();
    for part in parts {
        if let (Some(last), false) = (whole.glyphs.last(), part.glyphs.is_empty()) {
            whole.glyphs.push(Glyph { character: ' ', seen: ' ', step: last.step, confidence: 1.0 });
        }
        whole.glyphs.extend(part.glyphs);
    }
    whole
}

/// The upright rectangle around two.
fn united(a: &Quad, b: &Quad) -> Quad {
    let corners = || a.corners.iter().chain(&b.corners);
    let least = |of: fn(&Point) -> f32| corners().map(of).fold(f32::INFINITY, f32::min);
    let most = |of: fn(&Point) -> f32| corners().map(of).fold(f32::NEG_INFINITY, f32::max);
    let (left, top, right, bottom) = (least(|p| p.x), least(|p| p.y), most(|p| p.x), most(|p| p.y));
    let at = |x, y| Point { x, y };
    Quad { corners: [at(left, top), at(right, top), at(right, bottom), at(left, bottom)] }
}

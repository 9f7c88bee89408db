//! Reading the parts of lines a value stands on, again with the better recogniser where the quick one was unsure.

use super::super::emissions::{Emissions, Glyph, Reading};
use super::super::quad::Quad;
use super::digits::digit;
use super::layout::{ReadLine, Segment};
use crate::geometry::Point;
use crate::runtime::ModelError;

/// Reads a line again: given its place, what the better recogniser says.
pub(super) type Finer<'f> = dyn FnMut(&Quad) -> Result<Option<Emissions>, ModelError> + 'f;

/// A value whose least sure character is surer than this is not read again.
const SURE: f32 = 0.95;

/// A character that is nearly taken for nothing has to be at least as sure as this.
const FAINT: f32 = 0.15;

/// Text that was read for a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Decoded {
    pub(super) reading: Reading,
    /// How sure it is, 0 to 1.
    pub(super) confidence: f32,
    /// Where, on the upright card.
    pub(super) quad: Option<Quad>,
}

impl Decoded {
    pub(super) fn text(&self) -> String {
        self.reading.text()
    }
}

/// The lines of a card with what is learned of them when they are read again.
pub(super) struct Reader<'r> {
    lines: &'r [ReadLine],
    finer: &'r mut Finer<'r>,
    fine: Vec<Option<Option<Emissions>>>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(lines: &'r [ReadLine], finer: &'r mut Finer<'r>) -> Self {
        Self { lines, finer, fine: vec![None; lines.len()] }
    }

    /// The text of some parts in their order, where `read_as` says what characters stand for.
    pub(super) fn text(
        &mut self,
        segments: &[Segment],
        read_as: impl Fn(char) -> Option<char>,
    ) -> Result<Decoded, ModelError> {
        let of = |emissions: &Emissions, steps| emissions.best(steps, &emissions.alphabet().zone(&read_as));
        self.decoded(segments, of)
    }

    /// The text of a place that is no line of its own.
    pub(super) fn text_at(
        &mut self,
        quad: &Quad,
        read_as: impl Fn(char) -> Option<char>,
    ) -> Result<Decoded, ModelError> {
        let Some(emissions) = (self.finer)(quad)? else { return Ok(Decoded::default()) };
        let zone = emissions.alphabet().zone(read_as);
        let whole = 0..emissions.steps();
        let mut reading = emissions.best(whole.clone(), &zone);
        if reading.glyphs.is_empty() {
            // A single character in much space is easily taken for none.
            reading =
                emissions.exactly(1, whole, &zone).filter(|one| surety(one) > FAINT).unwrap_or_default();
        }
        Ok(Decoded { confidence: surety(&reading), reading, quad: Some(*quad) })
    }

    /// `count` digits of a part.
    pub(super) fn digits(&mut self, segment: &Segment, count: usize) -> Result<Decoded, ModelError> {
        let of = |emissions: &Emissions, steps: std::ops::Range<usize>| {
            let digits = emissions.alphabet().zone(digit);
            let read = emissions.exactly(count, steps.clone(), &digits);
            read.unwrap_or_else(|| emissions.best(steps, &digits))
        };
        self.decoded_twice(std::slice::from_ref(segment), of)
    }

    fn decoded(
        &mut self,
        segments: &[Segment],
        of: impl Fn(&Emissions, std::ops::Range<usize>) -> Reading,
    ) -> Result<Decoded, ModelError> {
        let quick = self.quick(segments, &of);
        if segments.is_empty() || surety(&quick) >= SURE {
            let confidence = surety(&quick);
            return Ok(Decoded { reading: quick, confidence, quad: self.quad(segments) });
        }
        self.settled(segments, quick, of)
    }

    fn decoded_twice(
        &mut self,
        segments: &[Segment],
        of: impl Fn(&Emissions, std::ops::Range<usize>) -> Reading,
    ) -> Result<Decoded, ModelError> {
        let quick = self.quick(segments, &of);
        self.settled(segments, quick, of)
    }

    fn quick(
        &self,
        segments: &[Segment],
        of: impl Fn(&Emissions, std::ops::Range<usize>) -> Reading,
    ) -> Reading {
        joined(segments.iter().map(|segment| of(&self.lines[segment.line].emissions, segment.steps.clone())))
    }

    /// Reads again: where both say the same it is surer than either, else the surer one is taken and doubted.
    fn settled(
        &mut self,
        segments: &[Segment],
        quick: Reading,
        of: impl Fn(&Emissions, std::ops::Range<usize>) -> Reading,
    ) -> Result<Decoded, ModelError> {
        let quad = self.quad(segments);
        let mut parts = Vec::with_capacity(segments.len());
        for segment in segments {
            let steps = self.lines[segment.line].emissions.steps();
            let Some(fine) = self.read_again(segment.line)? else {
                let confidence = surety(&quick);
                return Ok(Decoded { reading: quick, confidence, quad });
            };
            let scaled = |step: usize| (step * fine.steps() + steps / 2) / steps;
            parts.push(of(fine, scaled(segment.steps.start)..scaled(segment.steps.end)));
        }
        let fine = joined(parts.into_iter());
        let (a, b) = (surety(&quick), surety(&fine));
        if same_letters(&quick, &fine) {
            let reading = if a > b { quick } else { fine };
            return Ok(Decoded { reading, confidence: 1.0 - (1.0 - a) * (1.0 - b), quad });
        }
        // The better one is believed unless it is much less sure; either way the other one speaks against it.
        let (reading, confidence) =
            if b >= a * a { (fine, b * (1.0 - a / 2.0)) } else { (quick, a * (1.0 - b / 2.0)) };
        Ok(Decoded { reading, confidence, quad })
    }

    fn read_again(&mut self, line: usize) -> Result<Option<&Emissions>, ModelError> {
        if self.fine[line].is_none() {
            self.fine[line] = Some((self.finer)(&self.lines[line].quad)?);
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

/// How sure a reading is: its least sure character that is no space, 0 to 1.
pub(super) fn surety(reading: &Reading) -> f32 {
    let characters = reading.glyphs.iter().filter(|glyph| glyph.character != ' ');
    let least = characters.map(|glyph| glyph.confidence).fold(f32::INFINITY, f32::min);
    if least.is_finite() { least } else { 0.0 }
}

fn same_letters(a: &Reading, b: &Reading) -> bool {
    let letters = |reading: &Reading| -> Vec<char> {
        reading.glyphs.iter().map(|glyph| glyph.character).filter(|character| *character != ' ').collect()
    };
    letters(a) == letters(b)
}

/// Parts with a space between them.
fn joined(parts: impl Iterator<Item = Reading>) -> Reading {
    let mut whole = Reading::default();
    for part in parts {
        if let (Some(last), false) = (whole.glyphs.last(), part.glyphs.is_empty()) {
            whole.glyphs.push(Glyph { character: ' ', step: last.step, confidence: 1.0 });
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

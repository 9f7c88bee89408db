//! Parts of lines: what stands together on a row.

use std::ops::Range;

use super::super::emissions::Glyph;
use super::read_line::ReadLine;
use crate::geometry::Point;

/// A gap of so many line heights parts two texts.
const GAP: f32 = 2.2;

/// Of two parts that cover each other by so much of the shorter one, one is the other found again.
const SAME: f32 = 0.5;

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    /// Which line.
    pub(super) line: usize,
    /// Its steps.
    pub(super) steps: Range<usize>,
    /// The middle of its height where it begins.
    pub(super) at: Point,
    /// Where it ends, from the left.
    pub(super) end: f32,
}

impl Segment {
    /// The steps of a run of glyphs, with half of what lies between them and their neighbours.
    pub(super) fn of(place: usize, line: &ReadLine, part: &Range<usize>) -> Self {
        let glyphs = &line.reading.glyphs;
        let step = |glyph: usize| glyphs.get(glyph).map_or(0, |glyph| glyph.step);
        let (first, last) = (step(part.start), step(part.end - 1));
        let before = part.start.checked_sub(1).map(step);
        let start =
            before.map_or(first.saturating_sub(3), |before| (before + first).div_ceil(2).max(before + 1));
        let end = match glyphs.get(part.end) {
            Some(next) => (last + next.step).div_ceil(2).max(last + 1),
            None => line.emissions.steps(),
        };
        Self { line: place, steps: start..end, at: line.at(first), end: line.at(last).x }
    }

    /// Without what stands left of `x`; `None` where nothing remains.
    pub(super) fn right_of(&self, x: f32, line: &ReadLine) -> Option<Self> {
        let glyphs = &line.reading.glyphs;
        let mut inside = (0..glyphs.len()).filter(|glyph| self.steps.contains(&glyphs[*glyph].step));
        let first = inside.find(|glyph| line.at(glyphs[*glyph].step).x >= x)?;
        let end = inside.next_back().unwrap_or(first) + 1;
        Some(Self::of(self.line, line, &(first..end)))
    }
}

/// The parts of a line from a glyph on, parted by wide gaps, without the colon before them.
pub(super) fn segments(place: usize, line: &ReadLine, first: usize) -> Vec<Segment> {
    let glyphs = &line.reading.glyphs;
    let per_step = line.quad.width() / line.emissions.steps() as f32;
    let gap = (GAP * line.quad.height() / per_step).max(3.0) as usize;
    let is_text = |glyph: usize| glyphs.get(glyph).is_some_and(|g| !" :;.,'".contains(g.character));
    let first = first + label_remainder(glyphs.get(first..).unwrap_or_default());
    let mut parts: Vec<Range<usize>> = Vec::new();
    for glyph in (first..glyphs.len()).filter(|glyph| *glyph > first || is_text(*glyph) || first == 0) {
        let Some(here) = glyphs.get(glyph) else { continue };
        match parts.last_mut() {
            Some(part) if here.step <= glyphs[part.end - 1].step + gap => part.end = glyph + 1,
            _ if is_text(glyph) => parts.push(glyph..glyph + 1),
            _ => {}
        }
    }
    parts.into_iter().map(|part| Segment::of(place, line, &part)).collect()
}

/// How many small letters stand before values in capitals: the end of a label that was not recognised as one.
fn label_remainder(glyphs: &[Glyph]) -> usize {
    let count = |wanted: fn(&char) -> bool| glyphs.iter().filter(|glyph| wanted(&glyph.character)).count();
    if count(char::is_ascii_uppercase) <= count(char::is_ascii_lowercase) {
        return 0;
    }
    // Some small letters are capitals or digits that were read badly.
    let is_small = |glyph: &&Glyph| glyph.character.is_ascii_lowercase() && !"ilos".contains(glyph.character);
    glyphs.iter().take_while(is_small).count()
}

/// From top to bottom, on a row from left to right; what was found twice once.
pub(super) fn in_order(segments: &mut Vec<Segment>, pitch: f32) {
    let first = segments.iter().map(|segment| segment.at.y).fold(f32::INFINITY, f32::min);
    let row = |segment: &Segment| ((segment.at.y - first) / (0.5 * pitch).max(1.0)).round() as i64;
    segments.sort_by(|a, b| row(a).cmp(&row(b)).then(a.at.x.total_cmp(&b.at.x)));
    let width = |segment: &Segment| segment.end - segment.at.x;
    let mut kept: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments.drain(..) {
        let twin = kept.iter_mut().find(|other| {
            let shared = other.end.min(segment.end) - other.at.x.max(segment.at.x);
            other.line != segment.line
                && (other.at.y - segment.at.y).abs() < 0.5 * pitch
                && shared > SAME * width(other).min(width(&segment)).max(1.0)
        });
        match twin {
            Some(twin) if width(twin) < width(&segment) => *twin = segment,
            Some(_) => {}
            None => kept.push(segment),
        }
    }
    *segments = kept;
}

//! The labels of a card in their places: which lines begin with which, and where the rows of those not found lie.

use super::super::quad::CARD_RATIO;
use super::labels::Label;
use super::read_line::ReadLine;
use crate::geometry::Point;

/// A value lies so many pitches from its label's row at most.
const SAME_ROW: f32 = 0.62;
/// A line that goes on below its label's row lies so many pitches from it at most.
const GOES_ON: f32 = 1.7;
/// The distance of two rows, as a fraction of the card's height.
const PITCH: f32 = 0.0485;
/// Labels begin at this share of the card's width.
const LABELS: f32 = 0.025;
/// What was found is at most so much wider than the card: as a share of it.
const LEAST_WIDTH: f32 = 0.6;
/// A line that begins so many line heights left of the values begins with a label.
const BEFORE_VALUES: f32 = 1.5;
/// Values begin so many line heights from each other at most where they are set in a column.
const ALIGNED: f32 = 0.5;
/// So many rows make a column.
const ROWS_OF_A_COLUMN: usize = 4;

/// A label in its place among the lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) label: Label,
    pub(super) line: usize,
    pub(super) last_glyph: usize,
    worth: f32,
    y: f32,
}

/// The labels found, each on one line, from top to bottom as printed: of all such choices the one of most worth.
pub(super) fn chain(lines: &[ReadLine]) -> Vec<Link> {
    let mut links = Vec::new();
    for (line, read) in lines.iter().enumerate() {
        let y = read.at(0).y;
        let found = Label::all().filter(|label| *label != Label::BloodType).filter_map(|label| {
            let found = label.at_start(&read.key)?;
            Some(Link { label, line, last_glyph: found.last_glyph, worth: found.worth, y })
        });
        links.extend(found);
    }
    links.sort_by_key(|link| link.label);
    // For every link the best chain that ends with it: its worth and the link before.
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(links.len());
    for (place, link) in links.iter().enumerate() {
        let earlier = links.iter().zip(&best).enumerate().take(place);
        let fits = earlier.filter(|(_, (before, _))| {
            before.label < link.label && before.line != link.line && before.y < link.y
        });
        let before =
            fits.max_by(|(_, (_, a)), (_, (_, b))| a.0.total_cmp(&b.0)).map(|(at, (_, best))| (at, best.0));
        best.push((link.worth + before.map_or(0.0, |(_, worth)| worth), before.map(|(at, _)| at)));
    }
    let mut at = (0..links.len()).max_by(|a, b| best[*a].0.total_cmp(&best[*b].0));
    let mut chosen = Vec::new();
    while let Some(place) = at {
        chosen.push(links[place]);
        at = best[place].1;
    }
    chosen.reverse();
    chosen
}

/// Where the values behind the labels begin; `None` where they are not set in a column.
pub(super) fn column(chain: &[Link], lines: &[ReadLine]) -> Option<f32> {
    let in_column = chain.iter().filter(|link| !matches!(link.label, Label::Province | Label::Nik));
    let mut starts: Vec<(f32, f32)> = in_column
        .filter_map(|link| {
            let line = &lines[link.line];
            let mut behind = line.reading.glyphs.iter().skip(link.last_glyph + 1);
            let x = match behind.find(|glyph| glyph.character.is_ascii_alphanumeric()) {
                Some(glyph) => line.at(glyph.step).x,
                None => right_of(link, lines)?,
            };
            Some((x, line.quad.height()))
        })
        .collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (column, height) = *starts.get(starts.len() / 2)?;
    let aligned = starts.iter().filter(|(x, _)| (x - column).abs() < ALIGNED * height).count();
    (aligned >= ROWS_OF_A_COLUMN && 2 * aligned > starts.len()).then_some(column)
}

/// Where the nearest line to the right of a label begins.
fn right_of(link: &Link, lines: &[ReadLine]) -> Option<f32> {
    let label = &lines[link.line];
    let right = label.quad.corners[1].x;
    lines
        .iter()
        .filter(|line| (line.at(0).y - link.y).abs() < 0.5 * label.quad.height())
        .filter_map(|line| line.reading.glyphs.first().map(|glyph| line.at(glyph.step).x))
        .filter(|x| *x > right)
        .min_by(f32::total_cmp)
}

/// Links for lines that begin where labels do with what is none that is known: a label that a finger or glare half hides is
/// one of those not found between the labels above and below.
pub(super) fn hidden(chain: &[Link], lines: &[ReadLine], column: f32, size: (f32, f32)) -> Vec<Link> {
    let rows = Rows::of(chain, lines, size);
    let mut all = chain.to_vec();
    let begins_with_a_label = |(place, line): &(usize, &ReadLine)| {
        let start = line.reading.glyphs.first().map(|glyph| line.at(glyph.step).x);
        let is_taken = chain
            .iter()
            .any(|link| link.line == *place || (link.y - line.at(0).y).abs() < SAME_ROW * rows.pitch);
        start.is_some_and(|x| x < column - BEFORE_VALUES * line.quad.height())
            && !is_taken
            && line.key.letters.len() >= 3
            && line.at(0).y > rows.top()
    };
    let mut found: Vec<(usize, &ReadLine)> = lines.iter().enumerate().filter(begins_with_a_label).collect();
    found.sort_by(|a, b| a.1.at(0).y.total_cmp(&b.1.at(0).y));
    for (place, line) in found {
        let y = line.at(0).y;
        let above = all.iter().filter(|link| link.y < y).map(|link| link.label).max();
        let below = all.iter().filter(|link| link.y > y).map(|link| link.label).min();
        let missing = Label::all().filter(|label| {
            !matches!(label, Label::Province | Label::Nik | Label::BloodType)
                && above.is_none_or(|above| above < *label)
                && below.is_none_or(|below| *label < below)
        });
        let nearest = missing.min_by(|a, b| (rows.y(*a) - y).abs().total_cmp(&(rows.y(*b) - y).abs()));
        let Some(label) = nearest.filter(|label| (rows.y(*label) - y).abs() < GOES_ON * rows.pitch) else {
            continue;
        };
        let edge = column - ALIGNED * line.quad.height();
        let before = line.reading.glyphs.iter().take_while(|glyph| line.at(glyph.step).x < edge).count();
        let link = Link { label, line: place, last_glyph: before.saturating_sub(1), worth: 0.0, y };
        let at = all.partition_point(|other| other.label < label);
        all.insert(at, link);
    }
    all
}

/// Where the labels' rows lie.
pub(super) struct Rows {
    y: [f32; Label::COUNT],
    pub(super) pitch: f32,
    /// The blood type's value stands to the right of this.
    pub(super) blood_from: f32,
    /// The card's width by the distance of its rows, where that is less than what was found; and where it begins.
    width: f32,
    left: f32,
}

impl Rows {
    /// Rows of labels that were found lie where these are; the others' follow from their neighbours.
    pub(super) fn of(chain: &[Link], lines: &[ReadLine], (width, height): (f32, f32)) -> Self {
        // The labels' base lines; the middle of a line lies about a third of its height above.
        let known: Vec<(f32, f32)> = chain.iter().map(|link| (link.label.y(), link.y)).collect();
        let (offset, slope) = affine(&known, height);
        let mut y = [0.0; Label::COUNT];
        for label in Label::all() {
            let at = label.y();
            let above = known.iter().rev().find(|(place, _)| *place <= at);
            let below = known.iter().find(|(place, _)| *place >= at);
            y[label as usize] = match (above, below) {
                (Some((t0, y0)), Some((t1, y1))) if t1 > t0 => y0 + (y1 - y0) * (at - t0) / (t1 - t0),
                (Some((_, y0)), Some(_)) => *y0,
                (Some((t, y)), None) | (None, Some((t, y))) => y + slope * (at - t),
                (None, None) => offset + slope * at,
            };
        }
        let right = lines.iter().map(|line| line.quad.corners[1].x).fold(0.0, f32::max);
        let card_width = (slope * CARD_RATIO).clamp(LEAST_WIDTH * width, width);
        let mut starts: Vec<f32> = chain.iter().map(|link| lines[link.line].at(0).x).collect();
        starts.sort_by(f32::total_cmp);
        let label = starts.get(starts.len() / 4).copied().unwrap_or_default();
        let left = (label - LABELS * card_width).clamp(0.0, width - card_width);
        Self { y, pitch: slope * PITCH, blood_from: 0.5 * right, width: card_width, left }
    }

    /// Where a share of the card's width lies, from the left.
    pub(super) fn x(&self, share: f32) -> f32 {
        self.left + share * self.width
    }

    pub(super) fn y(&self, label: Label) -> f32 {
        self.y[label as usize]
    }

    /// Below this values stand in their column, and the number does not.
    pub(super) fn below_number(&self) -> f32 {
        self.y(Label::Name) - 0.5 * self.pitch
    }

    /// Above this stands the heading.
    pub(super) fn top(&self) -> f32 {
        self.y(Label::Nik) - 0.8 * self.pitch
    }

    /// The label on whose row a value stands, or that it goes on from.
    pub(super) fn label_at(&self, at: Point) -> Option<Label> {
        let rows = || Label::all().filter(|label| !matches!(label, Label::Province | Label::BloodType));
        let nearest =
            rows().min_by(|a, b| (self.y(*a) - at.y).abs().total_cmp(&(self.y(*b) - at.y).abs()))?;
        if (self.y(nearest) - at.y).abs() <= SAME_ROW * self.pitch {
            return Some(nearest);
        }
        let above =
            rows().filter(|label| self.y(*label) < at.y).max_by(|a, b| self.y(*a).total_cmp(&self.y(*b)))?;
        (at.y - self.y(above) <= GOES_ON * self.pitch).then_some(above)
    }
}

/// Offset and slope of the rows by least squares; the card's own where fewer than three are known or they make no sense.
fn affine(known: &[(f32, f32)], height: f32) -> (f32, f32) {
    let whole = (-0.012 * height, height);
    if known.len() < 3 {
        return whole;
    }
    let count = known.len() as f32;
    let mean = |of: fn(&(f32, f32)) -> f32| known.iter().map(of).sum::<f32>() / count;
    let (t, y) = (mean(|point| point.0), mean(|point| point.1));
    let cross: f32 = known.iter().map(|point| (point.0 - t) * (point.1 - y)).sum();
    let spread: f32 = known.iter().map(|point| (point.0 - t).powi(2)).sum();
    let slope = cross / spread;
    if (0.4 * height..1.6 * height).contains(&slope) { (y - slope * t, slope) } else { whole }
}

//! Which text belongs to which label: by the labels that were read and by where everything lies, together.

use std::ops::Range;

use super::super::emissions::{Emissions, Glyph, Reading};
use super::super::quad::Quad;
use super::labels::{Key, Label};
use crate::geometry::Point;

/// A line that was read, on the upright card.
pub(super) struct ReadLine {
    pub(super) quad: Quad,
    pub(super) emissions: Emissions,
    pub(super) reading: Reading,
    key: Key,
}

impl ReadLine {
    pub(super) fn new(quad: Quad, emissions: Emissions) -> Self {
        let reading = emissions.best(0..emissions.steps(), &emissions.alphabet().zone(Some));
        let key = Key::of(&reading);
        Self { quad, emissions, reading, key }
    }

    /// The middle of its height at a step.
    fn at(&self, step: usize) -> Point {
        let share = (step as f32 + 0.5) / self.emissions.steps() as f32;
        let [a, b, c, d] = self.quad.corners;
        let between = |from: f32, to: f32| from + (to - from) * share;
        Point {
            x: between((a.x + d.x) / 2.0, (b.x + c.x) / 2.0),
            y: between((a.y + d.y) / 2.0, (b.y + c.y) / 2.0),
        }
    }

    fn centre(&self) -> Point {
        self.quad.centre()
    }

    /// Its rectangle from one step to another.
    pub(super) fn part(&self, steps: &Range<usize>) -> Quad {
        let share = |step: usize| step as f32 / self.emissions.steps() as f32;
        let [a, b, c, d] = self.quad.corners;
        let along = |from: Point, to: Point, share: f32| Point {
            x: from.x + (to.x - from.x) * share,
            y: from.y + (to.y - from.y) * share,
        };
        let (first, last) = (share(steps.start), share(steps.end));
        Quad { corners: [along(a, b, first), along(a, b, last), along(d, c, last), along(d, c, first)] }
    }
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    /// Which line.
    pub(super) line: usize,
    /// Its steps.
    pub(super) steps: Range<usize>,
    /// The middle of its height where it begins.
    at: Point,
}

/// What a label's value was read from, and the values that have no label.
#[derive(Debug, Default)]
pub(super) struct Layout {
    by_label: [Vec<Segment>; Label::COUNT],
    /// The second line of the heading.
    pub(super) city: Vec<Segment>,
    pub(super) issue_place: Vec<Segment>,
    pub(super) issue_date: Vec<Segment>,
    /// Where the blood type stands by its label: a single letter is often too little to be found as a line.
    pub(super) behind_blood_label: Option<Quad>,
    /// How many labels were found.
    pub(super) labels: usize,
}

/// From this share of the card's width on a line belongs to the right column: portrait, issue, signature.
const RIGHT_COLUMN: f32 = 0.67;
/// A gap of so many line heights parts two texts.
const GAP: f32 = 2.2;
/// A value lies so many pitches from its label's row at most.
const SAME_ROW: f32 = 0.62;
/// A line that goes on below its label's row lies so many pitches from it at most.
const GOES_ON: f32 = 1.7;
/// The distance of two rows, as a fraction of the card's height.
const PITCH: f32 = 0.0485;

impl Layout {
    /// Assigns the lines of a card of `width` x `height` pixels.
    pub(super) fn of(lines: &[ReadLine], width: f32, height: f32) -> Self {
        let chain = chain(lines);
        let rows = Rows::of(&chain, lines, height);
        let mut layout = Self { labels: chain.len(), ..Self::default() };
        layout.heading(&chain, lines, &rows, width);
        for (place, line) in lines.iter().enumerate() {
            let label = chain.iter().find(|link| link.line == place).copied();
            if label.is_some_and(|link| link.label == Label::Province) || line.centre().y < rows.top() {
                continue;
            }
            let first = label.map_or(0, |link| link.last_glyph + 1);
            for segment in segments(place, line, first) {
                if segment.at.x < RIGHT_COLUMN * width {
                    layout.put(segment, lines, &rows);
                }
            }
        }
        layout.trim_colons(lines);
        layout.issue(lines, &rows, width);
        for values in layout.by_label.iter_mut() {
            in_order(values, rows.pitch);
        }
        layout
    }

    /// The parts of a label's value, in reading order.
    pub(super) fn value(&self, label: Label) -> &[Segment] {
        &self.by_label[label as usize]
    }

    fn put(&mut self, segment: Segment, lines: &[ReadLine], rows: &Rows) {
        let Some(label) = rows.label_at(segment.at) else { return };
        let line = &lines[segment.line];
        // The blood type's label stands on the line of the sex, often in one piece with it.
        if label == Label::Gender
            && let Some(BloodLabel { before, after, behind }) = blood_label(line, &segment)
        {
            self.by_label[Label::Gender as usize].extend(before);
            // What else was found behind it is specks of the same letter.
            self.by_label[Label::BloodType as usize] = after;
            self.behind_blood_label = Some(behind);
            return;
        }
        let is_behind_blood = label == Label::Gender
            && self.behind_blood_label.is_none()
            && self.by_label[Label::BloodType as usize].is_empty()
            && self.by_label[Label::Gender as usize].iter().any(|before| before.at.x < segment.at.x)
            && segment.at.x > rows.blood_from;
        let label = if is_behind_blood { Label::BloodType } else { label };
        self.by_label[label as usize].push(segment);
    }

    /// Takes away what stands before the column in which the values begin: a colon that was read as a letter.
    fn trim_colons(&mut self, lines: &[ReadLine]) {
        let labels =
            || Label::all().filter(|label| !matches!(label, Label::Province | Label::Nik | Label::BloodType));
        let mut starts: Vec<f32> =
            labels().filter_map(|label| Some(self.by_label[label as usize].first()?.at.x)).collect();
        starts.sort_by(f32::total_cmp);
        let Some(&column) = starts.get(starts.len() / 2) else { return };
        for label in labels() {
            let Some(first) = self.by_label[label as usize].first_mut() else { continue };
            let line = &lines[first.line];
            let glyphs = line.reading.glyphs.iter().filter(|glyph| first.steps.contains(&glyph.step));
            let [colon, next] = glyphs.filter(|glyph| glyph.character != ' ').take(2).collect::<Vec<_>>()[..]
            else {
                continue;
            };
            let (from, to) = (line.at(colon.step).x, line.at(next.step).x);
            let height = line.quad.height();
            let is_narrow = "1Il|iJtf.-".contains(colon.character);
            if is_narrow && column - from > 0.35 * height && (to - column).abs() < 0.4 * height {
                first.steps.start = usize::midpoint(colon.step, next.step).max(colon.step + 1);
                first.at = line.at(next.step);
            }
        }
    }

    fn heading(&mut self, chain: &[Link], lines: &[ReadLine], rows: &Rows, width: f32) {
        let province = chain.iter().find(|link| link.label == Label::Province);
        let mut above: Vec<usize> = (0..lines.len())
            .filter(|place| {
                let centre = lines[*place].centre();
                centre.y < rows.top() && centre.x > 0.2 * width && centre.x < 0.8 * width
            })
            .collect();
        above.sort_by(|a, b| lines[*a].centre().y.total_cmp(&lines[*b].centre().y));
        let whole = |place: usize, first: usize| segments(place, &lines[place], first);
        match province {
            Some(link) => {
                self.by_label[Label::Province as usize] = whole(link.line, link.last_glyph + 1);
                let y = lines[link.line].centre().y;
                let below = above.into_iter().find(|place| lines[*place].centre().y > y + 0.3 * rows.pitch);
                self.city = below.map(|place| whole(place, 0)).unwrap_or_default();
            }
            // Without the word the lower of the two lines is the regency's.
            None => self.city = above.last().map(|place| whole(*place, 0)).unwrap_or_default(),
        }
    }

    /// Below the portrait: a date, and the place above it.
    fn issue(&mut self, lines: &[ReadLine], rows: &Rows, width: f32) {
        let mut right: Vec<usize> = (0..lines.len())
            .filter(|place| {
                let line = &lines[*place];
                line.at(0).x > (RIGHT_COLUMN - 0.04) * width && line.centre().y > rows.y(Label::Religion)
            })
            .collect();
        right.sort_by(|a, b| lines[*a].centre().y.total_cmp(&lines[*b].centre().y));
        let digits = |place: usize| {
            lines[place].reading.glyphs.iter().filter(|g| g.character.is_ascii_digit()).count()
        };
        let date = right.iter().rposition(|place| digits(*place) >= 5);
        if let Some(at) = date {
            self.issue_date = segments(right[at], &lines[right[at]], 0);
            let above = |place: usize| lines[right[at]].centre().y - lines[place].centre().y;
            let nearest = right[..at].iter().map(|place| above(*place)).fold(f32::INFINITY, f32::min);
            let of_place = right[..at]
                .iter()
                .filter(|place| nearest < 2.0 * rows.pitch && above(**place) - nearest < 0.5 * rows.pitch);
            self.issue_place = of_place.flat_map(|place| segments(*place, &lines[*place], 0)).collect();
            in_order(&mut self.issue_place, rows.pitch);
        } else if let [.., last] = right.as_slice() {
            let letters =
                lines[*last].reading.glyphs.iter().filter(|g| g.character.is_ascii_uppercase()).count();
            if letters >= 4 {
                self.issue_place = segments(*last, &lines[*last], 0);
            }
        }
    }
}

/// A label in its place among the lines.
#[derive(Debug, Clone, Copy)]
struct Link {
    label: Label,
    line: usize,
    last_glyph: usize,
    worth: f32,
    y: f32,
}

/// The labels found, each on one line, from top to bottom as printed: of all such choices the one of most worth.
fn chain(lines: &[ReadLine]) -> Vec<Link> {
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

/// Where the labels' rows lie.
struct Rows {
    y: [f32; Label::COUNT],
    pitch: f32,
    /// The blood type's value stands to the right of this.
    blood_from: f32,
}

impl Rows {
    /// Rows of labels that were found lie where these are; the others' follow from their neighbours.
    fn of(chain: &[Link], lines: &[ReadLine], height: f32) -> Self {
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
        Self { y, pitch: slope * PITCH, blood_from: 0.5 * right }
    }

    fn y(&self, label: Label) -> f32 {
        self.y[label as usize]
    }

    /// Above this stands the heading.
    fn top(&self) -> f32 {
        self.y(Label::Nik) - 0.8 * self.pitch
    }

    /// The label on whose row a value stands, or that it goes on from.
    fn label_at(&self, at: Point) -> Option<Label> {
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

/// The parts of a line from a glyph on, parted by wide gaps, without the colon before them.
fn segments(place: usize, line: &ReadLine, first: usize) -> Vec<Segment> {
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
    parts.into_iter().map(|part| segment(place, line, &part)).collect()
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

/// The steps of a run of glyphs, with half of what lies between them and their neighbours.
fn segment(place: usize, line: &ReadLine, part: &Range<usize>) -> Segment {
    let glyphs = &line.reading.glyphs;
    let step = |glyph: usize| glyphs.get(glyph).map_or(0, |glyph| glyph.step);
    let (first, last) = (step(part.start), step(part.end - 1));
    let before = part.start.checked_sub(1).map(step);
    let start = before.map_or(first.saturating_sub(3), |before| (before + first).div_ceil(2).max(before + 1));
    let end = match glyphs.get(part.end) {
        Some(next) => (last + next.step).div_ceil(2).max(last + 1),
        None => line.emissions.steps(),
    };
    Segment { line: place, steps: start..end, at: line.at(first) }
}

/// A segment parted at the blood type's label.
struct BloodLabel {
    before: Option<Segment>,
    after: Vec<Segment>,
    /// The place behind the label and its colon.
    behind: Quad,
}

/// So many line heights behind its label the blood type ends.
const BLOOD_TYPE: f32 = 3.0;

fn blood_label(line: &ReadLine, segment: &Segment) -> Option<BloodLabel> {
    let found = Label::BloodType.anywhere(&line.key)?;
    let glyphs = &line.reading.glyphs;
    let place = segment.line;
    let inside = |glyph: usize| glyphs.get(glyph).is_some_and(|glyph| segment.steps.contains(&glyph.step));
    if !inside(found.first_glyph) {
        return None;
    }
    let first =
        (0..found.first_glyph).find(|glyph| inside(*glyph) && !" :".contains(glyphs[*glyph].character));
    let before = first.map(|first| self::segment(place, line, &(first..found.first_glyph)));
    let last = (found.last_glyph + 1..glyphs.len())
        .take_while(|glyph| " :;.".contains(glyphs[*glyph].character))
        .last();
    let end = glyphs.get(last.unwrap_or(found.last_glyph)).map_or(0, |glyph| glyph.step + 1);
    let [from, _, _, to] = line.part(&(end..line.emissions.steps())).corners;
    let [a, b, ..] = line.quad.corners;
    let share = BLOOD_TYPE * line.quad.height() / line.quad.width().max(1.0);
    let moved = |at: Point| Point { x: at.x + (b.x - a.x) * share, y: at.y + (b.y - a.y) * share };
    let behind = Quad { corners: [from, moved(from), moved(to), to] };
    Some(BloodLabel { before, after: segments(place, line, found.last_glyph + 1), behind })
}

/// Lines from top to bottom, in a line from left to right.
fn in_order(segments: &mut [Segment], pitch: f32) {
    let row =
        |segment: &Segment, first: f32| ((segment.at.y - first) / (0.5 * pitch).max(1.0)).round() as i64;
    let first = segments.iter().map(|segment| segment.at.y).fold(f32::INFINITY, f32::min);
    segments.sort_by(|a, b| row(a, first).cmp(&row(b, first)).then(a.at.x.total_cmp(&b.at.x)));
}

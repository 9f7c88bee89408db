//! Which text belongs to which label: by the labels that were read and by where everything lies, together.

use super::super::quad::Quad;
use super::digits::last_date;
use super::labels::Label;
use super::read_line::ReadLine;
use super::rows::{self, Link, Rows};
use super::segments::{Segment, in_order, segments};

/// What a label's value was read from, and the values that have no label.
#[derive(Debug, Default)]
pub(super) struct Layout {
    by_label: [Vec<Segment>; Label::COUNT],
    /// The second line of the heading.
    pub(super) city: Vec<Segment>,
    pub(super) issue_place: Vec<Segment>,
    pub(super) issue_date: Vec<Segment>,
    /// The blood type's label and what follows it: a single letter is often too little to be found as a line.
    pub(super) blood_type: Option<Quad>,
    /// How many labels were found.
    pub(super) labels: usize,
    /// Whether the number's is among them.
    pub(super) has_number: bool,
}

/// From this share of the card's width on a line belongs to the right column: portrait, issue, signature.
const RIGHT_COLUMN: f32 = 0.67;

/// So many line heights left of the column in which values begin nothing of a value stands.
const BEFORE_VALUES: f32 = 0.6;

impl Layout {
    /// Assigns the lines of a card of `width` x `height` pixels.
    pub(super) fn of(lines: &[ReadLine], width: f32, height: f32) -> Self {
        let known = rows::chain(lines);
        let column = rows::column(&known, lines);
        let chain = match column {
            Some(column) => rows::hidden(&known, lines, column, (width, height)),
            None => known.clone(),
        };
        let rows = Rows::of(&chain, lines, (width, height));
        let mut layout = Self {
            labels: known.len(),
            has_number: known.iter().any(|link| link.label == Label::Nik),
            ..Self::default()
        };
        layout.heading(&chain, lines, &rows);
        for (place, line) in lines.iter().enumerate() {
            let label = chain.iter().find(|link| link.line == place).copied();
            if label.is_some_and(|link| link.label == Label::Province) || line.centre().y < rows.top() {
                continue;
            }
            let is_known = known.iter().any(|link| link.line == place);
            let first = label.map_or(0, |link| link.last_glyph + 1);
            for segment in segments(place, line, first) {
                let edge = column.filter(|_| !is_known && line.centre().y > rows.below_number());
                let edge = edge.map(|column| column - BEFORE_VALUES * line.quad.height());
                let segment = match edge {
                    Some(edge) => segment.right_of(edge, line),
                    None => Some(segment),
                };
                if let Some(segment) = segment.filter(|segment| segment.at.x < rows.x(RIGHT_COLUMN)) {
                    layout.put(segment, lines, &rows);
                }
            }
        }
        for values in &mut layout.by_label {
            in_order(values, rows.pitch);
        }
        layout.trim_colons(lines);
        if layout.blood_type.is_none() {
            layout.blood_type = layout.behind_sex(lines, rows.x(BLOOD_TYPE_TO));
        }
        layout.issue(lines, &rows);
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
            && let Some(BloodLabel { before, whole }) = blood_label(line, &segment, rows.x(BLOOD_TYPE_TO))
        {
            self.by_label[Label::Gender as usize].extend(before);
            self.blood_type = Some(whole);
            return;
        }
        let is_blood_type = label == Label::Gender
            && self.by_label[Label::Gender as usize].iter().any(|before| before.at.x < segment.at.x)
            && segment.at.x > rows.blood_from;
        let label = if is_blood_type { Label::BloodType } else { label };
        self.by_label[label as usize].push(segment);
    }

    /// What follows the sex on its row, where the blood type's label was not found there.
    fn behind_sex(&self, lines: &[ReadLine], to: f32) -> Option<Quad> {
        let sex = self.value(Label::Gender).first()?;
        let line = &lines[sex.line];
        let height = line.quad.height();
        let place = |x: f32| (x - line.quad.corners[0].x) / line.quad.width().max(1.0);
        let from = sex.end + height;
        (to - from > BLOOD_TYPE * height).then(|| line.quad.part(place(from), place(to)))
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

    fn heading(&mut self, chain: &[Link], lines: &[ReadLine], rows: &Rows) {
        let province = chain.iter().find(|link| link.label == Label::Province);
        let mut above: Vec<usize> = (0..lines.len())
            .filter(|place| {
                let centre = lines[*place].centre();
                centre.y < rows.top() && centre.x > rows.x(0.2) && centre.x < rows.x(0.8)
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
    fn issue(&mut self, lines: &[ReadLine], rows: &Rows) {
        let mut right: Vec<usize> = (0..lines.len())
            .filter(|place| {
                let line = &lines[*place];
                line.at(0).x > rows.x(RIGHT_COLUMN - 0.04) && line.centre().y > rows.y(Label::Religion)
            })
            .collect();
        right.sort_by(|a, b| lines[*a].centre().y.total_cmp(&lines[*b].centre().y));
        let reading = |place: usize| &lines[place].reading;
        let digits = |place: usize| {
            reading(place).glyphs.iter().filter(|glyph| glyph.character.is_ascii_digit()).count()
        };
        let capitals = |place: usize| {
            reading(place).glyphs.iter().filter(|glyph| glyph.character.is_ascii_alphabetic()).count()
        };
        // A date that can be one, or what has digits enough for one.
        let date = right.iter().rposition(|place| last_date(reading(*place)).is_some());
        let date = date.or_else(|| right.iter().rposition(|place| digits(*place) >= 5));
        if let Some(at) = date {
            self.issue_date = segments(right[at], &lines[right[at]], 0);
            let above = |place: usize| lines[right[at]].centre().y - lines[place].centre().y;
            // Two rows at most, the upper one as far above the lower as that is above the date.
            let is_above = |place: &&usize| digits(**place) < 5 && above(**place) > 0.3 * rows.pitch;
            let nearest =
                right[..at].iter().filter(is_above).map(|place| above(*place)).fold(f32::INFINITY, f32::min);
            let is_near = |place: &&usize| {
                is_above(place)
                    && nearest < 2.0 * rows.pitch
                    && above(**place) < 2.3 * nearest.min(rows.pitch)
            };
            let of_place = right[..at].iter().filter(is_near);
            self.issue_place = of_place.flat_map(|place| segments(*place, &lines[*place], 0)).collect();
            in_order(&mut self.issue_place, rows.pitch);
        } else if let [.., last] = right.as_slice()
            && capitals(*last) >= 4
        {
            self.issue_place = segments(*last, &lines[*last], 0);
        }
    }
}

/// A segment parted at the blood type's label.
struct BloodLabel {
    before: Option<Segment>,
    /// The label and what follows it.
    whole: Quad,
}

/// So many line heights behind its label the blood type ends, and where it ends on the card, as a share of its width, unless
/// the label itself ends so many line heights before.
const BLOOD_TYPE: f32 = 4.5;
const BLOOD_TYPE_TO: f32 = 0.7;
const BLOOD_TYPE_LEAST: f32 = 2.2;

fn blood_label(line: &ReadLine, segment: &Segment, to: f32) -> Option<BloodLabel> {
    let found = Label::BloodType.anywhere(&line.key)?;
    let glyphs = &line.reading.glyphs;
    let inside = |glyph: usize| glyphs.get(glyph).is_some_and(|glyph| segment.steps.contains(&glyph.step));
    if !inside(found.first_glyph) {
        return None;
    }
    let first =
        (0..found.first_glyph).find(|glyph| inside(*glyph) && !" :".contains(glyphs[*glyph].character));
    let before = first.map(|first| Segment::of(segment.line, line, &(first..found.first_glyph)));
    let step = |glyph: usize| glyphs.get(glyph).map_or(0, |glyph| glyph.step);
    let share = |step: usize| step as f32 / line.emissions.steps() as f32;
    let (label_from, label_to) = (share(step(found.first_glyph)), share(step(found.last_glyph) + 1));
    let (across, height) = (line.quad.width().max(1.0), line.quad.height());
    let end = line.quad.part(label_to, label_to).centre().x;
    let reach = (to - end).clamp(BLOOD_TYPE_LEAST * height, BLOOD_TYPE * height);
    let margin = 0.3 * height / across;
    Some(BloodLabel { before, whole: line.quad.part(label_from - margin, label_to + reach / across) })
}

//! From a picture to the fields of the card in it.

use super::fields::{Fields, LABELS_OF_A_CARD, MOST_LABELS, Page, ReadLine};
use super::find::candidates;
use super::lines::TextLine;
use super::quad::Quad;
use super::read::Recogniser;
use super::rectify::Rectified;
use super::text_area;
use crate::geometry::Point;
use crate::picture::Picture;
use crate::runtime::{Bench, ModelError};

/// What was made of a picture of a card.
#[derive(Debug, Clone, PartialEq)]
pub struct CardReading {
    /// Where the card lies in the picture, its own top left first; `None` where none was found.
    pub quad: Option<Quad>,
    /// How much speaks for a card: the share of its labels that were found, 0 to 1, also where they are too few.
    pub likeness: f32,
    /// What was read, in places of the picture.
    pub fields: Fields,
}

impl CardReading {
    /// With fewer labels nothing is a card: four of fifteen.
    pub const LEAST_LIKENESS: f32 = LABELS_OF_A_CARD as f32 / MOST_LABELS as f32;
}

/// A quadrilateral with so many labels is not bettered by looking at others.
const LABELS_ENOUGH: usize = 8;

/// So many of the longest lines tell which way up a card stands: by being read surely, which is at least this sure.
const TELLING: usize = 4;
const SURE: f32 = 0.85;

/// So much text is read of a place at most, as widths of lines over their heights: a card has about 250.
const MOST_TEXT: f32 = 700.0;

/// How often a line is made longer.
const MOST_GROWTH: usize = 2;

/// So many line heights it is made longer by at a time.
const GROWTH: f32 = 1.2;

/// A card brought upright, and what was found on it.
struct Look {
    card: Rectified,
    quad: Quad,
    page: Page,
}

impl Bench {
    /// Finds a card and reads it; of several places the first with labels enough, else the one with most. That
    /// there is none is no error.
    ///
    /// # Errors
    /// A model failed.
    pub fn read_card(&mut self, picture: &Picture) -> Result<CardReading, ModelError> {
        let mut best: Option<Look> = None;
        let found = candidates(picture, &mut self.scratch.resizer)?;
        self.lap("find");
        for candidate in found {
            if self.look_at_card(picture, candidate.quad, &mut best)? {
                break;
            }
        }
        if best.as_ref().is_none_or(|look| !look.page.is_card()) {
            // No sides were found that text lies between: where the text itself lies says where the card is.
            let lines = self.text_lines(picture)?;
            if let Some(quad) = text_area::around(&lines) {
                self.look_at_card(picture, quad, &mut best)?;
            }
        }
        let likeness = best.as_ref().map_or(0.0, |look| look.page.labels() as f32 / MOST_LABELS as f32);
        let Some(Look { card, quad, page }) = best.filter(|look| look.page.is_card()) else {
            return Ok(CardReading { quad: None, likeness, fields: Fields::new() });
        };
        let mut fields =
            page.fields(&mut |line, recogniser| self.read_line(card.picture(), line, recogniser))?;
        for read in fields.values_mut() {
            read.quad = card.quad_in_original(&read.quad);
        }
        self.lap("fields");
        Ok(CardReading { quad: Some(quad), likeness, fields })
    }

    /// Reads a line, and more of the picture at its ends where its text reaches up to them: blurred characters are often
    /// left out of what is found.
    fn read_whole(&mut self, card: &Picture, mut quad: Quad) -> Result<Option<ReadLine>, ModelError> {
        let mut read = self.read_line(card, &quad, Recogniser::Quick)?;
        for _ in 0..MOST_GROWTH {
            let Some(emissions) = &read else { break };
            let (before, behind) = emissions.reaches_ends();
            if !before && !behind {
                break;
            }
            quad = lengthened(&quad, before, behind);
            read = self.read_line(card, &quad, Recogniser::Quick)?;
        }
        Ok(read.map(|emissions| ReadLine::new(quad, emissions)))
    }

    /// Reads lines, until they come to more than any card holds.
    fn read_lines(&mut self, card: &Picture, lines: &[TextLine]) -> Result<Vec<ReadLine>, ModelError> {
        let mut left = MOST_TEXT;
        let mut read = Vec::with_capacity(lines.len());
        for TextLine { quad, .. } in lines {
            left -= quad.width() / quad.height().max(1.0);
            if left < 0.0 {
                break;
            }
            read.extend(self.read_whole(card, *quad)?);
        }
        Ok(read)
    }

    /// Whether lines that were read as they are can be read more surely upside down.
    fn stands_upside_down(&mut self, card: &Picture, read: &[ReadLine]) -> Result<bool, ModelError> {
        let upright: f32 = read.iter().map(|line| line.reading.confidence()).sum();
        if upright >= SURE * read.len() as f32 {
            return Ok(false);
        }
        let mut turned = 0.0;
        for line in read {
            let quad = line.quad.turned(2);
            let again = self.read_line(card, &quad, Recogniser::Quick)?;
            turned += again.map_or(0.0, |read| ReadLine::new(quad, read).reading.confidence());
        }
        Ok(turned > upright)
    }

    /// Looks at a place, and keeps it where it has more labels than the best so far. Tells whether it has enough.
    fn look_at_card(
        &mut self,
        picture: &Picture,
        mut quad: Quad,
        best: &mut Option<Look>,
    ) -> Result<bool, ModelError> {
        let Some(mut card) = Rectified::of(picture, &quad) else { return Ok(false) };
        self.lap("rectify");
        let mut lines = self.text_lines(card.picture())?;
        self.lap("lines");
        // The longest are read first: they tell which way up the card stands, and they matter where there are too many.
        lines.sort_by(|a, b| b.quad.width().total_cmp(&a.quad.width()));
        let mut read = self.read_lines(card.picture(), lines.get(..TELLING).unwrap_or(&lines))?;
        if self.stands_upside_down(card.picture(), &read)? {
            quad = quad.turned(2);
            let Some(turned) = Rectified::of(picture, &quad) else { return Ok(false) };
            card = turned;
            lines = lines.iter().map(|line| half_turned(line, card.picture())).collect();
            read = self.read_lines(card.picture(), &lines)?;
        } else {
            read.extend(self.read_lines(card.picture(), lines.get(TELLING..).unwrap_or_default())?);
        }
        self.lap("read");
        let page = Page::of(read, card.picture().width(), card.picture().height());
        let labels = page.labels();
        if best.as_ref().is_none_or(|best| best.page.labels() < labels) {
            *best = Some(Look { card, quad, page });
        }
        Ok(labels >= LABELS_ENOUGH)
    }
}

/// A line with more of the picture at its ends.
fn lengthened(quad: &Quad, before: bool, behind: bool) -> Quad {
    let share = |grows: bool| if grows { GROWTH * quad.height() / quad.width().max(1.0) } else { 0.0 };
    quad.part(-share(before), 1.0 + share(behind))
}

/// A line where it lies when the canvas is turned upside down.
fn half_turned(line: &TextLine, canvas: &Picture) -> TextLine {
    let (right, bottom) = ((canvas.width() - 1) as f32, (canvas.height() - 1) as f32);
    let corners = line.quad.corners.map(|at| Point { x: right - at.x, y: bottom - at.y });
    TextLine { quad: Quad { corners }.turned(2), ..*line }
}

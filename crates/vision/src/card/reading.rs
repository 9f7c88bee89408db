//! From a picture to the fields of the card in it.

use super::emissions::Emissions;
use super::fields::{Fields, Page};
use super::find::{Candidate, candidates};
use super::lines::TextLine;
use super::quad::Quad;
use super::quality::CardQuality;
use super::read::Reader;
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
    /// How well it was captured; `None` where none was found.
    pub quality: Option<CardQuality>,
    /// How many of its labels were found.
    pub labels: usize,
    /// What was read, in places of the picture.
    pub fields: Fields,
}

/// The longer side of what lines are looked for in, in pixels.
const CANVAS: usize = 800;

/// So many labels make a card of a quadrilateral.
const LABELS_OF_A_CARD: usize = 4;

/// A quadrilateral with so many labels is not bettered by looking at others.
const LABELS_ENOUGH: usize = 8;

/// What speaks for a card whose sides were not seen, where its text is.
const BY_TEXT: f32 = 0.5;

/// How many places are looked at.
const MOST_LOOKS: usize = 3;

/// A card brought upright, and what was found on it.
struct Look {
    card: Rectified,
    quad: Quad,
    /// How much spoke for a card there, 0 to 1.
    score: f32,
    page: Page,
}

impl Bench {
    /// Finds a card and reads it; of several cards the one with the most labels. That there is none is no error.
    ///
    /// # Errors
    /// A model failed.
    pub fn read_card(&mut self, picture: &Picture) -> Result<CardReading, ModelError> {
        let mut best: Option<Look> = None;
        let found = candidates(picture, &mut self.scratch.resizer).map_err(ModelError::from)?;
        for candidate in found.into_iter().take(MOST_LOOKS) {
            if self.look_at_card(picture, candidate, &mut best)? {
                break;
            }
        }
        if best.as_ref().is_none_or(|look| look.page.labels() < LABELS_OF_A_CARD) {
            // No sides were found that text lies between: where the text itself lies says where the card is.
            let lines = self.text_lines(picture, CANVAS)?;
            if let Some(quad) = text_area::around(&lines) {
                self.look_at_card(picture, Candidate { quad, score: BY_TEXT }, &mut best)?;
            }
        }
        match best.filter(|look| look.page.labels() >= LABELS_OF_A_CARD) {
            None => Ok(CardReading { quad: None, quality: None, labels: 0, fields: Fields::new() }),
            Some(Look { card, quad, score, page }) => {
                let quality = CardQuality::measure(picture, &quad, &card, score);
                let mut fields =
                    page.fields(&mut |line| self.read_line(card.picture(), line, Reader::Fine))?;
                for read in fields.values_mut() {
                    read.quad = card.quad_in_original(&read.quad);
                }
                Ok(CardReading { quad: Some(quad), quality: Some(quality), labels: page.labels(), fields })
            }
        }
    }

    /// Reads a line, and more of the picture at its ends where its text reaches up to them: blurred characters are often
    /// left out of what is found.
    fn read_whole(
        &mut self,
        card: &Picture,
        mut quad: Quad,
    ) -> Result<Option<(Quad, Emissions)>, ModelError> {
        let mut read = self.read_line(card, &quad, Reader::Quick)?;
        for _ in 0..MOST_GROWTH {
            let Some(emissions) = &read else { break };
            let (before, behind) = emissions.reaches_ends();
            if !before && !behind {
                break;
            }
            quad = lengthened(&quad, before, behind);
            read = self.read_line(card, &quad, Reader::Quick)?;
        }
        Ok(read.map(|emissions| (quad, emissions)))
    }

    /// Reads lines, until they come to more than any card holds.
    fn read_lines(
        &mut self,
        card: &Picture,
        lines: &[TextLine],
    ) -> Result<Vec<(Quad, Emissions)>, ModelError> {
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
    fn stands_upside_down(&mut self, card: &Picture, read: &[(Quad, Emissions)]) -> Result<bool, ModelError> {
        let sureness = |emissions: &Emissions| {
            emissions.best(0..emissions.steps(), &emissions.alphabet().zone(Some)).confidence()
        };
        let upright: f32 = read.iter().map(|(_, emissions)| sureness(emissions)).sum();
        if upright >= SURE * read.len() as f32 {
            return Ok(false);
        }
        let mut turned = 0.0;
        for (quad, _) in read {
            turned +=
                self.read_line(card, &quad.turned(2), Reader::Quick)?.map_or(0.0, |read| sureness(&read));
        }
        Ok(turned > upright)
    }

    /// Looks at a place, and keeps it where it has more labels than the best so far. Tells whether it has enough.
    fn look_at_card(
        &mut self,
        picture: &Picture,
        Candidate { quad, score }: Candidate,
        best: &mut Option<Look>,
    ) -> Result<bool, ModelError> {
        let Some(mut card) = Rectified::of(picture, &quad) else { return Ok(false) };
        let mut quad = quad;
        let mut lines = self.text_lines(card.picture(), CANVAS)?;
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
        let page = Page::of(read, card.picture().width(), card.picture().height());
        let labels = page.labels();
        if best.as_ref().is_none_or(|best| best.page.labels() < labels) {
            *best = Some(Look { card, quad, score, page });
        }
        Ok(labels >= LABELS_ENOUGH)
    }
}

/// So many of the longest lines tell which way up a card stands: by being read surely, which is at least this sure.
const TELLING: usize = 4;
const SURE: f32 = 0.85;

/// So much text is read of a place at most, as widths of lines over their heights: a card has about 250.
const MOST_TEXT: f32 = 700.0;

/// How often a line is made longer.
const MOST_GROWTH: usize = 2;

/// So many line heights it is made longer by at a time.
const GROWTH: f32 = 1.2;

/// A line with more of the picture at its ends.
fn lengthened(quad: &Quad, before: bool, behind: bool) -> Quad {
    let [a, b, c, d] = quad.corners;
    let share = GROWTH * quad.height() / quad.width().max(1.0);
    let moved = |at: Point, times: f32| Point {
        x: at.x + (b.x - a.x) * share * times,
        y: at.y + (b.y - a.y) * share * times,
    };
    let (left, right) = (-f32::from(u8::from(before)), f32::from(u8::from(behind)));
    Quad { corners: [moved(a, left), moved(b, right), moved(c, right), moved(d, left)] }
}

/// A line where it lies when the canvas is turned upside down.
fn half_turned(line: &TextLine, canvas: &Picture) -> TextLine {
    let (right, bottom) = ((canvas.width() - 1) as f32, (canvas.height() - 1) as f32);
    let corners = line.quad.corners.map(|at| Point { x: right - at.x, y: bottom - at.y });
    TextLine { quad: Quad { corners }.turned(2), ..*line }
}

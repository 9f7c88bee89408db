//! What a recogniser says of a line, step by step, and how text is read from it: connectionist temporal classification
//! (Graves and others 2006), where only some characters can stand, or with a number of characters that is known.

use std::ops::Range;
use std::sync::Arc;

use super::alphabet::{Alphabet, Zone};
use super::ink::Ink;
use super::lattice::Lattice;
use super::spaces::Gaps;

/// The class that stands for no character.
pub(super) const BLANK: usize = 0;

/// Nothing is believed to be less likely than this: a recogniser is sure of itself also where it errs.
pub(super) const LEAST: f32 = 1e-5;

/// Probabilities of every class at every step of a line, from left to right.
#[derive(Clone, PartialEq)]
pub struct Emissions {
    alphabet: Arc<Alphabet>,
    steps: usize,
    /// `steps` rows of one number a class.
    shares: Vec<f32>,
    ink: Option<Ink>,
}

/// A character that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character.
    pub character: char,
    /// What was seen, where only other characters can stand: an l that stands for an I.
    pub seen: char,
    /// The step at which it was surest.
    pub step: usize,
    /// Its probability there among what could stand there, 0 to 1.
    pub confidence: f32,
}

/// Text that was read. Masked in `Debug`: it is personal data.
#[derive(Clone, PartialEq, Default)]
pub struct Reading {
    /// The characters, in order.
    pub glyphs: Vec<Glyph>,
}

impl Reading {
    /// The text.
    pub fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.character).collect()
    }

    /// The text as it was seen.
    pub fn seen(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.seen).collect()
    }

    /// The geometric mean of the characters' confidences, 0 to 1; 0 where there is none.
    pub fn confidence(&self) -> f32 {
        if self.glyphs.is_empty() {
            return 0.0;
        }
        let sum: f32 = self.glyphs.iter().map(|glyph| glyph.confidence.max(LEAST).ln()).sum();
        (sum / self.glyphs.len() as f32).exp()
    }

    /// The least sure character's confidence, 0 to 1; 0 where there is none.
    pub fn least_confidence(&self) -> f32 {
        let least = self.glyphs.iter().map(|glyph| glyph.confidence).fold(f32::INFINITY, f32::min);
        if least.is_finite() { least } else { 0.0 }
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reading({} characters, <private>)", self.glyphs.len())
    }
}

impl std::fmt::Debug for Emissions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Emissions({} steps, <private>)", self.steps)
    }
}

impl Emissions {
    /// From probabilities, a row of one number a class for every step; `None` where they do not fit the alphabet.
    pub fn new(alphabet: Arc<Alphabet>, probabilities: &[f32]) -> Option<Self> {
        let classes = alphabet.classes();
        if probabilities.is_empty() || !probabilities.len().is_multiple_of(classes) {
            return None;
        }
        let shares = probabilities.iter().map(|share| share.clamp(LEAST, 1.0)).collect();
        Some(Self { alphabet, steps: probabilities.len() / classes, shares, ink: None })
    }

    /// The same, with the ink of the strip it was read from.
    pub(super) fn with_ink(self, ink: Ink) -> Self {
        Self { ink: Some(ink), ..self }
    }

    /// How many steps the line has.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The characters it can hold.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// One number a class.
    fn row(&self, step: usize) -> &[f32] {
        let classes = self.alphabet.classes();
        self.shares.get(step * classes..(step + 1) * classes).unwrap_or_default()
    }

    /// The probabilities of a step where only what a zone holds can stand: they sum to 1. A space is no character yet.
    fn row_in(&self, step: usize, zone: &Zone) -> Vec<f32> {
        let row = self.row(step);
        let mut shares = vec![0.0; row.len()];
        for (class, share) in row.iter().enumerate() {
            let target =
                zone.target(class).map(|target| if zone.space() == Some(target) { BLANK } else { target });
            if let Some(target) = target.and_then(|target| shares.get_mut(target)) {
                *target += share;
            }
        }
        let total: f32 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= total.max(LEAST));
        shares
    }

    /// The likeliest character of a step among those that are read as a class.
    fn seen(&self, step: usize, class: usize, zone: &Zone) -> char {
        let alike = self.row(step).iter().enumerate().filter(|(other, _)| zone.target(*other) == Some(class));
        let likeliest = alike.max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(class, |(other, _)| other);
        self.alphabet.character(likeliest).unwrap_or(' ')
    }

    /// The steps of a range that the line has.
    fn within(&self, range: Range<usize>) -> Range<usize> {
        let end = range.end.min(self.steps);
        range.start.min(end)..end
    }

    /// The likeliest class of every step of a range, read as text.
    pub fn best(&self, range: Range<usize>, zone: &Zone) -> Reading {
        let mut glyphs: Vec<Glyph> = Vec::new();
        let mut last = BLANK;
        for step in self.within(range) {
            let shares = self.row_in(step, zone);
            let (class, confidence) = likeliest(&shares);
            if class != BLANK
                && let Some(character) = self.alphabet.character(class)
            {
                match glyphs.last_mut().filter(|_| class == last) {
                    Some(glyph) if glyph.confidence < confidence => {
                        *glyph = Glyph { character, seen: self.seen(step, class, zone), step, confidence };
                    }
                    Some(_) => {}
                    None => {
                        glyphs.push(Glyph {
                            character,
                            seen: self.seen(step, class, zone),
                            step,
                            confidence,
                        });
                    }
                }
            }
            last = class;
        }
        match zone.space() {
            Some(space) => Reading { glyphs: self.with_spaces(glyphs, space) },
            None => Reading { glyphs },
        }
    }

    /// Puts spaces between characters; what speaks against a decision counts against the character behind it.
    fn with_spaces(&self, glyphs: Vec<Glyph>, space: usize) -> Vec<Glyph> {
        let likeliest_space = |between: Range<usize>| {
            let shares = between.map(|step| (step, self.row(step).get(space).copied().unwrap_or_default()));
            shares.fold((0, LEAST), |best, here| if here.1 > best.1 { here } else { best })
        };
        let share_of = |step: usize| step as f32 / self.steps as f32;
        let clear = |pair: &[Glyph]| match (&self.ink, pair) {
            (Some(ink), [a, b]) => ink.clear(share_of(a.step)..share_of(b.step + 1)),
            _ => 0.0,
        };
        let gaps = Gaps::new(glyphs.windows(2).map(clear).collect());
        let mut all: Vec<Glyph> = Vec::with_capacity(glyphs.len() + 8);
        let mut glyphs = glyphs.into_iter();
        all.extend(glyphs.next());
        for (gap, mut glyph) in glyphs.enumerate() {
            let from = all.last().map_or(0, |before| before.step + 1);
            let (step, share) = likeliest_space(from..glyph.step);
            let confidence = gaps.space(gap, glyph.character, share);
            if confidence > 0.5 {
                all.push(Glyph { character: ' ', seen: ' ', step: step.max(from), confidence });
            } else {
                glyph.confidence = glyph.confidence.min(1.0 - confidence);
            }
            all.push(glyph);
        }
        all
    }

    /// Whether ink without text stands in a range of steps and is what a dash is: one mark, wider than a dot.
    pub(super) fn is_dash(&self, range: Range<usize>) -> bool {
        let share_of = |step: usize| step as f32 / self.steps as f32;
        let range = self.within(range);
        self.ink.as_ref().is_some_and(|ink| ink.is_dash(share_of(range.start)..share_of(range.end)))
    }

    /// Whether characters stand at the first and at the last steps, where a line that is whole has its margins.
    pub fn reaches_ends(&self) -> (bool, bool) {
        let filled = |step: usize| self.row(step).first().is_some_and(|blank| *blank < 0.5);
        (filled(0), self.steps.checked_sub(1).is_some_and(filled))
    }

    /// The likeliest text of exactly `count` characters; `None` where there are too few steps for them.
    ///
    /// A recogniser that runs two digits together or sees one twice is held to the number that is known.
    pub fn exactly(&self, count: usize, range: Range<usize>, zone: &Zone) -> Option<Reading> {
        let range = self.within(range);
        let classes: Vec<usize> = (1..self.alphabet.classes()).filter(|class| zone.has(*class)).collect();
        if count == 0 || classes.is_empty() || range.len() < count {
            return None;
        }
        let rows = range.clone().map(|step| self.row_in(step, zone)).collect();
        let mut reading = Lattice::search(range, rows, count, classes).reading(&self.alphabet)?;
        for glyph in &mut reading.glyphs {
            let class = self.alphabet.class(glyph.character).unwrap_or(BLANK);
            glyph.seen = self.seen(glyph.step, class, zone);
        }
        Some(reading)
    }
}

/// The likeliest class, and its probability.
fn likeliest(shares: &[f32]) -> (usize, f32) {
    shares.iter().enumerate().fold(
        (BLANK, 0.0),
        |best, (class, share)| {
            if *share > best.1 { (class, *share) } else { best }
        },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALPHABET: &str = "01AB ";

    /// The characters of a step with their probabilities.
    type Step<'s> = &'s [(char, f32)];

    /// Every step's characters; what is left is the blank's.
    fn emissions(steps: &[Step]) -> Emissions {
        let alphabet = Alphabet::new(ALPHABET).expect("an alphabet");
        let row = |step: &Step| {
            let mut row = vec![0.0; alphabet.classes()];
            step.iter().for_each(|(c, share)| row[alphabet.class(*c).expect("known")] = *share);
            row[BLANK] = 1.0 - step.iter().map(|(_, share)| share).sum::<f32>();
            row
        };
        let probabilities: Vec<f32> = steps.iter().flat_map(row).collect();
        Emissions::new(Arc::new(alphabet.clone()), &probabilities).expect("they fit")
    }

    fn zone(emissions: &Emissions, characters: &str) -> Zone {
        emissions.alphabet().zone(|c| characters.contains(c).then_some(c))
    }

    const NOTHING: Step<'static> = &[];

    #[test]
    fn repeated_characters_are_one_unless_a_blank_parts_them() {
        let a: Step = &[('A', 0.9)];
        let rows: [(&[Step], &str); 4] = [
            (&[a, a, NOTHING], "A"),
            (&[a, NOTHING, a], "AA"),
            (&[NOTHING, NOTHING], ""),
            (&[&[('A', 0.4), ('B', 0.5)], NOTHING, &[('1', 0.6), ('A', 0.3)]], "B1"),
        ];
        for (steps, text) in rows {
            let emissions = emissions(steps);
            assert_eq!(emissions.best(0..9, &zone(&emissions, ALPHABET)).text(), text);
        }
    }

    #[test]
    fn only_what_is_allowed_is_read() {
        let emissions = emissions(&[&[('A', 0.6), ('0', 0.3)], NOTHING, &[('B', 0.5), ('1', 0.4)]]);
        let digits = zone(&emissions, "01");
        let read = emissions.best(0..3, &digits);
        assert_eq!(read.text(), "01");
        assert!(
            (read.glyphs[0].confidence - 0.75).abs() < 1e-3,
            "0.3 of 0.4: {:?}",
            read.glyphs[0].confidence
        );
        assert_eq!(emissions.best(0..1, &digits).text(), "0");
    }

    #[test]
    fn a_known_number_of_characters_is_kept_to() {
        // Two zeros that run together, and a one that the second reading of a step would make of nothing.
        let steps: [Step; 5] = [&[('0', 0.9)], &[('0', 0.45)], &[('0', 0.9)], &[('1', 0.2)], &[('1', 0.9)]];
        let emissions = emissions(&steps);
        let digits = zone(&emissions, "01");
        assert_eq!(emissions.best(0..5, &digits).text(), "001");
        for (count, text) in [(1, None), (2, Some("01")), (3, Some("001")), (5, None), (6, None)] {
            let read = emissions.exactly(count, 0..5, &digits).map(|read| read.text());
            match text {
                Some(text) => assert_eq!(read.as_deref(), Some(text), "{count}"),
                None => assert!(read.is_none_or(|read| read.len() == count), "{count}"),
            }
        }
    }

    proptest! {
        #[test]
        fn readings_are_bounded(
            numbers in prop::collection::vec(0.0_f32..1.0, 6..300), from in 0_usize..60, length in 0_usize..60, count in 0_usize..20,
        ) {
            let whole = numbers.len() / 6 * 6;
            let alphabet = Arc::new(Alphabet::new(ALPHABET).expect("an alphabet"));
            let emissions = Emissions::new(alphabet, &numbers[..whole]).expect("whole rows");
            let digits = zone(&emissions, "01");
            let range = from..from + length;
            let best = emissions.best(range.clone(), &digits);
            prop_assert!(best.text().chars().all(|c| "01".contains(c)));
            prop_assert!(best.glyphs.iter().all(|g| (0.0..=1.0).contains(&g.confidence) && range.contains(&g.step)));
            if let Some(read) = emissions.exactly(count, range.clone(), &digits) {
                prop_assert_eq!(read.glyphs.len(), count);
                prop_assert!(read.glyphs.windows(2).all(|pair| pair[0].step < pair[1].step));
            }
        }
    }
}

//! What a recogniser says of a line, step by step, and how text is read from it: connectionist temporal classification
//! (Graves and others 2006), where only some characters can stand, or with a number of characters that is known.

use std::ops::Range;
use std::sync::Arc;

use super::alphabet::{Alphabet, Zone};

/// The class that stands for no character.
const BLANK: usize = 0;

/// Nothing is believed to be less likely than this: a recogniser is sure of itself also where it errs.
const LEAST: f32 = 1e-5;

/// How many times likelier a space is than the recogniser says: it was trained on text that is set more loosely, and sees
/// too few of them in the narrow type of cards.
const SPACE: f32 = 8.0;

/// Characters so many times further apart than most have a space between them where its probability is at least this.
const WIDE: f32 = 1.4;
const HINT: f32 = 0.01;

/// Probabilities of every class at every step of a line, from left to right.
#[derive(Clone, PartialEq)]
pub struct Emissions {
    alphabet: Arc<Alphabet>,
    steps: usize,
    /// `steps` rows of one number a class.
    shares: Vec<f32>,
}

/// A character that was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character.
    pub character: char,
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
        Some(Self { alphabet, steps: probabilities.len() / classes, shares })
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

    /// The probabilities of a step where only what a zone holds can stand: they sum to 1.
    fn row_in(&self, step: usize, zone: &Zone) -> Vec<f32> {
        let row = self.row(step);
        let mut shares = vec![0.0; row.len()];
        for (class, share) in row.iter().enumerate() {
            if let Some(target) = zone.target(class).and_then(|target| shares.get_mut(target)) {
                *target += share;
            }
        }
        if let Some(space) = zone.space().and_then(|space| shares.get_mut(space)) {
            *space *= SPACE;
        }
        let total: f32 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= total.max(LEAST));
        shares
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
                        *glyph = Glyph { character, step, confidence };
                    }
                    Some(_) => {}
                    None => glyphs.push(Glyph { character, step, confidence }),
                }
            }
            last = class;
        }
        match zone.space() {
            Some(space) => self.with_lost_spaces(glyphs, space),
            None => Reading { glyphs },
        }
    }

    /// Puts a space between characters that stand further apart than most and where something speaks for one.
    fn with_lost_spaces(&self, glyphs: Vec<Glyph>, space: usize) -> Reading {
        let mut gaps: Vec<usize> = glyphs.windows(2).map(|pair| pair[1].step - pair[0].step).collect();
        gaps.sort_unstable();
        let usual = gaps.get(gaps.len() / 2).copied().unwrap_or_default() as f32;
        let mut all: Vec<Glyph> = Vec::with_capacity(glyphs.len() + 4);
        for glyph in glyphs {
            if let Some(before) =
                all.last().filter(|before| before.character != ' ' && glyph.character != ' ')
                && (glyph.step - before.step) as f32 >= WIDE * usual
            {
                let share = |step: usize| (step, self.row(step).get(space).copied().unwrap_or_default());
                let likeliest = (before.step + 1..glyph.step).map(share).max_by(|a, b| a.1.total_cmp(&b.1));
                if let Some((step, share)) = likeliest.filter(|(_, share)| *share >= HINT) {
                    all.push(Glyph { character: ' ', step, confidence: share });
                }
            }
            all.push(glyph);
        }
        Reading { glyphs: all }
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
        Lattice::search(range, rows, count, classes).reading(&self.alphabet)
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

/// Where a way through the steps came from.
#[derive(Clone, Copy, PartialEq)]
struct Node {
    log: f32,
    /// The node of the step before.
    from: usize,
}

/// The likeliest ways to have read so many characters after every step. A node is a number of characters read and the
/// class of the step, of which place 0 is the blank.
struct Lattice {
    range: Range<usize>,
    /// The probabilities of every step.
    rows: Vec<Vec<f32>>,
    count: usize,
    classes: Vec<usize>,
    /// A layer a step.
    layers: Vec<Vec<Node>>,
}

impl Lattice {
    fn search(range: Range<usize>, rows: Vec<Vec<f32>>, count: usize, classes: Vec<usize>) -> Self {
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
    fn reading(&self, alphabet: &Alphabet) -> Option<Reading> {
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
            let glyph = Glyph { character, step: self.range.start + place, confidence };
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

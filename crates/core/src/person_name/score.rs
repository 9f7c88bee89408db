//! The score of two readings of names, word by word.

use super::distance::levenshtein;
use super::phrase::Phrase;
use super::spelling::{canonical_word, is_initial};
use crate::rule::Rule;

/// Names of at most this many letters, initials included, have to be equal or of one key: one letter is too much of them.
const SHORT_NAME_LETTERS: usize = 4;

/// Names of more characters are compared for equality and keys alone, since the edit distance costs their product.
/// Registry names have at most 60.
const LONGEST_SCORED: usize = 128;

/// What equal keys are worth, and what each initial costs: one leaves a name above the usual threshold of 90, two do not.
const CANONICAL: u8 = 97;
const CONFUSABLE: u8 = 93;
const INITIAL_COST: u8 = 8;

/// At least one full word of this many letters has to be equal before an initial may stand for another.
const ANCHOR_LETTERS: usize = 3;

/// The one initial that is as good as a spelling, and the family it stands for: it may stand beside a short name.
const USUAL_INITIAL: (&str, &str) = ("M", "MUHAMMAD");

/// A similarity and the rule that decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) similarity: u8,
    pub(super) rule: Rule,
}

impl Score {
    pub(super) const fn new(similarity: u8, rule: Rule) -> Self {
        Self { similarity, rule }
    }

    /// The higher one; of equals the one whose rule stands first, so that the order of the two does not matter.
    pub(super) fn or_better(self, other: Self) -> Self {
        if (other.similarity, self.rule) > (self.similarity, other.rule) { other } else { self }
    }

    /// The lower one; of equals the one whose rule stands first.
    pub(super) fn or_worse(self, other: Self) -> Self {
        if (other.similarity, other.rule) < (self.similarity, self.rule) { other } else { self }
    }

    /// Whether a rule of spelling or of initials decided, rather than a distance.
    pub(super) fn is_spelled(self) -> bool {
        matches!(
            self.rule,
            Rule::Equal
                | Rule::EqualWithoutSpaces
                | Rule::CanonicalSpelling
                | Rule::ConfusableSpelling
                | Rule::Initials
        )
    }
}

/// Scores two names without titles and particles.
pub(super) fn score(a: &Phrase<'_>, b: &Phrase<'_>, per_token: bool) -> Score {
    if a.joined().is_empty() || b.joined().is_empty() {
        return Score::new(0, Rule::NothingToCompare);
    }
    if a.words() == b.words() {
        return Score::new(100, Rule::Equal);
    }
    if a.joined() == b.joined() {
        return Score::new(100, Rule::EqualWithoutSpaces);
    }
    if a.keys().same_canonical(b.keys()) {
        return Score::new(CANONICAL, Rule::CanonicalSpelling);
    }
    if a.keys().same_confusable(b.keys()) {
        return Score::new(CONFUSABLE, Rule::ConfusableSpelling);
    }
    let is_short = |name: &Phrase<'_>| name.joined().chars().count() <= SHORT_NAME_LETTERS;
    let either_is_short = is_short(a) || is_short(b);
    if let Some(similarity) = initials(a.words(), b.words(), either_is_short) {
        return Score::new(similarity, Rule::Initials);
    }
    if either_is_short {
        return Score::new(0, Rule::ShortName);
    }
    distance(a.words(), b.words(), per_token)
}

/// Word by word in order, a single letter for a word that starts with it: 100 less the cost of each such letter. Another
/// spelling of a word costs nothing beside it.
///
/// Of a short name the letter is too much to be guessed at: there only the usual initial stands for a word.
fn initials(a: &[&str], b: &[&str], is_short: bool) -> Option<u8> {
    if a.len() != b.len() || !a.iter().chain(b).any(|word| is_initial(word)) {
        return None;
    }
    let mut score = 100u8;
    let mut anchored = false;
    let mut abbreviated = false;
    for (at, (word_a, word_b)) in a.iter().zip(b).enumerate() {
        let last = at + 1 == a.len();
        if word_a == word_b {
            anchored |= word_a.chars().count() >= ANCHOR_LETTERS;
        } else if stands_for(word_a, word_b, is_short) || stands_for(word_b, word_a, is_short) {
            abbreviated = true;
            score = score.saturating_sub(INITIAL_COST);
        } else if is_initial(word_a)
            || is_initial(word_b)
            || canonical_word(word_a, last) != canonical_word(word_b, last)
        {
            return None;
        }
    }
    (anchored && abbreviated).then_some(score)
}

/// Whether a word is an initial of the other.
fn stands_for(initial: &str, word: &str, is_short: bool) -> bool {
    let is_usual = || (initial, &*canonical_word(word, false)) == USUAL_INITIAL;
    is_initial(initial) && word.starts_with(initial) && (!is_short || is_usual())
}

/// The better of the edit distance in order and, less 3, of the sorted words; never 100.
fn distance(a: &[&str], b: &[&str], per_token: bool) -> Score {
    let (text_a, text_b) = (a.join(" "), b.join(" "));
    if text_a.chars().count().max(text_b.chars().count()) > LONGEST_SCORED {
        return Score::new(0, Rule::EditDistance);
    }
    let sorted = |words: &[&str]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.join(" ")
    };
    let in_order = Score::new(levenshtein(&text_a, &text_b), Rule::EditDistance);
    let out_of_order = if a.len() > 1 || b.len() > 1 {
        Score::new(levenshtein(&sorted(a), &sorted(b)).saturating_sub(3), Rule::EditDistance)
    } else {
        in_order
    };
    let whole = in_order.or_better(out_of_order);
    if per_token { whole.or_worse(worst_token(a, b)) } else { whole }
}

/// The lowest similarity of the words, aligned in order or sorted, whichever is kinder; 0 where their number differs.
fn worst_token(a: &[&str], b: &[&str]) -> Score {
    let worst = |a: &[&str], b: &[&str]| a.iter().zip(b).map(|(a, b)| levenshtein(a, b)).min().unwrap_or(0);
    let similarity = if a.len() == b.len() {
        let (mut sorted_a, mut sorted_b) = (a.to_vec(), b.to_vec());
        sorted_a.sort_unstable();
        sorted_b.sort_unstable();
        worst(a, b).max(worst(&sorted_a, &sorted_b))
    } else {
        0
    };
    Score::new(similarity, Rule::WorstToken)
}

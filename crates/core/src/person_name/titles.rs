//! Titles around a name.

use super::phrase::Phrase;
use super::spelling::is_initial;
use super::tables::{MOST_TITLE_WORDS, PREFIX_TITLES, SUFFIX_TITLES};
use super::tokens::Token;

/// Doubtful titles at one end; one more counts as part of the name. The readings of two names multiply with them.
const MOST_DOUBTFUL: usize = 3;

/// A name's words with its titles told apart.
///
/// A word that is a title and nothing else is gone. One that can also be a name (H, ST, ANDI) stands in `before` or
/// `after`, for the comparison to try both readings.
pub(super) struct Titled<'a> {
    before: Vec<Doubtful<'a>>,
    name: &'a [Token],
    after: Vec<Doubtful<'a>>,
}

/// A title that can also be a name.
#[derive(Clone, Copy)]
struct Doubtful<'a>(&'a [Token]);

impl Doubtful<'_> {
    /// Whether a dot says that it is rather a title: H. against ANDI.
    fn is_dotted(&self) -> bool {
        self.0.iter().all(Token::is_dotted)
    }
}

/// A name read without some of its doubtful titles.
pub(super) struct Reading<'a> {
    pub(super) name: Phrase<'a>,
    undotted_left_out: [bool; 2],
}

impl Reading<'_> {
    /// Whether two readings may be held against each other: at each end only one of them leaves out what was written
    /// without a dot. ANDI SAPUTRA may be SAPUTRA, but not TEUKU SAPUTRA; H. SAPUTRA may be either.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        self.undotted_left_out.iter().zip(other.undotted_left_out).all(|(a, b)| !(*a && b))
    }
}

impl<'a> Titled<'a> {
    /// Tells the titles at both ends apart; at least one word always stays the name.
    pub(super) fn of(tokens: &'a [Token]) -> Self {
        let (name, after) = split_after(tokens);
        let (before, name) = split_before(name);
        Self { before, name, after }
    }

    /// Every reading, the full one first: at each end the outermost doubtful titles are left out, none to all.
    pub(super) fn readings(&self) -> Vec<Reading<'a>> {
        (0..=self.before.len())
            .flat_map(|before| (0..=self.after.len()).map(move |after| self.without(before, after)))
            .collect()
    }

    /// The name without so many of its outermost doubtful titles.
    fn without(&self, before: usize, after: usize) -> Reading<'a> {
        let (left_out_before, kept_before) = self.before.split_at(before.min(self.before.len()));
        let (kept_after, left_out_after) = self.after.split_at(self.after.len().saturating_sub(after));
        let kept_before = kept_before.iter().flat_map(|title| title.0);
        let kept_after = kept_after.iter().flat_map(|title| title.0);
        let undotted = |titles: &[Doubtful<'_>]| titles.iter().any(|title| !title.is_dotted());
        Reading {
            name: Phrase::of(kept_before.chain(self.name).chain(kept_after).map(Token::text).collect()),
            undotted_left_out: [undotted(left_out_before), undotted(left_out_after)],
        }
    }
}

/// Whether a word before a father's name is a title: one that is no name, or the H of a hajji.
pub(super) fn is_fathers_title(word: &str) -> bool {
    let is_known = |(title, words, also_name): &(&str, usize, bool)| {
        *title == word && *words == 1 && (!also_name || word == "H")
    };
    let at = PREFIX_TITLES.partition_point(|(title, ..)| *title < word);
    PREFIX_TITLES.get(at).is_some_and(is_known)
}

/// What a run of tokens is.
enum Kind {
    Title,
    TitleOrName,
}

/// Degrees have up to four parts (S.TR.KEB).
const LONGEST_RUN: usize = 4;

/// Takes titles off the end; the doubtful ones are returned in the order they stand.
fn split_after(mut tokens: &[Token]) -> (&[Token], Vec<Doubtful<'_>>) {
    let mut doubtful = Vec::new();
    while let Some((run, kind)) =
        longest_run(SUFFIX_TITLES, tokens, |tokens, run| tokens.get(tokens.len() - run..))
    {
        let (rest, title) = tokens.split_at(tokens.len() - run);
        if let Kind::TitleOrName = kind {
            if doubtful.len() == MOST_DOUBTFUL {
                break;
            }
            doubtful.insert(0, Doubtful(title));
        }
        tokens = rest;
    }
    (tokens, doubtful)
}

/// Takes titles off the beginning; the doubtful ones are returned in the order they stand.
fn split_before(mut tokens: &[Token]) -> (Vec<Doubtful<'_>>, &[Token]) {
    let mut doubtful = Vec::new();
    while let Some((run, kind)) = longest_run(PREFIX_TITLES, tokens, |tokens, run| tokens.get(..run)) {
        let (title, rest) = tokens.split_at(run);
        if let Kind::TitleOrName = kind {
            if doubtful.len() == MOST_DOUBTFUL {
                break;
            }
            doubtful.push(Doubtful(title));
        }
        tokens = rest;
    }
    (doubtful, tokens)
}

/// The longest run of tokens at one end that is a title and leaves a name over.
fn longest_run<'a>(
    titles: &[(&str, usize, bool)],
    tokens: &'a [Token],
    end: impl Fn(&'a [Token], usize) -> Option<&'a [Token]>,
) -> Option<(usize, Kind)> {
    let longest = LONGEST_RUN.min(tokens.len().checked_sub(1)?);
    (1..=longest).rev().find_map(|run| Some((run, kind(titles, end(tokens, run)?)?)))
}

/// Reads a run: the words of a title of several words, one word, or the dotted parts of one (S.PD.I, K.H.).
fn kind(titles: &[(&str, usize, bool)], run: &[Token]) -> Option<Kind> {
    let (last, parts) = run.split_last()?;
    let dotted = parts.iter().all(Token::is_dotted);
    if !dotted && run.len() > MOST_TITLE_WORDS {
        return None;
    }
    let joined;
    let text = if parts.is_empty() {
        last.text()
    } else {
        joined = run.iter().map(Token::text).collect::<String>();
        &joined
    };
    let index = titles.binary_search_by(|(title, ..)| (*title).cmp(text)).ok()?;
    let (_, words, also_name) = titles.get(index)?;
    if *words != run.len() && !(*words == 1 && dotted) {
        return None;
    }
    // A dot makes a degree of ST and SE; a single letter may be an initial, dot or not.
    let written_as_title = dotted && !parts.is_empty() || last.is_dotted() && !is_initial(text);
    Some(if *also_name && !written_as_title { Kind::TitleOrName } else { Kind::Title })
}

//! Titles around a name.

use super::spelling::is_initial;
use super::tables::{PREFIX_TITLES, SUFFIX_TITLES};
use super::tokens::Token;

/// A name's words with its titles told apart.
///
/// A word that is a title and nothing else is gone. One that can also be a name (H, ST, ANDI) stands in `before` or
/// `after`, for the comparison to try both readings.
pub(super) struct Titled<'a> {
    before: Vec<&'a str>,
    name: Vec<&'a str>,
    after: Vec<&'a str>,
}

impl<'a> Titled<'a> {
    /// Tells the titles at both ends apart; at least one word always stays the name.
    pub(super) fn of(tokens: &'a [Token]) -> Self {
        let (name, after) = split_after(tokens);
        let (before, name) = split_before(name);
        Self { before, name: name.iter().map(Token::text).collect(), after }
    }

    /// Whether there are words before the name that may be titles.
    pub(super) fn has_before(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether there are words after the name that may be titles.
    pub(super) fn has_after(&self) -> bool {
        !self.after.is_empty()
    }

    /// The words, read with or without the doubtful ones at either end.
    pub(super) fn words(&self, with_before: bool, with_after: bool) -> Vec<&'a str> {
        let mut words = Vec::with_capacity(self.before.len() + self.name.len() + self.after.len());
        if with_before {
            words.extend(&self.before);
        }
        words.extend(&self.name);
        if with_after {
            words.extend(&self.after);
        }
        words
    }
}

/// How a run of tokens reads.
enum Reading {
    Title,
    TitleOrName,
}

/// Degrees have up to four parts (S.TR.KEB).
const LONGEST_RUN: usize = 4;

/// Takes titles off the end; the doubtful ones are returned in the order they stand.
fn split_after(mut tokens: &[Token]) -> (&[Token], Vec<&str>) {
    let mut doubtful = Vec::new();
    while let Some((run, reading)) =
        longest_run(SUFFIX_TITLES, tokens, |tokens, run| tokens.get(tokens.len() - run..))
    {
        let (rest, title) = tokens.split_at(tokens.len() - run);
        if let Reading::TitleOrName = reading {
            doubtful.splice(0..0, title.iter().map(Token::text));
        }
        tokens = rest;
    }
    (tokens, doubtful)
}

/// Takes titles off the beginning; the doubtful ones are returned in the order they stand.
fn split_before(mut tokens: &[Token]) -> (Vec<&str>, &[Token]) {
    let mut doubtful = Vec::new();
    while let Some((run, reading)) = longest_run(PREFIX_TITLES, tokens, |tokens, run| tokens.get(..run)) {
        let (title, rest) = tokens.split_at(run);
        if let Reading::TitleOrName = reading {
            doubtful.extend(title.iter().map(Token::text));
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
) -> Option<(usize, Reading)> {
    let longest = LONGEST_RUN.min(tokens.len().checked_sub(1)?);
    (1..=longest).rev().find_map(|run| Some((run, reading(titles, end(tokens, run)?)?)))
}

/// Reads a run: the words of a title of several words, one word, or the dotted parts of one (S.PD.I, K.H.).
fn reading(titles: &[(&str, usize, bool)], run: &[Token]) -> Option<Reading> {
    let (last, parts) = run.split_last()?;
    let dotted = parts.iter().all(Token::is_dotted);
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
    Some(if *also_name && !written_as_title { Reading::TitleOrName } else { Reading::Title })
}

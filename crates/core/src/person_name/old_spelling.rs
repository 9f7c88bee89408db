//! The spelling of before 1972 (van Ophuijsen, Soewandi) in today's letters. Also part of the build script.

use std::borrow::Cow;

/// What was written in two letters then, and how it is written today.
const LETTERS: [(&str, &str); 6] =
    [("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("NJ", "NY"), ("SJ", "SY"), ("CH", "KH")];

/// A word with OE, DJ, TJ, NJ, SJ and CH written as U, J, C, NY, SY and KH.
///
/// The word is in capitals. The old J, today's Y, is left alone: it cannot be told from today's J.
pub fn modern(word: &str) -> Cow<'_, str> {
    let Some(mut at) = first_mark(word) else { return Cow::Borrowed(word) };
    let mut out = String::with_capacity(word.len() + 2);
    let mut rest = word;
    loop {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        let Some((old, today)) = LETTERS.iter().find(|(old, _)| marked.starts_with(old)) else { break };
        out.push_str(today);
        rest = marked.get(old.len()..).unwrap_or_default();
        at = first_mark(rest).unwrap_or(rest.len());
    }
    Cow::Owned(out)
}

/// Where the first of those letters stands.
fn first_mark(word: &str) -> Option<usize> {
    let is_mark = |pair: &[u8]| LETTERS.iter().any(|(old, _)| old.as_bytes() == pair);
    word.as_bytes().windows(2).position(is_mark)
}

//! Comparison of personal names.
//!
//! The registry's own formula is not published, and plain metrics do not separate: Levenshtein similarity gives 50 for
//! MUHAMMAD RIZKI and MOCH RIZKI, who are one man, and 92 for BUDI SANTOSO and BUDI SANTOSA. So a name is brought to
//! words first, its titles are told apart, and then the first rule that holds decides:
//!
//! | rule | similarity |
//! |---|---|
//! | equal, or equal without spaces | 100 |
//! | one canonical spelling | 97 |
//! | one spelling once confusable letters are folded | 93 |
//! | initials for words | 100 less 8 for each, so at most 92 |
//! | a name of at most four letters, none of the above | 0 |
//! | edit distance, in order or (less 3) sorted | 0 to 99 |
//!
//! A patronymic (BIN, BINTI) may be missing on one side; where both have one it has to agree.

mod distance;
mod lineage;
mod old_spelling;
mod score;
mod spelling;
mod tables;
mod titles;
mod tokens;

use crate::rule::Rule;
pub(crate) use distance::levenshtein;
use score::Score;
use titles::Titled;

/// The similarity of two personal names, 0 to 100, and the rule that decided it.
///
/// Symmetric; 100 for a name with a letter compared with itself; 0 with [`Rule::NothingToCompare`] where either side has
/// neither letter nor digit. With `per_token` a distance counts no more than the worst pair of aligned words.
///
/// ```
/// use absah_core::person_name::similarity;
/// use absah_core::rule::Rule;
///
/// assert_eq!(similarity("Muhammad Rizki", "MOCH. RIZKI", false), (97, Rule::CanonicalSpelling));
/// assert_eq!(similarity("NURHALIZA", "NUR HALIZA", false), (100, Rule::EqualWithoutSpaces));
/// assert_eq!(similarity("SUPRIYADI", "SUPRIADI", false), (93, Rule::ConfusableSpelling));
/// assert_eq!(similarity("BUDI SANTOSO", "BUDI SANTOSA", false), (92, Rule::EditDistance));
/// assert_eq!(similarity("BUDI SANTOSO", "BUDI SANTOSA", true), (86, Rule::WorstToken));
/// ```
pub fn similarity(a: &str, b: &str, per_token: bool) -> (u8, Rule) {
    let (tokens_a, tokens_b) = (tokens::tokens(a), tokens::tokens(b));
    let (a, b) = (Titled::of(&tokens_a), Titled::of(&tokens_b));

    let full = lineage::score(&a.words(true, true), &b.words(true, true), per_token);
    if full.similarity == 100 || full.rule == Rule::NothingToCompare {
        return (full.similarity, full.rule);
    }
    let best = readings(&a, &b)
        .map(|[reading_a, reading_b]| {
            lineage::score(&a.words(reading_a.0, reading_a.1), &b.words(reading_b.0, reading_b.1), per_token)
        })
        .fold(full, Score::or_better);
    (best.similarity, best.rule)
}

/// Whether the doubtful titles before and after a name are read as part of it.
type Reading = (bool, bool);

/// The readings of two names other than the full one. At each end the doubtful titles of one side at most are left out:
/// ANDI SAPUTRA may be SAPUTRA, but not TEUKU SAPUTRA.
fn readings(a: &Titled<'_>, b: &Titled<'_>) -> impl Iterator<Item = [Reading; 2]> {
    let ends =
        |a: bool, b: bool| [Some((true, true)), a.then_some((false, true)), b.then_some((true, false))];
    let before = ends(a.has_before(), b.has_before());
    let after = ends(a.has_after(), b.has_after());
    before
        .into_iter()
        .flatten()
        .flat_map(move |before| after.into_iter().flatten().map(move |after| (before, after)))
        .skip(1)
        .map(|(before, after)| [(before.0, after.0), (before.1, after.1)])
}

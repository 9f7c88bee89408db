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
//! | a name of at most four letters (ANI, ANI S), otherwise | 0 |
//! | edit distance, in order or (less 3) sorted | 0 to 99 |
//!
//! A patronymic (BIN, BINTI) may be missing on one side, as may the name that somebody is also known by (ALIAS); where both
//! have one it has to agree.

mod distance;
mod lineage;
mod old_spelling;
mod phrase;
mod score;
mod spelling;
mod tables;
mod titles;
mod tokens;

use crate::rule::Rule;
pub(crate) use distance::levenshtein;
use score::Score;
use titles::Titled;

/// Pairs of names with whether a human takes them for one person, as CSV: `claimed`, `held`, `label` (`same` or
/// `different`) and `why`. The names are made up.
pub const LABELLED_PAIRS: &str = include_str!("../../data/name_pairs.csv");

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
    let best = best_reading(&a, &b, per_token);
    (best.similarity, best.rule)
}

/// The best score of any two readings that may meet; the full ones decide alone where they are equal.
fn best_reading(a: &Titled<'_>, b: &Titled<'_>, per_token: bool) -> Score {
    let (readings_a, readings_b) = (a.readings(), b.readings());
    let mut scores = readings_a
        .iter()
        .flat_map(|a| readings_b.iter().map(move |b| (a, b)))
        .filter(|(a, b)| a.may_meet(b))
        .map(|(a, b)| lineage::score(&a.name, &b.name, per_token));
    // The full readings come first.
    let mut best = scores.next().unwrap_or(Score::new(0, Rule::NothingToCompare));
    if best.similarity == 100 {
        return best;
    }
    for score in scores {
        best = best.or_better(score);
        if best.rule == Rule::Equal {
            break;
        }
    }
    best
}

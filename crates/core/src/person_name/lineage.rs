//! Patronymics: SON OF is BIN, DAUGHTER OF is BINTI.

use super::phrase::Phrase;
use super::score::{self, Score};

/// The particles before a father's name.
const PARTICLES: [&str; 6] = ["BIN", "BINTI", "BINTU", "BINT", "BT", "BTE"];

/// A letter that is a particle only where the other name spells one out; elsewhere it is an initial.
const ABBREVIATED_PARTICLE: &str = "B";

/// A name's own words and, behind the first particle, its father's.
struct Lineage<'a> {
    own: Phrase<'a>,
    father: Phrase<'a>,
}

impl<'a> Lineage<'a> {
    /// Both parts, without the particle.
    fn whole(&self) -> Phrase<'a> {
        Phrase::of(self.own.words().iter().chain(self.father.words()).copied().collect())
    }
}

/// Scores two names whose titles are off, with their patronymics told apart.
pub(super) fn score(a: &Phrase<'_>, b: &Phrase<'_>, per_token: bool) -> Score {
    let (spelled_a, spelled_b) = (position(a.words(), is_particle), position(b.words(), is_particle));
    if spelled_a.is_none() && spelled_b.is_none() {
        return score::score(a, b, per_token);
    }
    let abbreviated = |word: &str| word == ABBREVIATED_PARTICLE;
    let lineage_a = split(a.words(), spelled_a.or_else(|| position(a.words(), abbreviated)));
    let lineage_b = split(b.words(), spelled_b.or_else(|| position(b.words(), abbreviated)));
    match (lineage_a, lineage_b) {
        (Some(a), Some(b)) => both(&a, &b, per_token),
        (Some(lineage), None) => one(&lineage, b, per_token),
        (None, Some(lineage)) => one(&lineage, a, per_token),
        (None, None) => score::score(a, b, per_token),
    }
}

/// Both name a father: the names agree as a whole by spelling, or the worse of the two parts counts.
fn both(a: &Lineage<'_>, b: &Lineage<'_>, per_token: bool) -> Score {
    let whole = score::score(&a.whole(), &b.whole(), per_token);
    if whole.is_spelled() {
        return whole;
    }
    score::score(&a.own, &b.own, per_token).or_worse(score::score(&a.father, &b.father, per_token))
}

/// One names a father: the other leaves him out, or names him without the particle.
fn one(lineage: &Lineage<'_>, other: &Phrase<'_>, per_token: bool) -> Score {
    score::score(&lineage.own, other, per_token).or_better(score::score(&lineage.whole(), other, per_token))
}

/// Where a particle stands between two words.
fn position(words: &[&str], particle: impl Fn(&str) -> bool) -> Option<usize> {
    let inner = words.get(1..words.len().checked_sub(1)?)?;
    inner.iter().position(|word| particle(word)).map(|at| at + 1)
}

fn split<'a>(words: &[&'a str], at: Option<usize>) -> Option<Lineage<'a>> {
    let (own, rest) = words.split_at_checked(at?)?;
    let father: Vec<_> = rest.iter().skip(1).copied().filter(|word| !is_particle(word)).collect();
    (!father.is_empty()).then(|| Lineage { own: Phrase::of(own.to_vec()), father: Phrase::of(father) })
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

//! Patronymics: SON OF is BIN, DAUGHTER OF is BINTI. A name that somebody is also known by stands behind ALIAS.

use super::phrase::Phrase;
use super::score::{self, Score};
use super::titles::is_fathers_title;

/// The particles before a father's name, and the one before another name of the same person.
const PARTICLES: [&str; 7] = ["BIN", "BINTI", "BINTU", "BINT", "BT", "BTE", ALIAS];
const ALIAS: &str = "ALIAS";

/// What is a particle only where the other name spells that one out; elsewhere it is an initial, or part of the name
/// (AL FATIH).
const ABBREVIATED_BIN: &str = "B";
const ABBREVIATED_ALIAS: &str = "AL";

/// A name's own words and, behind the first particle, its father's.
struct Lineage<'a> {
    own: Phrase<'a>,
    /// The father's name without the titles before it.
    father: Phrase<'a>,
    /// His name with them, where it has any.
    titled_father: Option<Vec<&'a str>>,
}

impl<'a> Lineage<'a> {
    /// Both parts, without the particle and the father's titles.
    fn whole(&self) -> Phrase<'a> {
        self.before(self.father.words())
    }

    /// The own words before others.
    fn before(&self, father: &[&'a str]) -> Phrase<'a> {
        Phrase::of(self.own.words().iter().chain(father).copied().collect())
    }
}

/// Scores two names whose titles are off, with their patronymics told apart.
pub(super) fn score(a: &Phrase<'_>, b: &Phrase<'_>, per_token: bool) -> Score {
    let (spelled_a, spelled_b) = (position(a.words(), is_particle), position(b.words(), is_particle));
    if spelled_a.is_none() && spelled_b.is_none() {
        return score::score(a, b, per_token);
    }
    let lineage_a = split(a.words(), spelled_a.or_else(|| abbreviated(a.words(), b.words(), spelled_b)));
    let lineage_b = split(b.words(), spelled_b.or_else(|| abbreviated(b.words(), a.words(), spelled_a)));
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
    let against = |name: &Phrase<'_>| score::score(name, other, per_token);
    let best = against(&lineage.own).or_better(against(&lineage.whole()));
    match &lineage.titled_father {
        Some(father) => best.or_better(against(&lineage.before(father))),
        None => best,
    }
}

/// Where a particle stands between two words.
fn position(words: &[&str], particle: impl Fn(&str) -> bool) -> Option<usize> {
    let inner = words.get(1..words.len().checked_sub(1)?)?;
    inner.iter().position(|word| particle(word)).map(|at| at + 1)
}

/// Where a particle stands abbreviated in words whose counterpart spells it out at that place of its own.
fn abbreviated(words: &[&str], other: &[&str], spelled: Option<usize>) -> Option<usize> {
    let short = if *other.get(spelled?)? == ALIAS { ABBREVIATED_ALIAS } else { ABBREVIATED_BIN };
    position(words, |word| word == short)
}

fn split<'a>(words: &[&'a str], at: Option<usize>) -> Option<Lineage<'a>> {
    let (own, rest) = words.split_at_checked(at?)?;
    let father: Vec<_> = rest.iter().skip(1).copied().filter(|word| !is_particle(word)).collect();
    let last = father.len().checked_sub(1)?;
    let titles = father.iter().take(last).take_while(|word| is_fathers_title(word)).count();
    let name = father.get(titles..)?.to_vec();
    Some(Lineage {
        own: Phrase::of(own.to_vec()),
        father: Phrase::of(name),
        titled_father: (titles > 0).then_some(father),
    })
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

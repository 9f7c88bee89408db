//! Names of people, in the manner of the archipelago's peoples.
//!
//! The lists hold common words of each tradition; combined by chance, they are nobody's names in particular.

mod pools;
mod tradition;

use super::dice::Dice;
use super::number::Sex;

pub(super) use self::tradition::Tradition;

use self::tradition::{Family, Style};

/// A registered name: now and then with a title, as the registry's own rows have.
pub(super) fn full_name(dice: &mut Dice, tradition: Tradition, sex: Sex, age: u32) -> String {
    let name = plain_name(dice, tradition, sex);
    match dice.below(1_000) {
        0..12 if age > 45 && tradition.style().muslim => {
            format!("{} {name}", if sex == Sex::Male { "H" } else { "HJ" })
        }
        12..17 if age > 28 => format!("{} {name}", dice.pick(pools::TITLES_BEFORE)),
        17..37 if age > 23 => format!("{name}, {}", dice.pick_common(pools::TITLES_AFTER)),
        _ => name,
    }
}

/// A name without titles.
pub(super) fn plain_name(dice: &mut Dice, tradition: Tradition, sex: Sex) -> String {
    let style = tradition.style();
    let mut words = Words::default();
    if let Some(front) = front_word(dice, style, sex) {
        words.push(front);
    }
    let (first, second) = match sex {
        Sex::Male => style.men,
        Sex::Female => style.women,
    };
    words.push(dice.pick_common(first));
    let single = words.count == 1 && dice.percent(style.single_percent);
    if !single {
        if dice.percent(style.second_percent) {
            words.push(dice.pick(second));
        }
        match style.family {
            Family::Always(names) => words.push(dice.pick_common(names)),
            Family::Sometimes(percent, names) if dice.percent(percent) => words.push(dice.pick_common(names)),
            Family::Sometimes(..) | Family::None => {}
        }
    }
    if style.muslim && dice.below(200) == 0 {
        words.push(if sex == Sex::Male { "BIN" } else { "BINTI" });
        words.push(dice.pick_common(pools::MUSLIM_MEN));
    }
    words.text
}

/// What stands before the given name: a form of MUHAMMAD, SITI, or a word of birth or rank.
fn front_word(dice: &mut Dice, style: &Style, sex: Sex) -> Option<&'static str> {
    let (chance, rank) = match sex {
        Sex::Male => style.men_rank,
        Sex::Female => style.women_rank,
    };
    if dice.percent(chance) {
        return Some(dice.pick_common(rank));
    }
    match sex {
        Sex::Male if style.muslim && dice.percent(11) => dice.weighted(pools::MUHAMMAD),
        Sex::Female if style.muslim && dice.percent(9) => dice.weighted(pools::SITI),
        _ => None,
    }
}

/// Words joined by spaces; a word that stands already is left out.
#[derive(Default)]
struct Words {
    text: String,
    count: usize,
}

impl Words {
    fn push(&mut self, word: &str) {
        if word.is_empty() || self.text.split(' ').any(|other| other == word) {
            return;
        }
        if self.count == 0 {
            self.text.reserve(40);
        } else {
            self.text.push(' ');
        }
        self.text.push_str(word);
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tradition_makes_names_of_capitals() {
        let mut dice = Dice::new(6);
        for tradition in Tradition::ALL {
            for sex in [Sex::Male, Sex::Female] {
                for _ in 0..300 {
                    let name = full_name(&mut dice, tradition, sex, 50);
                    let allowed = |c: char| c.is_ascii_uppercase() || " ,.'".contains(c);
                    assert!(name.chars().all(allowed), "{name}");
                    assert!((2..=60).contains(&name.len()) && name.trim() == name, "{name:?}");
                }
            }
        }
    }

    #[test]
    fn javanese_names_are_often_single_words_and_batak_ones_never() {
        let mut dice = Dice::new(7);
        let mut singles = |tradition| {
            (0..1_000).filter(|_| !plain_name(&mut dice, tradition, Sex::Male).contains(' ')).count()
        };
        assert!((150..450).contains(&singles(Tradition::Javanese)));
        assert_eq!(singles(Tradition::Batak), 0);
    }

    #[test]
    fn muslim_names_carry_muhammad_in_many_spellings() {
        let mut dice = Dice::new(8);
        let firsts: std::collections::BTreeSet<_> = (0..5_000)
            .map(|_| plain_name(&mut dice, Tradition::Malay, Sex::Male))
            .filter_map(|name| name.split(' ').next().map(str::to_owned))
            .collect();
        for (_, spelling) in pools::MUHAMMAD {
            assert!(firsts.contains(*spelling), "{spelling}");
        }
    }
}

//! What holds for the comparison of any two addresses, places and places of birth.

use absah_core::address;
use absah_core::claims::Demographics;
use absah_core::compare::demographics;
use absah_core::field::Field;
use absah_core::places::{PlaceLevel, same_place};
use absah_core::policy::Policy;
use absah_core::rule::Rule;
use absah_core::verdict::{FieldFinding, FieldVerdict};
use proptest::prelude::*;

/// Every level a place can be of.
const LEVELS: [PlaceLevel; 4] =
    [PlaceLevel::Province, PlaceLevel::Regency, PlaceLevel::District, PlaceLevel::Village];

/// Texts of words that the rules know.
fn known_words() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "KOTA",
        "KAB.",
        "KABUPATEN",
        "ADM.",
        "KEC.",
        "DESA",
        "KEL",
        "PROV.",
        "DKI",
        "JAKARTA",
        "D.I.",
        "YOGYAKARTA",
        "BANDUNG",
        "BARAT",
        "SAMARINDA",
        "BARU",
        "KEP",
        "RIAU",
        "JABAR",
        "JL.",
        "JALAN",
        "GG",
        "NO",
        "NO12",
        "012",
        "RT",
        "RW",
        "RT02",
        "002",
        "/",
        ",",
        "-",
        "'",
        "BLOK",
        "A",
        "DS",
        "SESAMA",
    ]);
    prop::collection::vec(words, 0..7).prop_map(|words| words.join(" "))
}

/// Any text, and those.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), known_words(), "[a-z0-9. ,'/-]{0,30}"]
}

/// The finding of a claimed place of birth.
fn birth_places(claimed: &str, held: &str) -> Option<FieldFinding> {
    let of = |text| {
        let mut person = Demographics::default();
        person.set_text(Field::PlaceOfBirth, text);
        person
    };
    demographics(&of(claimed), &of(held), &Policy::default()).get(Field::PlaceOfBirth).copied()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn addresses_are_symmetric_and_bounded_by_their_rule(a in texts(), b in texts()) {
        let (score, rule) = address::similarity(&a, &b);
        prop_assert_eq!(address::similarity(&b, &a), (score, rule));
        let bounds = match rule {
            Rule::Equal | Rule::EqualWithoutSpaces => 100..=100,
            Rule::EditDistance => 0..=99,
            Rule::NothingToCompare => 0..=0,
            other => panic!("{} is no rule of addresses", other.key()),
        };
        prop_assert!(bounds.contains(&score), "{score} by {}", rule.key());
    }

    #[test]
    fn an_address_that_says_something_agrees_with_itself(before in texts(), letter in "[A-Za-z0-9]", after in texts()) {
        let address = format!("{before}{letter}{after}");
        prop_assert_eq!(address::similarity(&address, &address), (100, Rule::Equal));
    }

    #[test]
    fn places_are_symmetric_and_decided_by_their_rules(a in texts(), b in texts()) {
        for level in LEVELS {
            let (same, rule) = same_place(level, &a, &b);
            prop_assert_eq!(same_place(level, &b, &a), (same, rule));
            let agrees = match rule {
                Rule::Equal | Rule::EqualWithoutSpaces | Rule::KnownSynonym => true,
                Rule::PlaceName | Rule::PlaceType | Rule::NothingToCompare => false,
                other => panic!("{} is no rule of places", other.key()),
            };
            prop_assert_eq!(same, agrees, "{}", rule.key());
        }
    }

    #[test]
    fn a_place_that_says_something_is_itself(before in texts(), letter in "[A-Za-z0-9]", after in texts()) {
        let place = format!("{before}{letter}{after}");
        for level in LEVELS {
            prop_assert_eq!(same_place(level, &place, &place), (true, Rule::Equal));
        }
        prop_assert_eq!(birth_places(&place, &place).and_then(|finding| finding.similarity), Some(100));
    }

    /// A record that says nothing is the one asymmetry: it is not held, where a claim of nothing contradicts.
    #[test]
    fn places_of_birth_are_symmetric_and_bounded(a in texts(), b in texts()) {
        let finding = |claimed, held| birth_places(claimed, held).expect("a finding");
        let (there, back) = (finding(&a, &b), finding(&b, &a));
        if there.verdict == FieldVerdict::NotHeld || back.verdict == FieldVerdict::NotHeld {
            prop_assert!(there.verdict != FieldVerdict::Match && back.verdict != FieldVerdict::Match);
        } else {
            prop_assert_eq!((there.verdict, there.similarity, there.rule), (back.verdict, back.similarity, back.rule));
            prop_assert!(there.similarity.is_some_and(|score| score <= 100));
        }
    }
}

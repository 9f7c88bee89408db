//! What holds for the comparison of any two names.

use absah_core::person_name::similarity;
use absah_core::rule::Rule;
use proptest::prelude::*;

/// Names of words that the rules know, so that titles, particles, families and initials meet one another.
fn names() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "H",
        "H.",
        "DR",
        "DR.",
        "S",
        "ST",
        "SE",
        "S.H.",
        ", SH",
        "ANDI",
        "RADEN",
        "MAS",
        "IDA",
        "BAGUS",
        "IB",
        "I",
        "BIN",
        "BINTI",
        "B",
        "ALIAS",
        "AL",
        "HAJI",
        "TB",
        "MD",
        "GST",
        "ANNISAA",
        "ANISA",
        "M",
        "M.",
        "MOCH",
        "MUHAMMAD",
        "ABD",
        "A",
        "AHMAD",
        "ALI",
        "BUDI",
        "SANTOSO",
        "SANTOSA",
        "NUR",
        "NOER",
        "HALIZA",
        "NURHALIZA",
        "SOERJADI",
        "SURYADI",
        "SUPRIYADI",
        "'",
        "-",
        "KI",
        "YE",
    ]);
    prop::collection::vec(words, 0..7).prop_map(|words| words.join(" "))
}

/// Any text, and those names.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), names(), "[a-z. ,'-]{0,30}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn comparison_is_symmetric(a in texts(), b in texts(), per_token: bool) {
        prop_assert_eq!(similarity(&a, &b, per_token), similarity(&b, &a, per_token));
    }

    #[test]
    fn a_name_with_a_letter_agrees_with_itself(before in texts(), letter in "[A-Za-z]", after in texts(), per_token: bool) {
        let name = format!("{before}{letter}{after}");
        prop_assert_eq!(similarity(&name, &name, per_token), (100, Rule::Equal));
    }

    #[test]
    fn scores_are_bounded_by_their_rule(a in texts(), b in texts(), per_token: bool) {
        let (score, rule) = similarity(&a, &b, per_token);
        let bounds = match rule {
            Rule::Equal | Rule::EqualWithoutSpaces => 100..=100,
            Rule::CanonicalSpelling => 97..=97,
            Rule::ConfusableSpelling => 93..=93,
            Rule::Initials => 0..=92,
            Rule::ShortName | Rule::NothingToCompare => 0..=0,
            Rule::EditDistance | Rule::WorstToken => 0..=99,
            other => panic!("{} is no rule of names", other.key()),
        };
        prop_assert!(bounds.contains(&score), "{score} by {}", rule.key());
    }

    #[test]
    fn a_stricter_policy_never_scores_higher(a in texts(), b in texts()) {
        prop_assert!(similarity(&a, &b, true).0 <= similarity(&a, &b, false).0);
    }

    #[test]
    fn nothing_agrees_with_no_name(nothing in "[ .,'’/()-]{0,12}", name in "[A-Z]{1,12}") {
        prop_assert_eq!(similarity(&nothing, &name, false), (0, Rule::NothingToCompare));
    }
}

//! Levenshtein similarity.

/// Levenshtein similarity of two texts, rounded to the nearest whole number: 100 for equal ones, else 0 to 99.
pub(crate) fn levenshtein(a: &str, b: &str) -> u8 {
    if a == b {
        return 100;
    }
    let longest = a.chars().count().max(b.chars().count());
    let distance = bit_parallel(a, b).unwrap_or_else(|| strsim::levenshtein(a, b));
    let kept = longest.saturating_sub(distance);
    let rounded = (200 * kept + longest) / (2 * longest.max(1));
    u8::try_from(rounded).unwrap_or(99).min(99)
}

/// The edit distance of ASCII texts, one of which has 1 to 128 characters: of all but the strangest names.
fn bit_parallel(a: &str, b: &str) -> Option<usize> {
    if !a.is_ascii() || !b.is_ascii() {
        return None;
    }
    match a.len() {
        1..=64 => Some(columns_of_64(a, b)),
        65..=128 => Some(columns_of_128(a, b)),
        _ => None,
    }
}

/// Writes the edit distance a whole column at a time (Myers 1999, in Hyyrö's form): one bit of a word for a character of
/// `a`. Registry names fit the narrow word, which takes half the time.
macro_rules! columns {
    ($name:ident, $word:ty) => {
        fn $name(a: &str, b: &str) -> usize {
            let mut places = [0 as $word; 128];
            for (at, byte) in a.bytes().enumerate() {
                places[usize::from(byte & 0x7f)] |= 1 << at;
            }
            let last: $word = 1 << (a.len() - 1);
            let (mut rises, mut falls) = (<$word>::MAX, 0);
            let mut distance = a.len();
            for byte in b.bytes() {
                let equal = places[usize::from(byte & 0x7f)];
                let vertical = equal | falls;
                let horizontal = ((equal & rises).wrapping_add(rises) ^ rises) | equal;
                let across_rises = falls | !(horizontal | rises);
                let across_falls = rises & horizontal;
                distance += usize::from(across_rises & last != 0);
                distance -= usize::from(across_falls & last != 0);
                let across_rises = (across_rises << 1) | 1;
                rises = (across_falls << 1) | !(vertical | across_rises);
                falls = across_rises & vertical;
            }
            distance
        }
    };
}
columns!(columns_of_64, u64);
columns!(columns_of_128, u128);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn similarity_is_rounded_and_100_for_equal_texts_alone() {
        let rows = [
            ("", "", 100),
            ("A", "", 0),
            ("A", "A", 100),
            ("SANTOSO", "SANTOSA", 86),
            ("BUDI SANTOSO", "BUDI SANTOSA", 92),
        ];
        for (a, b, expected) in rows {
            assert_eq!(levenshtein(a, b), expected, "{a:?} {b:?}");
        }
        let long = "A".repeat(1_000);
        assert_eq!(levenshtein(&long, &format!("{long}B")), 99);
    }

    proptest! {
        #[test]
        fn the_columns_give_the_plain_distance(a in "[A-D ]{1,128}", b in "[A-D ]{0,140}") {
            prop_assert_eq!(bit_parallel(&a, &b), Some(strsim::levenshtein(&a, &b)));
        }
    }
}

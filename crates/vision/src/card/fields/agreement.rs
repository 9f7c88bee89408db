//! Two readings of one text, held against each other.

use super::super::emissions::{Glyph, Reading};

/// Texts that are longer, one times the other, are no values and are not compared: all of them is doubted.
const LARGEST_TABLE: usize = 1 << 18;

/// The better of two readings, every character as sure as both together make it: surer where both have it, doubted where
/// the other one has something else.
pub(super) fn agreed(quick: Reading, fine: Reading) -> Reading {
    let (a, b) = (quick.least_confidence(), fine.least_confidence());
    let have_same_text = quick.text() == fine.text();
    // The better recogniser is believed unless it is much less sure.
    let takes_fine = if have_same_text { b >= a } else { b >= a * a };
    let (mut kept, other, doubt) = if takes_fine { (fine, quick, a) } else { (quick, fine, b) };
    let doubted = 1.0 - doubt / 2.0;
    let matched = if kept.glyphs.len() * other.glyphs.len() <= LARGEST_TABLE {
        common(&kept.glyphs, &other.glyphs)
    } else {
        vec![None; kept.glyphs.len()]
    };
    // What only the other one has, and stands for nothing of this one, speaks against the character behind it.
    let (mut next, mut alone) = (0, 0);
    for (place, pair) in matched.iter().enumerate() {
        let Some(glyph) = kept.glyphs.get_mut(place) else { continue };
        match pair.and_then(|pair| Some((pair, other.glyphs.get(pair)?))) {
            Some((pair, same)) => {
                glyph.confidence = 1.0 - (1.0 - glyph.confidence) * (1.0 - same.confidence);
                if pair - next > alone {
                    glyph.confidence *= doubted;
                }
                (next, alone) = (pair + 1, 0);
            }
            None => {
                glyph.confidence *= doubted;
                alone += 1;
            }
        }
    }
    if next < other.glyphs.len()
        && let Some(last) = kept.glyphs.last_mut()
        && matched.last().is_some_and(Option::is_some)
    {
        last.confidence *= doubted;
    }
    kept
}

/// For every character of `a` the one of `b` that it is in the longest common subsequence of both.
fn common(a: &[Glyph], b: &[Glyph]) -> Vec<Option<usize>> {
    let width = b.len() + 1;
    // The length of the longest common subsequence of what follows two places.
    let mut longest = vec![0_usize; (a.len() + 1) * width];
    let is_same = |i: usize, j: usize| a[i].character == b[j].character;
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if is_same(i, j) {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let mut matched = vec![None; a.len()];
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if is_same(i, j) {
            matched[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reading(text: &str, confidence: f32) -> Reading {
        let glyph = |(step, character)| Glyph { character, seen: character, step, confidence };
        Reading { glyphs: text.chars().enumerate().map(glyph).collect() }
    }

    #[test]
    fn what_both_say_is_surer_and_what_one_says_is_doubted() {
        // Quick, fine, what is kept, and how sure each character is.
        type Row = (Reading, Reading, &'static str, Vec<f32>);
        let rows: [Row; 6] = [
            (reading("ABC", 0.9), reading("ABC", 0.9), "ABC", vec![0.99, 0.99, 0.99]),
            (reading("ABC", 0.9), reading("AXC", 0.9), "AXC", vec![0.99, 0.495, 0.99]),
            (reading("ABC", 0.9), reading("AXC", 0.5), "ABC", vec![0.95, 0.675, 0.95]),
            (reading("ABC", 0.9), reading("AC", 0.9), "AC", vec![0.99, 0.5445]),
            (reading("ABC", 0.9), reading("AB", 0.9), "AB", vec![0.99, 0.5445]),
            (reading("", 0.9), reading("A", 0.9), "A", vec![0.9]),
        ];
        for (quick, fine, text, sure) in rows {
            let kept = agreed(quick, fine);
            assert_eq!(kept.text(), text);
            for (glyph, sure) in kept.glyphs.iter().zip(sure) {
                assert!((glyph.confidence - sure).abs() < 2e-3, "{text}: {} {sure}", glyph.confidence);
            }
        }
    }

    proptest! {
        #[test]
        fn it_is_one_of_both_and_within_bounds(a in "[A-C ]{0,12}", b in "[A-C ]{0,12}", sure in 0.0_f32..=1.0) {
            let kept = agreed(reading(&a, sure), reading(&b, 0.8));
            prop_assert!(kept.text() == a || kept.text() == b);
            prop_assert!(kept.glyphs.iter().all(|glyph| (0.0..=1.0).contains(&glyph.confidence)));
        }
    }
}

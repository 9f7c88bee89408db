//! Whether a space stands between two characters. A recogniser sees too few of them in the narrow type of cards: it was
//! trained on text that is set more loosely. What it says is weighed together with how far apart the characters stand.

use super::emissions::LEAST;

/// The widest runs of columns without ink between characters that follow each other, in line heights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gaps {
    clear: Vec<f32>,
    /// What is usual in the line: the median.
    usual: f32,
}

/// Weights of a logistic regression on pairs of characters of specimens and of cards that another program drew and
/// photographed: of the logarithm of the recogniser's probability, of the clear columns, of those usual in the line.
const SHARE: f32 = 1.45;
const CLEAR: f32 = 18.4;
const USUAL: f32 = -40.0;
const BIAS: f32 = 5.8;

/// Wider gaps say no more, in line heights.
const WIDEST: f32 = 0.5;

/// Before these no space stands.
const CLOSE: [char; 2] = ['.', ','];

impl Gaps {
    /// From the clear columns between every two characters of a line, in line heights.
    pub(super) fn new(clear: Vec<f32>) -> Self {
        let mut sorted = clear.clone();
        sorted.sort_by(f32::total_cmp);
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        Self { clear, usual }
    }

    /// The probability, 0 to 1, of a space in a gap that ends at a character, where the recogniser gives it `share`.
    pub(super) fn space(&self, gap: usize, next: char, share: f32) -> f32 {
        if CLOSE.contains(&next) {
            return 0.0;
        }
        let clear = self.clear.get(gap).copied().unwrap_or_default().min(WIDEST);
        let odds = SHARE * share.max(LEAST).ln() + CLEAR * clear + USUAL * self.usual.min(WIDEST) + BIAS;
        1.0 / (1.0 + (-odds).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_and_what_is_read_decide_together() {
        // The gap, what the recogniser gives a space, the character behind it, and whether there is one.
        let rows = [
            ("read surely", 0.2, 0.9, 'A', true),
            ("neither", 0.1, 1e-5, 'A', false),
            ("seen and hinted at", 0.3, 0.02, 'A', true),
            ("hinted at and not seen", 0.05, 0.02, 'A', false),
            ("before a full stop", 0.3, 0.9, '.', false),
        ];
        for (case, gap, share, next, expected) in rows {
            let gaps = Gaps::new(vec![0.08, 0.1, gap, 0.12, 0.1]);
            assert_eq!(gaps.space(2, next, share) > 0.5, expected, "{case}: {}", gaps.space(2, next, share));
        }
        assert!(Gaps::new(Vec::new()).space(0, 'A', 1e-5) < 0.5);
    }
}

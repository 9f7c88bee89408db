//! Choices from raw ChaCha output.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A seeded source of choices.
///
/// It draws from the generator's words itself and not through the samplers of `rand`, whose way of using a word may
/// change between releases; the stream for a seed has to stay.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 to `bound` - 1, or 0 where the bound is 0.
    ///
    /// By multiplication (Lemire), without its rejection step: with bounds below a million the bias is under 0.03 %.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(bound);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// Whether an event of that chance in a hundred happens.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// 64 raw bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// One of the items, each as likely as the others; the empty text where there is none.
    pub(super) fn pick(&mut self, items: &[&'static str]) -> &'static str {
        let index = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.get(usize::try_from(index).unwrap_or(0)).copied().unwrap_or_default()
    }

    /// An item of a list that puts the commoner ones first: the smaller of two draws.
    pub(super) fn pick_common(&mut self, items: &[&'static str]) -> &'static str {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let index = self.below(count).min(self.below(count));
        items.get(usize::try_from(index).unwrap_or(0)).copied().unwrap_or_default()
    }

    /// An item of a weighted list; `None` where all weights are 0.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(u32, T)]) -> Option<T> {
        let total = items.iter().map(|(weight, _)| weight).sum();
        let mut rest = self.below(total);
        for (weight, item) in items {
            if rest < *weight {
                return Some(*item);
            }
            rest -= weight;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_below_their_bound_and_reach_every_value() {
        let mut dice = Dice::new(1);
        for bound in [1, 2, 3, 7, 100] {
            let mut seen = vec![false; bound as usize];
            for _ in 0..bound * 50 {
                seen[dice.below(bound) as usize] = true;
            }
            assert!(seen.iter().all(|value| *value), "{bound}");
        }
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::new(2);
        let drawn = (0..10_000).filter_map(|_| dice.weighted(&[(1, 'a'), (0, 'b'), (3, 'c')]));
        let (a, b, c) = drawn.fold((0, 0, 0), |(a, b, c), letter| match letter {
            'a' => (a + 1, b, c),
            'b' => (a, b + 1, c),
            _ => (a, b, c + 1),
        });
        assert_eq!(b, 0);
        assert!((2_300..2_700).contains(&a) && a + c == 10_000, "{a} {c}");
        assert_eq!(dice.weighted::<char>(&[]), None);
    }

    #[test]
    fn nothing_to_pick_from_is_the_empty_text() {
        assert_eq!(Dice::new(3).pick(&[]), "");
        assert_eq!(Dice::new(3).pick_common(&[]), "");
    }
}

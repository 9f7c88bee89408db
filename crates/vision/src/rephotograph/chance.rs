//! Chance from a seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Draws from the generator's words itself: the samplers of other crates may change how they use a word, and what a
/// seed gives has to stay.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// An even deviate from `low` up to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        // 24 bits are what a single-precision number holds below one.
        low + (high - low) * (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// A number below `bound`, by multiplication; 0 where that is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.0.next_u32()) * bound as u64) >> 32) as usize
    }

    /// About a normal deviate: the sum of four even ones, scaled to a standard deviation of 1.
    pub(super) fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.between(-1.0, 1.0)).sum::<f32>() * 0.866_025_4
    }
}

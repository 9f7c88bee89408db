//! Chances that are the same for the same seed, on every machine and with every release.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A seeded source of numbers.
#[derive(Debug, Clone)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of a seed and a name: every picture of a set has its own.
    pub fn new(seed: u64, name: &str) -> Self {
        let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(name.as_bytes()).finalize();
        Self(ChaCha8Rng::from_seed(digest.into()))
    }

    /// A number from `low` to below `high`, each as likely.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        // The 53 bits a double holds.
        let unit = (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * unit
    }

    /// A whole number below `bound`, each as likely; 0 where that is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.0.next_u64()) * bound as u128) >> 64) as usize
    }

    /// Whether something of that chance, 0 to 1, happens.
    pub(crate) fn happens(&mut self, chance: f64) -> bool {
        self.between(0.0, 1.0) < chance
    }

    /// A number of normal distribution, mean 0 and deviation 1 (the sum of twelve, which is near enough).
    pub(crate) fn normal(&mut self) -> f32 {
        let word = |bits: u64| (0..4).map(move |place| (bits >> (16 * place)) as u16);
        let sum: u32 = (0..3).flat_map(|_| word(self.0.next_u64())).map(u32::from).sum();
        sum as f32 / 65_536.0 - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_of_their_distribution_and_their_seed() {
        let mut dice = Dice::new(1, "a");
        let normal: Vec<f32> = (0..10_000).map(|_| dice.normal()).collect();
        let mean = normal.iter().sum::<f32>() / 10_000.0;
        let deviation = (normal.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 10_000.0).sqrt();
        assert!(mean.abs() < 0.05 && (deviation - 1.0).abs() < 0.05, "{mean} {deviation}");
        assert!((0..1000).map(|_| dice.between(2.0, 3.0)).all(|x| (2.0..3.0).contains(&x)));
        let first = |seed, name| Dice::new(seed, name).between(0.0, 1.0).to_bits();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert!(first(1, "a") != first(2, "a") && first(1, "a") != first(1, "b"));
    }
}

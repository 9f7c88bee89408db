//! Chance, from one seed.

use std::sync::{Mutex, PoisonError};

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::Rng as _;
use rustls::crypto::ring;

/// Where padding, ids of transactions and waits come from.
pub(super) struct Chance(Mutex<ChaCha20Rng>);

/// The system has no randomness to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// A seed from the randomness TLS uses: what a server gives the adapter at every start.
///
/// # Errors
/// The system gives none.
pub fn fresh_seed() -> Result<[u8; 32], NoRandomness> {
    let mut seed = [0; 32];
    ring::default_provider().secure_random.fill(&mut seed).map_err(|_| NoRandomness)?;
    Ok(seed)
}

impl Chance {
    pub(super) fn new(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }

    /// 32 hexadecimal digits.
    pub(super) fn transaction_id(&self) -> String {
        self.with(|rng| format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64()))
    }

    /// A number from 0 to 1.
    pub(super) fn fraction(&self) -> f64 {
        self.with(|rng| f64::from(rng.next_u32()) / f64::from(u32::MAX))
    }

    pub(super) fn with<T>(&self, draw: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

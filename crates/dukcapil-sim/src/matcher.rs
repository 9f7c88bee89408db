//! Comparison of faces, which is somebody else's.

use absah_core::nik::Nik;
use async_trait::async_trait;

/// Compares a picture with a reference portrait.
#[async_trait]
pub trait FaceMatcher: Send + Sync {
    /// Compares the probe, a JPEG file, with the reference of that person.
    async fn score(&self, nik: &Nik, reference: &[u8], probe: &[u8]) -> MatchOutcome;
}

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MatchOutcome {
    /// A score on an open-ended scale.
    Score(f64),
    /// One of the pictures shows no face that could be compared.
    Unusable,
    /// The matcher cannot compare now; it may later.
    Busy,
}

/// Sees no face in any picture: for a simulator without models.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFaces;

#[async_trait]
impl FaceMatcher for NoFaces {
    async fn score(&self, _nik: &Nik, _reference: &[u8], _probe: &[u8]) -> MatchOutcome {
        MatchOutcome::Unusable
    }
}

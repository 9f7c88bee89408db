//! A registry whose reference portrait is given, for comparing files.

use std::sync::Arc;

use absah_core::claims::Claims;
use absah_core::face::{FaceTemplate, Scales, round_score};
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use async_trait::async_trait;

use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};

/// Asks another registry about claims, and compares faces with one given portrait instead of the registry's.
pub struct GivenReference {
    registry: Arc<dyn PopulationRegistry>,
    reference: FaceTemplate,
    scales: Scales,
}

impl GivenReference {
    /// `reference` has to come from the scales' model, else every answer is [`FaceAnswer::NoReference`].
    pub fn new(registry: Arc<dyn PopulationRegistry>, reference: FaceTemplate, scales: Scales) -> Self {
        Self { registry, reference, scales }
    }
}

#[async_trait]
impl PopulationRegistry for GivenReference {
    async fn verify_claims(
        &self,
        tenant: &TenantId,
        claims: &Claims,
        policy: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        self.registry.verify_claims(tenant, claims, policy).await
    }

    async fn verify_face(
        &self,
        _tenant: &TenantId,
        _nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        Ok(compare(&self.scales, probe, &self.reference, threshold))
    }

    async fn ready(&self) -> Result<(), Trouble> {
        self.registry.ready().await
    }
}

/// What comparing two templates comes to, decided on the score rounded to one decimal.
pub(crate) fn compare(
    scales: &Scales,
    probe: &FaceProbe<'_>,
    reference: &FaceTemplate,
    threshold: f64,
) -> FaceAnswer {
    let Some(raw) = probe.template.cosine(reference) else { return FaceAnswer::NoReference };
    let Some(score) = scales.compare(probe.profile, probe.template, reference).map(round_score) else {
        return FaceAnswer::NoReference;
    };
    FaceAnswer::Compared { matched: score >= threshold, raw: f64::from(raw), score, threshold }
}

//! The port every registry adapter implements.

use absah_core::claims::{Claims, RecordState};
use absah_core::face::{FaceTemplate, Profile};
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_core::verdict::FieldFindings;
use async_trait::async_trait;

/// A source that answers questions about residents with verdicts.
///
/// Every call takes the tenant, since a source may bill, budget or permit by tenant; an adapter that holds one
/// population for all may ignore it. Calls are made once: retries, where safe, are the adapter's.
#[async_trait]
pub trait PopulationRegistry: Send + Sync {
    /// Compares every claimed field with the record of that NIK.
    ///
    /// # Errors
    /// The source gave no verdict.
    async fn verify_claims(
        &self,
        tenant: &TenantId,
        claims: &Claims,
        policy: &Policy,
    ) -> Result<ClaimsAnswer, Trouble>;

    /// Compares a face with the reference portrait of that NIK.
    ///
    /// `threshold` is the comparison score that has to be reached, 0 to 100, on the score rounded to one decimal.
    ///
    /// # Errors
    /// The source gave no verdict.
    async fn verify_face(
        &self,
        tenant: &TenantId,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble>;

    /// Whether the source could answer now. Needs no tenant: it asks about the source, not about anybody.
    ///
    /// # Errors
    /// Why it could not.
    async fn ready(&self) -> Result<(), Trouble>;
}

/// What the registry says of a NIK and the fields claimed with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimsAnswer {
    /// No record of that number.
    NotFound,
    /// A record that may not be used; no element of it was compared.
    NotActive(RecordState),
    /// The findings of all claimed fields.
    Compared(FieldFindings),
}

/// A face in both forms a source may want.
#[derive(Debug, Clone, Copy)]
pub struct FaceProbe<'a> {
    /// Where the face comes from, and with what it is to be compared.
    pub profile: Profile,
    /// The features, for sources that hold templates.
    pub template: &'a FaceTemplate,
    /// The picture as it was received, for sources that compare pictures.
    pub picture: &'a [u8],
}

/// What the registry says of a face.
#[derive(Debug, Clone, PartialEq)]
pub enum FaceAnswer {
    /// It was compared.
    Compared {
        /// Whether the score reached the threshold.
        matched: bool,
        /// The source's own score, on its own scale.
        raw: f64,
        /// The comparison score, 0 to 100, rounded to one decimal.
        score: f64,
        /// The threshold that was applied, 0 to 100.
        threshold: f64,
    },
    /// The number is known, but no portrait is held that could be compared.
    NoReference,
    /// The source could not use the picture.
    Unusable,
}

//! Which checks a product asks for, in order of cost.

use absah_core::dialect::Product;

/// What a product checks beside the NIK and the fields that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The selfie: quality, liveness, comparison with the registry's portrait.
    pub(crate) selfie: bool,
    /// Contacts are unique per NIK, and bound by a verified answer.
    pub(crate) contacts: bool,
}

impl Plan {
    pub(crate) const fn of(product: Product) -> Self {
        match product {
            Product::CertificateIssuance => Self { selfie: true, contacts: true },
            Product::IdSelfie => Self { selfie: true, contacts: false },
            Product::BasicVerification => Self { selfie: false, contacts: false },
        }
    }
}

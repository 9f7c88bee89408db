//! Who is asking.

use absah_core::dialect::Environment;
use absah_store::{Credential, StoreError};

use crate::gates::QuotaReservation;

/// An authenticated credential.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(crate) credential: Credential,
}

impl Caller {
    /// The credential.
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// Whether it is answered from the scenario table.
    pub fn is_sandbox(&self) -> bool {
        self.credential.environment == Environment::Sandbox
    }

    /// Whether the content of pictures counts for this caller.
    pub fn looks_at_pictures(&self) -> bool {
        !self.is_sandbox() || self.credential.terms.strict_images
    }
}

/// A caller that has passed expiry, permission, rate and quota; proof that [`crate::Engine::admit`] was asked.
#[derive(Debug)]
pub struct Pass {
    pub(crate) caller: Caller,
    pub(crate) quota: Option<QuotaReservation>,
}

impl Pass {
    /// The caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

/// Why nobody could be authenticated.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// No such credential, a wrong secret, or a disabled one.
    #[error("the credential is unknown")]
    Unknown,
    /// The store failed.
    #[error("the credentials could not be read")]
    Store(#[from] StoreError),
}

//! Credentials: who may ask, for what, on which terms.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use absah_core::dialect::{Dialect, Environment, Product};
use absah_core::face::Profile;
use absah_core::tenant::TenantId;
use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::StoreError;

/// A credential's own id; not a secret.
pub type CredentialId = Uuid;

/// The secrets of one credential, as a caller presents them.
///
/// `Debug` shows nothing; the store keeps only digests. Plain SHA-256 suffices, since every secret is made by the
/// server with at least 128 random bits.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Secrets {
    /// One key that is name and proof at once.
    Kredibel {
        /// The bearer key.
        api_key: String,
    },
    /// An id and a secret.
    Accuauth {
        /// `X-DF-API-ID`.
        api_id: String,
        /// `X-DF-API-SECRET`.
        api_secret: String,
    },
    /// User, password and key, all three required.
    Glair {
        /// Basic user.
        username: String,
        /// Basic password; may hold colons.
        password: String,
        /// `x-api-key`.
        api_key: String,
    },
}

impl Secrets {
    /// The dialect these secrets belong to.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Kredibel { .. } => Dialect::Kredibel,
            Self::Accuauth { .. } => Dialect::Accuauth,
            Self::Glair { .. } => Dialect::Glair,
        }
    }

    /// Digest of the part a credential is looked up by.
    pub fn lookup(&self) -> [u8; 32] {
        match self {
            Self::Kredibel { api_key } | Self::Glair { api_key, .. } => digest(&[api_key]),
            Self::Accuauth { api_id, .. } => digest(&[api_id]),
        }
    }

    /// Digest of all parts together, the proof.
    pub fn proof(&self) -> [u8; 32] {
        match self {
            Self::Kredibel { api_key } => digest(&[api_key]),
            Self::Accuauth { api_id, api_secret } => digest(&[api_id, api_secret]),
            Self::Glair { username, password, api_key } => digest(&[username, password, api_key]),
        }
    }
}

/// Each part is preceded by its length, so that no two lists of parts share a digest.
fn digest(parts: &[&String]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({}, <private>)", self.dialect().key())
    }
}

/// What a credential was granted, beside its name and secrets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// Requests a second; `None` for no limit.
    pub per_second: Option<u32>,
    /// How many charged answers it may receive in all; `None` for no limit.
    pub quota: Option<u64>,
    /// Sandbox only: check the pictures' content, size and format as in production.
    pub strict_images: bool,
    /// Comparison score that has to be reached, 0 to 100, and floor for what a caller asks; `None` for the policy's.
    pub face_threshold: Option<f64>,
    /// The same for single comparison profiles, where they differ from it.
    pub face_thresholds: BTreeMap<Profile, f64>,
    /// Name similarity that has to be reached, 0 to 100; `None` for the policy's.
    pub name_threshold: Option<u8>,
    /// Prices in whole rupiah by item key, instead of the price list's.
    pub prices: BTreeMap<String, u64>,
    /// Contacts are unique within this domain; `None` for the tenant's own.
    pub contact_domain: Option<String>,
}

/// A credential as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The protocol it speaks.
    pub dialect: Dialect,
    /// Sandbox or production.
    pub environment: Environment,
    /// A name for people.
    pub label: String,
    /// What it may ask for.
    pub products: BTreeSet<Product>,
    /// Its terms.
    pub terms: Terms,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None` for never.
    pub expires_at: Option<Timestamp>,
    /// A disabled credential is as good as unknown.
    pub disabled: bool,
    /// Digest of its secrets.
    pub proof: Proof,
}

/// Digest of all secrets of a credential; compared in constant time, masked in `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Proof(pub [u8; 32]);

impl Proof {
    /// Whether these are the secrets.
    pub fn holds(&self, secrets: &Secrets) -> bool {
        self.0.ct_eq(&secrets.proof()).into()
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<private>")
    }
}

/// A credential to be made.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Sandbox or production.
    pub environment: Environment,
    /// A name for people.
    pub label: String,
    /// What it may ask for.
    pub products: BTreeSet<Product>,
    /// Its terms.
    pub terms: Terms,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Its secrets, of which only digests are kept.
    pub secrets: Secrets,
}

/// The credentials of all tenants.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The credential these secrets name and prove; `None` where there is none, it is disabled, or the proof fails.
    ///
    /// Needs no tenant: the credential says whose it is. Expiry is the caller's to judge.
    async fn authenticate(&self, secrets: &Secrets) -> Result<Option<Credential>, StoreError>;

    /// Whether the store can be read now. Needs no tenant: it asks about the store, not about anybody's data.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Makes a credential; where one with the same id exists, it gets these secrets and terms (so that making the
    /// demo's credentials again changes nothing).
    async fn put(&self, new: &NewCredential) -> Result<(), StoreError>;

    /// All credentials, the oldest first; of one tenant, or of all for an operator.
    async fn list(&self, tenant: Option<&TenantId>) -> Result<Vec<Credential>, StoreError>;

    /// Disables a credential, or enables it again; `false` where there is none of that id. Needs no tenant: an
    /// operator's act on an id.
    async fn set_disabled(&self, id: CredentialId, disabled: bool) -> Result<bool, StoreError>;
}

//! The one transaction a verification ends in: history, ledger, usage and contact bindings together.

use absah_core::charge::ChargeItem;
use absah_core::dialect::{Dialect, Environment};
use absah_core::tenant::TenantId;
use absah_seal::BlindIndex;
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{CredentialId, StoreError};

/// A transaction about to be recorded.
pub struct NewTransaction {
    /// The history id.
    pub id: Uuid,
    /// Whose transaction it is.
    pub tenant: TenantId,
    /// By which credential.
    pub credential: CredentialId,
    /// In which dialect.
    pub dialect: Dialect,
    /// In which environment.
    pub environment: Environment,
    /// Keyed hash of the NIK, where the request named one.
    pub subject: Option<BlindIndex>,
    /// The id the caller is given, by preference.
    pub wire_id: String,
    /// The id the caller is given where this credential has used `wire_id` before.
    pub spare_wire_id: String,
    /// Contacts to be bound to the subject, if nobody else has them.
    pub contacts: Option<ContactClaim>,
    /// The NIK, sealed for [`NewTransaction::id`], where its use is to be told to the registry.
    pub reverse: Option<Vec<u8>>,
    /// Says what is written, once it is known who has the contacts.
    pub finish: Finish,
}

/// Turns what was found about the contacts into the row to be written. Called exactly once for each attempt to write;
/// has to be pure.
pub type Finish = Box<dyn Fn(&ContactConflicts) -> Entry + Send + Sync>;

/// Contacts claimed for a subject.
#[derive(Debug, Clone)]
pub struct ContactClaim {
    /// Contacts are unique within this domain.
    pub domain: String,
    /// The subject under every live key version, the newest first; an existing binding is the subject's own where it
    /// carries one of these.
    pub subject: Vec<BlindIndex>,
    /// The phone number.
    pub phone: ContactKey,
    /// The email address.
    pub email: ContactKey,
}

/// A contact as the store sees it: hashes to look it up by, and the value sealed.
#[derive(Debug, Clone)]
pub struct ContactKey {
    /// The keyed hash of the normalised value under every live key version, the newest first; writes use the newest.
    pub indexes: Vec<BlindIndex>,
    /// The value, sealed, for re-indexing when keys rotate.
    pub sealed: Vec<u8>,
}

/// Which of the claimed contacts another subject has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContactConflicts {
    /// The phone number.
    pub phone: bool,
    /// The email address.
    pub email: bool,
}

impl ContactConflicts {
    /// Whether any contact is taken.
    pub fn any(self) -> bool {
        self.phone || self.email
    }
}

/// The row of history, with what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// How it ended.
    pub conclusion: Conclusion,
    /// What is charged.
    pub charges: Vec<Charge>,
    /// The checks made, with scores and thresholds: no personal data.
    pub evidence: serde_json::Value,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conclusion {
    /// The outcome's code.
    pub outcome: &'static str,
    /// The status of the answer on the wire.
    pub status: u16,
    /// When.
    pub time: Timestamp,
}

/// One line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The item.
    pub item: ChargeItem,
    /// Its price in whole rupiah.
    pub rupiah: u64,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The id the caller is given.
    pub wire_id: String,
    /// Which contacts another subject has; none were bound if any.
    pub conflicts: ContactConflicts,
}

/// Records transactions.
#[async_trait]
pub trait Transactions: Send + Sync {
    /// Writes history, ledger, usage and contacts in one durable transaction; returns only when it is on disk.
    ///
    /// Contacts are bound only where no other subject has any of them; of two concurrent claims the first commit wins.
    async fn record(&self, new: NewTransaction) -> Result<Recorded, StoreError>;

    /// How many charged answers the credential has received.
    async fn charged(&self, tenant: &TenantId, credential: CredentialId) -> Result<u64, StoreError>;
}

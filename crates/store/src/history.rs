//! Reading what happened.

use absah_core::tenant::TenantId;
use async_trait::async_trait;
use serde::Serialize;

use crate::StoreError;

/// One transaction, as `absah history` tells it: no personal data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryLine {
    /// The history id.
    pub id: String,
    /// What the caller was given.
    pub wire_id: String,
    /// RFC 3339, UTC.
    pub time: String,
    /// Whose transaction.
    pub tenant: String,
    /// By which credential.
    pub credential: String,
    /// In which dialect.
    pub dialect: String,
    /// `sandbox` or `production`.
    pub environment: String,
    /// The outcome's code.
    pub outcome: String,
    /// The status of the answer on the wire.
    pub status: u16,
    /// The charged items.
    pub charged: Vec<String>,
    /// Their prices together, in whole rupiah.
    pub rupiah: u64,
    /// The checks made.
    pub evidence: serde_json::Value,
}

/// The history of transactions.
#[async_trait]
pub trait History: Send + Sync {
    /// A page of history in the order of recording, after the line at `after` (0 for the start), with the position of
    /// its last line. Of one tenant, or of all for an operator.
    async fn page(
        &self,
        tenant: Option<&TenantId>,
        after: i64,
        limit: u32,
    ) -> Result<(Vec<HistoryLine>, i64), StoreError>;
}

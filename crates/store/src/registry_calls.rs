//! What outside registries were asked and cost, and what is to be told to them.

use absah_core::tenant::TenantId;
use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::StoreError;

/// One call to an outside registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryCall {
    /// When it was made.
    pub time: Timestamp,
    /// For whom.
    pub tenant: TenantId,
    /// The registry's name in the configuration.
    pub source: String,
    /// What was asked of it.
    pub service: &'static str,
    /// What came of it: a code.
    pub answer: &'static str,
    /// What it cost, in whole rupiah.
    pub rupiah: u64,
}

/// Calls of one kind in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegistryUsage {
    /// As 2026-01, in western Indonesian time.
    pub month: String,
    /// Whose calls.
    pub tenant: String,
    /// The registry's name.
    pub source: String,
    /// What was asked of it.
    pub service: String,
    /// What came of it.
    pub answer: String,
    /// How many there were.
    pub calls: u64,
    /// How many of them cost something.
    pub charged: u64,
    /// What they cost together, in whole rupiah.
    pub rupiah: u64,
}

/// A NIK whose use is to be told to the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReverseEntry {
    /// Its place in the outbox.
    pub position: i64,
    /// The history id of the transaction, which the sealed number is bound to.
    pub history: Uuid,
    /// The id the caller was given: the key the institution knows the person by.
    pub customer_key: String,
    /// When the number was used.
    pub time: Timestamp,
    /// The number.
    pub sealed: Vec<u8>,
}

/// Calls to outside registries.
#[async_trait]
pub trait RegistryCalls: Send + Sync {
    /// Writes a call down; returns only when it is on disk.
    async fn record_call(&self, call: RegistryCall) -> Result<(), StoreError>;

    /// What was asked from one time up to another, by month, tenant, source, service and answer.
    async fn usage(&self, from: Timestamp, until: Timestamp) -> Result<Vec<RegistryUsage>, StoreError>;

    /// How many calls a source was made since a time.
    async fn calls_since(&self, source: &str, since: Timestamp) -> Result<u64, StoreError>;

    /// Entries of the outbox, after a position (0 for the start).
    async fn reverse_waiting(&self, after: i64, limit: u32) -> Result<Vec<ReverseEntry>, StoreError>;

    /// Takes out of the outbox what was reported.
    async fn forget_reverse(&self, positions: Vec<i64>) -> Result<(), StoreError>;
}

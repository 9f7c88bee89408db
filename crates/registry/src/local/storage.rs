//! What the local registry asks of a database: rows by blind index, every one of them sealed.

use absah_seal::BlindIndex;
use async_trait::async_trait;

use super::{LocalRegistryError, Upserted};

/// One person's rows, to be written.
pub(super) struct Row {
    pub nik: BlindIndex,
    pub sealed: Vec<u8>,
    /// By model.
    pub templates: Vec<(String, Vec<u8>)>,
}

/// A row found, with the index it stands under.
pub(super) type Found = (BlindIndex, Vec<u8>);

#[async_trait]
pub(super) trait Storage: Send + Sync {
    /// The record under the first of these indexes that has one.
    async fn record(&self, niks: &[BlindIndex]) -> Result<Option<Found>, LocalRegistryError>;

    /// The model's template under the first of these indexes that has one.
    async fn template(&self, niks: &[BlindIndex], model: &str) -> Result<Option<Found>, LocalRegistryError>;

    /// Writes all rows or none, in their order.
    async fn upsert(&self, rows: &[Row]) -> Result<Upserted, LocalRegistryError>;

    /// Removes what stands under any of these indexes; `false` where nothing did.
    async fn remove(&self, niks: &[BlindIndex]) -> Result<bool, LocalRegistryError>;

    async fn count(&self) -> Result<u64, LocalRegistryError>;

    /// Templates by model, in the order of the models' names.
    async fn templates(&self) -> Result<Vec<(String, u64)>, LocalRegistryError>;

    /// Reads something, to show that it can.
    async fn probe(&self) -> Result<(), LocalRegistryError>;
}

//! The books of calls to outside registries, kept in the store.

use std::sync::Arc;

use absah_registry::calls::{CallLedger, CallLedgerError, SourceCall};
use absah_store::{RegistryCall, RegistryCalls};
use async_trait::async_trait;

use crate::ports::Clock;

/// Keeps every call in the store, with the time it was made at.
pub struct StoredCalls {
    store: Arc<dyn RegistryCalls>,
    clock: Arc<dyn Clock>,
}

impl StoredCalls {
    /// In this store, by this clock.
    pub fn new(store: Arc<dyn RegistryCalls>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

#[async_trait]
impl CallLedger for StoredCalls {
    async fn record(&self, call: SourceCall) -> Result<(), CallLedgerError> {
        let SourceCall { source, service, tenant, answer, rupiah } = call;
        let call =
            RegistryCall { time: self.clock.now(), tenant, source, service: service.key(), answer, rupiah };
        self.store.record_call(call).await.map_err(|error| CallLedgerError(error.into()))
    }
}

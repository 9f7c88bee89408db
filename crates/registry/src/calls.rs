//! What calls to sources outside cost: the record of each, made before its answer is used.

use std::fmt;

use absah_core::tenant::TenantId;
use async_trait::async_trait;

/// A service of a source, each with a price of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Verification of demographic elements.
    Demographics,
    /// Comparison of faces.
    Face,
}

impl Service {
    /// The service's name in records, metrics and logs.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Demographics => "demographics",
            Self::Face => "face",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// One attempt at a call to a source. Says nothing about the person it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCall {
    /// The source's name in the configuration.
    pub source: String,
    /// What was asked of it.
    pub service: Service,
    /// For whom.
    pub tenant: TenantId,
    /// What came of it, by a short key: `verdict`, `state`, `busy`, `timeout` and the like.
    pub answer: &'static str,
    /// What it costs at most, in rupiah; 0 where the source surely did not charge it.
    pub rupiah: u64,
}

/// A call could not be recorded.
#[derive(Debug, thiserror::Error)]
#[error("the call could not be recorded")]
pub struct CallLedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Keeps the calls.
#[async_trait]
pub trait CallLedger: Send + Sync {
    /// Keeps a call for good: once this returns, it is in the books.
    ///
    /// # Errors
    /// It is not; whatever the source answered must not be used then.
    async fn record(&self, call: SourceCall) -> Result<(), CallLedgerError>;
}

#[cfg(feature = "testing")]
pub use memory::MemoryLedger;

#[cfg(feature = "testing")]
mod memory {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, PoisonError};

    use super::{CallLedger, CallLedgerError, SourceCall, async_trait};

    /// A ledger that forgets with the process, and fails when told to.
    #[derive(Debug, Default)]
    pub struct MemoryLedger {
        calls: Mutex<Vec<SourceCall>>,
        broken: AtomicBool,
    }

    impl MemoryLedger {
        /// Every call so far, in the order of recording.
        pub fn calls(&self) -> Vec<SourceCall> {
            self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
        }

        /// Takes the calls so far out of the ledger.
        pub fn take(&self) -> Vec<SourceCall> {
            std::mem::take(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
        }

        /// Whether it fails from now on.
        pub fn set_broken(&self, broken: bool) {
            self.broken.store(broken, Ordering::SeqCst);
        }
    }

    #[async_trait]
    impl CallLedger for MemoryLedger {
        async fn record(&self, call: SourceCall) -> Result<(), CallLedgerError> {
            if self.broken.load(Ordering::SeqCst) {
                return Err(CallLedgerError("told to fail".into()));
            }
            self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
            Ok(())
        }
    }
}

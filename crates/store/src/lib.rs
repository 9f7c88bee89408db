//! What the server remembers: credentials, history, ledger, usage and contact bindings. Decides nothing.

use std::sync::Arc;

mod credential;
mod history;
mod issue;
mod registry_calls;
pub mod sqlite;
mod transaction;

pub use credential::{Credential, CredentialId, Credentials, NewCredential, Proof, Secrets, Terms};
pub use history::{History, HistoryLine};
pub use registry_calls::{RegistryCall, RegistryCalls, RegistryUsage, ReverseEntry};
pub use transaction::{
    Charge, Conclusion, ContactClaim, ContactConflicts, ContactKey, Entry, Finish, NewTransaction, Recorded,
    Transactions,
};

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or broke off.
    #[error("the store's database failed")]
    Database(#[from] sqlx::Error),
    /// The store did not open.
    #[error(transparent)]
    Open(#[from] absah_sqlite::OpenError),
    /// The commit failed that this write shared with others; none of them was written.
    #[error("the store's database failed to commit")]
    NotCommitted(#[source] Arc<sqlx::Error>),
    /// Another one has what has to be unique.
    #[error("this {what} is taken")]
    Taken {
        /// What it is.
        what: &'static str,
    },
    /// A write broke off through a defect, its conclusion mostly; it was undone.
    #[error("a transaction could not be concluded")]
    Unfinished,
    /// A price beyond what the ledger can hold (2^63 - 1 rupiah).
    #[error("a price is too high for the ledger")]
    PriceTooHigh,
    /// A value has no stored form.
    #[error("a value could not be written down")]
    Unwritable(#[source] serde_json::Error),
    /// A row does not have the form this version writes.
    #[error("a row of table {table} is not understood")]
    Corrupt {
        /// The table.
        table: &'static str,
    },
    /// The queue of transactions waiting to be written is full.
    #[error("too many transactions wait to be written")]
    Overloaded,
    /// The writer has stopped.
    #[error("the store is closed")]
    Closed,
}

//! What the server remembers: credentials, history, ledger, usage and contact bindings. Decides nothing.

mod credential;
mod history;
mod issue;
pub mod sqlite;
mod transaction;

pub use credential::{Credential, CredentialId, Credentials, NewCredential, Proof, Secrets, Terms};
pub use history::{History, HistoryLine};
pub use transaction::{
    Charge, ContactClaim, ContactConflicts, ContactKey, Conclusion, Entry, Finish, NewTransaction, Recorded, Transactions,
};

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or broke off.
    #[error("the store's database failed")]
    Database(#[from] sqlx::Error),
    /// The database could not be brought to this version's tables.
    #[error("the store's tables could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
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

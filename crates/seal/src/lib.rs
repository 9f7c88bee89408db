//! Encryption at rest and blind indexes. Knows keys, purposes and bytes; never what it seals.

mod index;
mod keyring;
mod master_key;

pub use index::BlindIndex;
pub use keyring::{Keyring, SealError};
pub use master_key::{MasterKey, MasterKeyError};

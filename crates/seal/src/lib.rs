//! Encryption at rest and blind indexes. Knows keys, purposes and bytes; never what it seals.

mod index;
mod keyring;
mod master_key;
mod random;

pub use index::BlindIndex;
pub use keyring::{Keyring, Purpose, SealError};
pub use master_key::{MasterKey, MasterKeyError};

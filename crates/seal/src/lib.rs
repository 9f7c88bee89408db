//! Encryption at rest and blind indexes. Knows keys, purposes and bytes; never what it seals.

mod data_key;
mod index;
mod key_source;
mod keyring;
mod master_key;
mod random;
mod sealer;

pub use data_key::{DataKey, WrappedKey};
pub use index::BlindIndex;
pub use key_source::CommandError;
pub use keyring::{Keyring, Purpose, SealError};
pub use master_key::{MasterKey, MasterKeyError};
pub use sealer::{Indexer, Sealer};

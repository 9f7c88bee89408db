//! Data keys: what data is sealed with. Each has an id, and is kept only wrapped by the master key.

use std::fmt;

use aes_gcm_siv::Aes256GcmSiv;
use aes_gcm_siv::aead::KeyInit;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::sealer::{Indexer, Sealer};
use crate::{MasterKey, Purpose, SealError, random};

/// The id of a first data key.
const FIRST: u8 = 1;

/// A key that data is sealed with: an id and 32 random bytes. Masked in `Debug`, wiped on drop.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey {
    id: u8,
    root: [u8; MasterKey::LENGTH],
}

/// A data key as it is kept: opened by the master key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// The key's id, 1 to 255: what is sealed with the key names it.
    pub id: u8,
    /// The key, sealed by the master key and bound to the id.
    pub bytes: Vec<u8>,
}

impl DataKey {
    /// A new key.
    ///
    /// # Errors
    /// No randomness.
    pub(crate) fn fresh(id: u8) -> Result<Self, SealError> {
        let mut key = Self { id, root: [0; MasterKey::LENGTH] };
        random::fill(&mut key.root)?;
        Ok(key)
    }

    /// A first key.
    ///
    /// # Errors
    /// No randomness.
    pub fn first() -> Result<Self, SealError> {
        Self::fresh(FIRST)
    }

    /// The master key as the first data key: what was sealed before data keys were wrapped.
    pub fn of_master(master: &MasterKey) -> Self {
        Self { id: FIRST, root: *master.expose() }
    }

    /// Its id.
    pub fn id(&self) -> u8 {
        self.id
    }

    /// The form it is kept in.
    ///
    /// # Errors
    /// No randomness.
    pub fn wrap(&self, master: &MasterKey) -> Result<WrappedKey, SealError> {
        Ok(WrappedKey { id: self.id, bytes: wrapper(master).seal(&[self.id], &self.root)? })
    }

    /// The key in its kept form.
    ///
    /// # Errors
    /// It was wrapped by another master key, or changed.
    pub fn unwrap(wrapped: &WrappedKey, master: &MasterKey) -> Result<Self, SealError> {
        let root = wrapper(master).open(&[wrapped.id], &wrapped.bytes)?;
        let root = root.as_slice().try_into().map_err(|_| SealError::Malformed)?;
        Ok(Self { id: wrapped.id, root })
    }

    pub(crate) fn cipher(&self, purpose: Purpose) -> Aes256GcmSiv {
        Aes256GcmSiv::new((&*self.subkey("seal", purpose.name())).into())
    }

    pub(crate) fn indexer(&self, purpose: Purpose) -> Indexer {
        Indexer::new(self.id, &self.subkey("index", purpose.name()))
    }

    /// The key of an act (index, seal, ...) and a purpose. The act's length goes first, so that no two pairs share a
    /// context.
    #[expect(clippy::expect_used, reason = "HKDF-SHA256 yields up to 8,160 bytes; 32 are asked for")]
    pub(crate) fn subkey(&self, act: &str, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let length = (act.len() as u64).to_be_bytes();
        Hkdf::<Sha256>::new(Some(b"absah seal"), &self.root)
            .expand_multi_info(&[&[self.id], &length, act.as_bytes(), purpose.as_bytes()], &mut *key)
            .expect("within the bound of HKDF");
        key
    }
}

/// What wraps data keys: a key of the master key's that serves nothing else.
fn wrapper(master: &MasterKey) -> Sealer {
    let key = DataKey::of_master(master).subkey("wrap", "data key");
    Sealer::new(vec![(FIRST, Aes256GcmSiv::new((&*key).into()))])
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({}, <private>)", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_under_its_master_and_id_alone() {
        let master = MasterKey::from_bytes([1; 32]);
        let key = DataKey::fresh(5).expect("made");
        assert_eq!(key.id(), 5);
        let wrapped = key.wrap(&master).expect("wrapped");
        assert_eq!(DataKey::unwrap(&wrapped, &master).expect("unwrapped").root, key.root);
        let other_id = WrappedKey { id: 6, ..wrapped.clone() };
        let changed = WrappedKey { id: 5, bytes: wrapped.bytes.iter().map(|byte| byte ^ 1).collect() };
        let rows = [
            (&wrapped, MasterKey::from_bytes([2; 32])),
            (&other_id, master.clone()),
            (&changed, master.clone()),
        ];
        for (wrapped, master) in rows {
            assert!(DataKey::unwrap(wrapped, &master).is_err());
        }
        assert!(!wrapped.bytes.windows(8).any(|bytes| key.root.windows(8).any(|part| part == bytes)));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", DataKey::first().expect("made")), "DataKey(1, <private>)");
    }
}

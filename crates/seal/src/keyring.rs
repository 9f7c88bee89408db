//! Keys by purpose and version, and what is done with them.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;
use zeroize::Zeroizing;

use crate::sealer::{self, Indexer, Sealer};
use crate::{BlindIndex, DataKey, MasterKey};

/// What a key is for: each purpose has keys of its own, so that nothing sealed or indexed for one serves another.
///
/// The name is part of the key's derivation: it stays as it is for as long as data made with it live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Purpose(&'static str);

impl Purpose {
    /// The purpose of that name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// Why something could not be sealed or opened. Holds nothing of it.
#[derive(Debug, Error)]
pub enum SealError {
    /// It is too short or of a format this version does not know.
    #[error("what should be sealed data has no form this version knows")]
    Malformed,
    /// It names a key version this keyring does not hold.
    #[error("sealed under key version {version}, which is not at hand")]
    UnknownKey {
        /// The version.
        version: u8,
    },
    /// Another key, another purpose or place, or the bytes were changed.
    #[error("sealed data could not be opened: wrong key or place, or changed bytes")]
    Refused,
    /// The plaintext exceeds what one seal may hold.
    #[error("too long to be sealed")]
    TooLong,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Randomness(#[from] getrandom::Error),
}

/// Seals, opens, indexes and derives under keys by purpose. Cheap to clone; masked in `Debug`.
///
/// Every key comes from a [`DataKey`] by HKDF-SHA256 (RFC 5869), with what it does, its purpose and its id as context.
/// Several data keys can live side by side: writes use the newest, reads try what is named.
#[derive(Clone)]
pub struct Keyring {
    newest: Arc<DataKey>,
    /// Older keys that are still read, the newest first.
    retired: Arc<[DataKey]>,
}

impl Keyring {
    /// A keyring whose one data key is the master key itself: for secrets that are derived and never rotated.
    pub fn new(master: &MasterKey) -> Self {
        Self { newest: Arc::new(DataKey::of_master(master)), retired: Arc::default() }
    }

    /// A keyring of data keys; `None` where there is none. The one with the highest id is the newest.
    pub fn of(mut keys: Vec<DataKey>) -> Option<Self> {
        keys.sort_by_key(|key| std::cmp::Reverse(key.id()));
        let mut keys = keys.into_iter();
        Some(Self { newest: Arc::new(keys.next()?), retired: keys.collect() })
    }

    /// The blind index to write: HMAC-SHA256 under the newest version of the purpose's key.
    pub fn index(&self, purpose: Purpose, value: &[u8]) -> BlindIndex {
        self.newest.indexer(purpose).index(value)
    }

    /// The blind indexes to look up: one a live version, the newest first.
    pub fn indexes(&self, purpose: Purpose, value: &[u8]) -> Vec<BlindIndex> {
        self.keys().map(|key| key.indexer(purpose).index(value)).collect()
    }

    /// Seals for a purpose and a place: [`Sealer::seal`] with a sealer of its own.
    ///
    /// # Errors
    /// No randomness, or more plaintext than the cipher allows (64 GiB).
    pub fn seal(&self, purpose: Purpose, associated: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.sealer(purpose).seal(associated, plaintext)
    }

    /// Opens what was sealed for the same purpose and place.
    ///
    /// # Errors
    /// The bytes have another form, another key version or another key, or were sealed for another purpose or place.
    pub fn open(
        &self,
        purpose: Purpose,
        associated: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.sealer(purpose).open(associated, sealed)
    }

    /// Keys of one purpose at hand, for whoever seals and opens much.
    pub fn sealer(&self, purpose: Purpose) -> Sealer {
        Sealer::new(self.keys().map(|key| (key.id(), key.cipher(purpose))).collect())
    }

    /// Keys of one purpose's indexes at hand, for whoever looks much up. The newest first.
    pub fn indexers(&self, purpose: Purpose) -> Vec<Indexer> {
        self.keys().map(|key| key.indexer(purpose)).collect()
    }

    /// A secret that is the same whenever it is derived from this keyring's newest key under this label.
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        self.newest.subkey("derive", label)
    }

    /// Tells master keys apart without giving anything of them away.
    pub fn fingerprint(&self) -> [u8; 32] {
        *self.newest.subkey("fingerprint", "")
    }

    /// How many bytes sealing adds.
    pub const OVERHEAD: usize = sealer::OVERHEAD;

    fn keys(&self) -> impl Iterator<Item = &DataKey> {
        std::iter::once(&*self.newest).chain(self.retired.iter())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring(v{}, <private>)", self.newest.id())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: Purpose = Purpose::new("test.names");
    const PHONES: Purpose = Purpose::new("test.phones");

    fn keyring(byte: u8) -> Keyring {
        Keyring::new(&MasterKey::from_bytes([byte; 32]))
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(plaintext: Vec<u8>, place: Vec<u8>) {
            let sealed = keyring(1).seal(NAMES, &place, &plaintext).expect("sealed");
            prop_assert_eq!(sealed.len(), plaintext.len() + Keyring::OVERHEAD);
            let opened = keyring(1).open(NAMES, &place, &sealed).expect("opened");
            prop_assert_eq!(&*opened, &plaintext);
        }

        #[test]
        fn a_changed_byte_is_refused(at: prop::sample::Index, change in 1u8..) {
            let mut sealed = keyring(1).seal(NAMES, b"row 1", b"BUDI").expect("sealed");
            let at = at.index(sealed.len());
            sealed[at] ^= change;
            prop_assert!(keyring(1).open(NAMES, b"row 1", &sealed).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            prop_assert!(keyring(1).open(NAMES, b"", &bytes).is_err());
        }
    }

    #[test]
    fn a_seal_opens_only_where_it_belongs() {
        let sealed = keyring(1).seal(NAMES, b"row 1", b"BUDI").expect("sealed");
        for (case, keyring, purpose, place) in [
            ("another key", keyring(2), NAMES, "row 1"),
            ("another purpose", keyring(1), PHONES, "row 1"),
            ("another row", keyring(1), NAMES, "row 2"),
            ("no place", keyring(1), NAMES, ""),
        ] {
            let refused = keyring.open(purpose, place.as_bytes(), &sealed);
            assert!(matches!(refused, Err(SealError::Refused)), "{case}");
        }
    }

    #[test]
    fn what_has_no_form_is_told_from_what_does_not_open() {
        let sealed = keyring(1).seal(NAMES, b"", b"").expect("sealed");
        let with = |at: usize, byte: u8| {
            let mut bytes = sealed.clone();
            bytes[at] = byte;
            bytes
        };
        let rows = [
            (vec![], "no form"),
            (sealed[..sealed.len() - 1].to_vec(), "no form"),
            (with(0, 9), "no form"),
            (with(1, 9), "key version 9"),
            (with(5, sealed[5] ^ 1), "could not be opened"),
        ];
        for (bytes, expected) in rows {
            let error = keyring(1).open(NAMES, b"", &bytes).expect_err(expected).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn equal_plaintexts_seal_differently() {
        let [one, other] = [(); 2].map(|()| keyring(1).seal(NAMES, b"", b"BUDI").expect("sealed"));
        assert_ne!(one, other);
    }

    #[test]
    fn indexes_differ_by_key_purpose_and_value_alone() {
        let index = keyring(1).index(PHONES, b"6281");
        assert_eq!(index, keyring(1).index(PHONES, b"6281"));
        assert_ne!(index, keyring(2).index(PHONES, b"6281"));
        assert_ne!(index, keyring(1).index(NAMES, b"6281"));
        assert_ne!(index, keyring(1).index(PHONES, b"6282"));
    }

    #[test]
    fn no_two_uses_of_a_master_key_share_a_secret() {
        let key = DataKey::of_master(&MasterKey::from_bytes([1; 32]));
        let keys: std::collections::HashSet<[u8; 32]> = [
            ("index", "a"),
            ("seal", "a"),
            ("derive", "a"),
            ("derive", "b"),
            ("inde", "xa"),
            ("fingerprint", ""),
        ]
        .map(|(act, purpose)| *key.subkey(act, purpose))
        .into();
        assert_eq!(keys.len(), 6);
        assert_eq!(keyring(1).fingerprint(), keyring(1).fingerprint());
        assert_ne!(keyring(1).fingerprint(), keyring(2).fingerprint());
    }

    #[test]
    fn after_a_rotation_old_seals_open_and_both_indexes_are_looked_up() {
        let old = keyring(1);
        let master = MasterKey::from_bytes([1; 32]);
        let fresh = DataKey::fresh(2).expect("random");
        let new = Keyring::of(vec![DataKey::of_master(&master), fresh]).expect("two keys");
        let sealed = old.seal(NAMES, b"row", b"BUDI").expect("sealed");
        assert_eq!(&**new.open(NAMES, b"row", &sealed).expect("opened"), b"BUDI");
        let resealed = new.seal(NAMES, b"row", b"BUDI").expect("sealed");
        assert!(matches!(old.open(NAMES, b"row", &resealed), Err(SealError::UnknownKey { version: 2 })));
        assert_eq!(
            new.indexes(PHONES, b"6281"),
            [new.index(PHONES, b"6281"), old.index(PHONES, b"6281")],
            "the newest first"
        );
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", keyring(7)), "Keyring(v1, <private>)");
    }
}

//! Keys by purpose and version, and what is done with them.

use std::fmt;
use std::sync::Arc;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{BlindIndex, MasterKey, random};

/// The form of what [`Keyring::seal`] writes: format, key version, nonce, ciphertext with tag.
const FORMAT: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEADER: usize = 2;

/// The version a keyring of one master key writes.
const FIRST_VERSION: u8 = 1;

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
/// Every key comes from a master key by HKDF-SHA256 (RFC 5869), with what it does, its purpose and its version as
/// context. Several versions can live side by side: writes use the newest, reads try what is named.
#[derive(Clone)]
pub struct Keyring {
    newest: Arc<Version>,
    /// Older versions that are still read, the newest first.
    retired: Arc<[Version]>,
}

#[derive(Zeroize, ZeroizeOnDrop)]
struct Version {
    number: u8,
    root: MasterKey,
}

impl Keyring {
    /// A keyring of one master key.
    pub fn new(master: &MasterKey) -> Self {
        Self {
            newest: Arc::new(Version { number: FIRST_VERSION, root: master.clone() }),
            retired: Arc::default(),
        }
    }

    /// The blind index to write: HMAC-SHA256 under the newest version of the purpose's key.
    pub fn index(&self, purpose: Purpose, value: &[u8]) -> BlindIndex {
        self.newest.index(purpose, value)
    }

    /// The blind indexes to look up: one a live version, the newest first.
    pub fn indexes(&self, purpose: Purpose, value: &[u8]) -> Vec<BlindIndex> {
        self.versions().map(|version| version.index(purpose, value)).collect()
    }

    /// Seals `plaintext` (AES-256-GCM-SIV, RFC 8452, random nonce) for a purpose and a place.
    ///
    /// `associated` names the place: it is not stored, and has to be given again to open. Adds
    /// [`Keyring::OVERHEAD`] bytes.
    ///
    /// # Errors
    /// No randomness, or more plaintext than the cipher allows (64 GiB).
    pub fn seal(&self, purpose: Purpose, associated: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        random::fill(&mut nonce)?;
        let header = [FORMAT, self.newest.number];
        let bound = bind(header, associated);
        let ciphertext = self
            .newest
            .cipher(purpose)
            .encrypt(&Nonce::from(nonce), Payload { msg: plaintext, aad: &bound })
            .map_err(|_| SealError::TooLong)?;
        Ok([header.as_slice(), &nonce, &ciphertext].concat())
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
        let (header, rest) = sealed.split_first_chunk::<HEADER>().ok_or(SealError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Malformed)?;
        let &[FORMAT, number] = header else { return Err(SealError::Malformed) };
        if ciphertext.len() < TAG {
            return Err(SealError::Malformed);
        }
        let version = self
            .versions()
            .find(|version| version.number == number)
            .ok_or(SealError::UnknownKey { version: number })?;
        let bound = bind(*header, associated);
        version
            .cipher(purpose)
            .decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: &bound })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Refused)
    }

    /// A secret that is the same whenever it is derived from this master key under this label.
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        self.newest.subkey("derive", label)
    }

    /// Tells master keys apart without giving anything of them away: a database keeps it, so that opening it with
    /// another key is noticed at once.
    pub fn fingerprint(&self) -> [u8; 32] {
        *self.newest.subkey("fingerprint", "")
    }

    /// How many bytes sealing adds.
    pub const OVERHEAD: usize = HEADER + NONCE + TAG;

    fn versions(&self) -> impl Iterator<Item = &Version> {
        std::iter::once(&*self.newest).chain(self.retired.iter())
    }

    #[cfg(test)]
    fn rotated(&self, master: &MasterKey) -> Self {
        let older = |version: &Version| Version { number: version.number, root: version.root.clone() };
        Self {
            newest: Arc::new(Version { number: self.newest.number + 1, root: master.clone() }),
            retired: self.versions().map(older).collect(),
        }
    }
}

impl Version {
    fn index(&self, purpose: Purpose, value: &[u8]) -> BlindIndex {
        let digest = mac(&self.subkey("index", purpose.name()), value);
        BlindIndex { version: self.number, digest }
    }

    fn cipher(&self, purpose: Purpose) -> Aes256GcmSiv {
        Aes256GcmSiv::new((&*self.subkey("seal", purpose.name())).into())
    }

    /// The key of an act (index, seal, ...) and a purpose. The act's length goes first, so that no two pairs share a
    /// context.
    #[expect(clippy::expect_used, reason = "HKDF-SHA256 yields up to 8,160 bytes; 32 are asked for")]
    fn subkey(&self, act: &str, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let length = (act.len() as u64).to_be_bytes();
        Hkdf::<Sha256>::new(Some(b"absah seal"), self.root.expose())
            .expand_multi_info(&[&[self.number], &length, act.as_bytes(), purpose.as_bytes()], &mut *key)
            .expect("within the bound of HKDF");
        key
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8; 32], value: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length will do");
    mac.update(value);
    mac.finalize().into_bytes().into()
}

/// The header is authenticated too, so that format and version cannot be exchanged.
fn bind(header: [u8; HEADER], associated: &[u8]) -> Vec<u8> {
    [header.as_slice(), associated].concat()
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring(v{}, <private>)", self.newest.number)
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
        let version = Version { number: 1, root: MasterKey::from_bytes([1; 32]) };
        let keys: std::collections::HashSet<[u8; 32]> = [
            ("index", "a"),
            ("seal", "a"),
            ("derive", "a"),
            ("derive", "b"),
            ("inde", "xa"),
            ("fingerprint", ""),
        ]
        .map(|(act, purpose)| *version.subkey(act, purpose))
        .into();
        assert_eq!(keys.len(), 6);
        assert_eq!(keyring(1).fingerprint(), keyring(1).fingerprint());
        assert_ne!(keyring(1).fingerprint(), keyring(2).fingerprint());
    }

    #[test]
    fn after_a_rotation_old_seals_open_and_both_indexes_are_looked_up() {
        let old = keyring(1);
        let new = old.rotated(&MasterKey::from_bytes([2; 32]));
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

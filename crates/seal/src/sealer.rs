//! Keys of one purpose at hand: what deriving them for every row would cost is paid once.

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{BlindIndex, SealError, random};

/// The form of what [`Sealer::seal`] writes: format, key id, nonce, ciphertext with tag.
const FORMAT: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEADER: usize = 2;

/// How many bytes sealing adds.
pub(crate) const OVERHEAD: usize = HEADER + NONCE + TAG;

/// Seals and opens for one purpose, under every live key.
#[derive(Clone)]
pub struct Sealer(Vec<(u8, Aes256GcmSiv)>);

impl Sealer {
    /// Of ciphers by key id, the newest first.
    pub(crate) fn new(ciphers: Vec<(u8, Aes256GcmSiv)>) -> Self {
        Self(ciphers)
    }

    /// Seals `plaintext` (AES-256-GCM-SIV, RFC 8452, random nonce) for a place, under the newest key.
    ///
    /// `associated` names the place: it is not stored, and has to be given again to open. Adds
    /// [`crate::Keyring::OVERHEAD`] bytes.
    ///
    /// # Errors
    /// No randomness, or more plaintext than the cipher allows (64 GiB).
    pub fn seal(&self, associated: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, cipher) = self.0.first().ok_or(SealError::UnknownKey { version: 0 })?;
        let nonce: [u8; NONCE] = random::nonce()?;
        let header = [FORMAT, *id];
        let bound = bind(header, associated);
        let ciphertext = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plaintext, aad: &bound })
            .map_err(|_| SealError::TooLong)?;
        Ok([header.as_slice(), &nonce, &ciphertext].concat())
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// The bytes have another form, another key id or another key, or were sealed for another purpose or place.
    pub fn open(&self, associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (header, rest) = sealed.split_first_chunk::<HEADER>().ok_or(SealError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Malformed)?;
        let &[FORMAT, number] = header else { return Err(SealError::Malformed) };
        if ciphertext.len() < TAG {
            return Err(SealError::Malformed);
        }
        let cipher = self.0.iter().find(|(id, _)| *id == number);
        let (_, cipher) = cipher.ok_or(SealError::UnknownKey { version: number })?;
        cipher
            .decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: &bind(*header, associated) })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Refused)
    }
}

/// The header is authenticated too, so that format and key id cannot be exchanged.
fn bind(header: [u8; HEADER], associated: &[u8]) -> Vec<u8> {
    [header.as_slice(), associated].concat()
}

/// Makes blind indexes of one purpose under one key.
#[derive(Clone)]
pub struct Indexer {
    id: u8,
    mac: Hmac<Sha256>,
}

impl Indexer {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    pub(crate) fn new(id: u8, key: &[u8; 32]) -> Self {
        Self { id, mac: Hmac::new_from_slice(key).expect("any length will do") }
    }

    /// The value's index.
    pub fn index(&self, value: &[u8]) -> BlindIndex {
        let mut mac = self.mac.clone();
        mac.update(value);
        BlindIndex { version: self.id, digest: mac.finalize().into_bytes().into() }
    }
}

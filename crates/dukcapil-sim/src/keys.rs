//! The key pair that questions about faces are encrypted under.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rsa::PrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};

use crate::kept::{self, KeptError, Readers};

/// Bits of a key that is made here.
const BITS: usize = 2048;

/// A key pair; the institution is given its public half.
#[derive(Clone)]
pub struct RsaKeys {
    private: PrivateKey,
    public_pem: String,
}

/// There is no usable key pair.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The PEM holds no private RSA key.
    #[error("this is no private RSA key in PEM (PKCS#8 or PKCS#1)")]
    Pem,
    /// A key could not be made.
    #[error("no key could be made")]
    Make(#[source] rsa::Error),
    /// It could not be written in PEM.
    #[error("the key could not be written in PEM")]
    Write,
    /// A file that is kept.
    #[error(transparent)]
    Kept(#[from] KeptError),
}

impl RsaKeys {
    /// Makes a pair from a seed: the same seed makes the same pair.
    ///
    /// # Errors
    /// None could be made.
    pub fn make(seed: [u8; 32]) -> Result<Self, KeyError> {
        let key = PrivateKey::new(&mut ChaCha20Rng::from_seed(seed), BITS).map_err(KeyError::Make)?;
        Self::of(key)
    }

    /// Reads a private key in PEM, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// It is none.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = PrivateKey::from_pkcs8_pem(pem).ok().or_else(|| PrivateKey::from_pkcs1_pem(pem).ok());
        Self::of(key.ok_or(KeyError::Pem)?)
    }

    /// The pair kept in a folder as `rsa.pem`, its public half beside it as `rsa.public.pem`; made from `seed` where
    /// there is none yet. Returns the public half's path, too.
    ///
    /// # Errors
    /// A file cannot be read or written, or what is kept is no key.
    pub fn kept(folder: &Path, seed: impl FnOnce() -> [u8; 32]) -> Result<(Self, PathBuf), KeyError> {
        let (private, public) = (folder.join("rsa.pem"), folder.join("rsa.public.pem"));
        let keys = match kept::read(&private)? {
            Some(pem) => Self::from_pem(&pem)?,
            None => {
                let keys = Self::make(seed())?;
                let pem = keys.private.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Write)?;
                kept::write(&private, &pem, Readers::Owner)?;
                keys
            }
        };
        kept::write(&public, keys.public_pem(), Readers::Everybody)?;
        Ok((keys, public))
    }

    /// The public half in PEM (SPKI).
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    fn of(private: PrivateKey) -> Result<Self, KeyError> {
        let public_pem =
            private.to_public_key().to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Write)?;
        Ok(Self { private, public_pem })
    }

    /// The text behind base64 and RSA.
    pub(crate) fn open(&self, sealed: &str) -> Option<String> {
        let sealed = STANDARD.decode(sealed).ok()?;
        String::from_utf8(self.private.decrypt(rsa::Pkcs1v15Encrypt, &sealed).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_opens_what_was_sealed() {
        let home = tempfile::tempdir().expect("a folder");
        let (first, path) = RsaKeys::kept(home.path(), || [1; 32]).expect("made");
        let (again, _) = RsaKeys::kept(home.path(), || [2; 32]).expect("read");
        assert_eq!(first.public_pem(), again.public_pem());
        assert_eq!(std::fs::read_to_string(path).expect("read"), first.public_pem());
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let sealed =
            first.private.to_public_key().pkcs1v15_encrypt_with_rng(&mut rng, b"text").expect("sealed");
        assert_eq!(again.open(&STANDARD.encode(sealed)), Some("text".to_owned()));
        for unsound in ["", "not base64", "AAAA"] {
            assert_eq!(again.open(unsound), None, "{unsound}");
        }
    }
}

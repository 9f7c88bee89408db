//! The key pair that questions about faces are encrypted under.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rsa::PrivateKey;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _, LineEnding};

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
    /// The public half could not be written.
    #[error("the public key could not be written")]
    Public,
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

    /// The public half in PEM (SPKI).
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    fn of(private: PrivateKey) -> Result<Self, KeyError> {
        let public_pem =
            private.to_public_key().to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Public)?;
        Ok(Self { private, public_pem })
    }

    /// The text behind base64 and RSA.
    pub(crate) fn open(&self, sealed: &str) -> Option<String> {
        let sealed = STANDARD.decode(sealed).ok()?;
        String::from_utf8(self.private.decrypt(rsa::Pkcs1v15Encrypt, &sealed).ok()?).ok()
    }
}

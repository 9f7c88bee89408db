//! Encryption under the institution's public key: RSA with the padding of PKCS#1 v1.5, in base64.

use std::path::Path;

use absah_core::trouble::Trouble;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::PublicKey;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::pkcs8::DecodePublicKey as _;

use crate::dukcapil::chance::Chance;
use crate::dukcapil::fault::SettingsFault;
use crate::dukcapil::file;

/// The institution's public key.
pub(in crate::dukcapil) struct Cipher(PublicKey);

impl Cipher {
    /// Reads a key in PEM, SPKI or PKCS#1.
    pub(in crate::dukcapil) fn read(path: &Path) -> Result<Self, SettingsFault> {
        const SETTING: &str = "rsa_public_key_file";
        let pem = file::read(SETTING, path)?;
        let key = std::str::from_utf8(&pem).ok().and_then(|pem| {
            PublicKey::from_public_key_pem(pem)
                .or_else(|_| PublicKey::from_pkcs1_pem(pem).map_err(|_| ()))
                .ok()
        });
        key.map(Self).ok_or_else(|| SettingsFault::Content {
            setting: SETTING,
            path: path.to_owned(),
            expected: "a public RSA key in PEM",
        })
    }

    /// Encrypts a text.
    ///
    /// # Errors
    /// [`Trouble::Setup`] where the key is too short for it.
    pub(in crate::dukcapil) fn encrypt(&self, text: &str, chance: &Chance) -> Result<String, Trouble> {
        let sealed = chance.with(|rng| self.0.pkcs1v15_encrypt_with_rng(rng, text.as_bytes()));
        sealed.map(|sealed| STANDARD.encode(sealed)).map_err(|_| Trouble::Setup { code: "rsa".to_owned() })
    }
}

//! Certificates the simulator shows: self-made ones, or given ones.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

use crate::kept::{self, KeptError};

/// A certificate with its key.
#[derive(Clone)]
pub struct Identity {
    certificate_pem: String,
    key_pem: String,
}

/// An authority that signs identities.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// When a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Now, and for long.
    Current,
    /// In the year 2000.
    Expired,
}

/// A certificate cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// It cannot be made.
    #[error("the certificate cannot be made")]
    Make(#[from] rcgen::Error),
    /// What was given is no certificate with its key.
    #[error("this is no certificate with its private key in PEM")]
    Given,
    /// TLS refuses it.
    #[error("TLS refuses the certificate")]
    Tls(#[from] rustls::Error),
    /// A file that is kept.
    #[error(transparent)]
    Kept(#[from] KeptError),
}

impl Identity {
    /// Makes a certificate that signs itself, for these names and addresses.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn self_signed(names: &[&str]) -> Result<Self, IdentityError> {
        let key = KeyPair::generate()?;
        let certificate = params(names, Validity::Current)?.self_signed(&key)?;
        Ok(Self { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }

    /// Takes a certificate (or a chain) and its key, both in PEM.
    ///
    /// # Errors
    /// They do not go together.
    pub fn given(certificate_pem: String, key_pem: String) -> Result<Self, IdentityError> {
        let identity = Self { certificate_pem, key_pem };
        identity.config().map(|_| identity)
    }

    /// The certificate in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// SHA-256 of the certificate's DER, in hexadecimal: what a client pins.
    ///
    /// # Errors
    /// The PEM holds none.
    pub fn pin(&self) -> Result<String, IdentityError> {
        let certificate = CertificateDer::from_pem_slice(self.certificate_pem.as_bytes());
        let digest = Sha256::digest(certificate.map_err(|_| IdentityError::Given)?);
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The certificate kept in a folder as `certificate.pem` and `key.pem`, where clients find it; made for these
    /// names where there is none yet. Returns the certificate's path, too. The key is for its owner alone.
    ///
    /// # Errors
    /// A file cannot be read or written, or what is kept is no certificate with its key.
    pub fn kept(folder: &Path, names: &[&str]) -> Result<(Self, PathBuf), IdentityError> {
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        if let (Some(certificate_pem), Some(key_pem)) = (kept::read(&certificate)?, kept::read(&key)?) {
            return Ok((Self::given(certificate_pem, key_pem)?, certificate));
        }
        let identity = Self::self_signed(names)?;
        kept::write(&key, &identity.key_pem, kept::Readers::Owner)?;
        kept::write(&certificate, &identity.certificate_pem, kept::Readers::Everybody)?;
        Ok((identity, certificate))
    }

    pub(crate) fn config(&self) -> Result<Arc<ServerConfig>, IdentityError> {
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(self.certificate_pem.as_bytes()).collect();
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).map_err(|_| IdentityError::Given)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain.map_err(|_| IdentityError::Given)?, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

impl Authority {
    /// Makes an authority.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make() -> Result<Self, IdentityError> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, "absah dukcapil simulator authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }

    /// The authority's certificate in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Signs an identity for these names and addresses.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn sign(&self, names: &[&str], validity: Validity) -> Result<Identity, IdentityError> {
        let key = KeyPair::generate()?;
        let certificate = params(names, validity)?.signed_by(&key, &self.0)?;
        Ok(Identity { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }
}

fn params(names: &[&str], validity: Validity) -> Result<CertificateParams, rcgen::Error> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "absah dukcapil simulator");
    if validity == Validity::Expired {
        (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(2001, 1, 1));
    }
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_shown_again() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("keys");
        let (first, path) = Identity::kept(&folder, &["127.0.0.1"]).expect("made");
        let (again, _) = Identity::kept(&folder, &["127.0.0.1"]).expect("read");
        assert_eq!(first.pin().expect("a pin"), again.pin().expect("a pin"));
        assert_eq!(first.pin().expect("a pin").len(), 64);
        assert_eq!(std::fs::read_to_string(path).expect("read"), first.certificate_pem());
        std::fs::write(folder.join("key.pem"), "no key").expect("written");
        assert!(matches!(Identity::kept(&folder, &["127.0.0.1"]), Err(IdentityError::Given)));
    }
}

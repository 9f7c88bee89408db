//! How a service proves who it is: by an authority, by a pin, or not at all.

mod pin;

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio_rustls::TlsConnector;

use super::endpoint::Endpoint;
use super::fault::SettingsFault;
use super::file;
use super::settings::TlsSettings;

pub(super) use pin::Pin;
use pin::{Trusted, WithoutAuthority};

/// TLS towards one service.
#[derive(Clone)]
pub(super) struct Tls {
    /// Makes the connections.
    pub(super) connector: TlsConnector,
    /// The name that is asked for, and held against the certificate where one is verified by its authority.
    pub(super) name: ServerName<'static>,
}

impl Tls {
    /// What the settings say for a service.
    pub(super) fn new(settings: &TlsSettings, endpoint: &Endpoint) -> Result<Self, SettingsFault> {
        let name = match settings.server_name.as_str() {
            "" => ServerName::try_from(endpoint.host().to_owned())
                .map_err(|_| SettingsFault::Range { setting: "url", range: "an address or a name of DNS" })?,
            named => ServerName::try_from(named.to_owned()).map_err(|_| SettingsFault::Range {
                setting: "tls.server_name",
                range: "an address or a name of DNS",
            })?,
        };
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(SettingsFault::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(verifier(settings, &provider)?)
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

fn verifier(
    settings: &TlsSettings,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, SettingsFault> {
    let algorithms = provider.signature_verification_algorithms;
    if !settings.verify {
        return Ok(Arc::new(WithoutAuthority { trusted: Trusted::Anybody, algorithms }));
    }
    if !settings.pin_sha256.is_empty() {
        let pins = (1..).zip(&settings.pin_sha256);
        let pins: Result<Vec<_>, _> =
            pins.map(|(number, text)| Pin::parse(text).ok_or(SettingsFault::Pin(number))).collect();
        return Ok(Arc::new(WithoutAuthority { trusted: Trusted::Pins(pins?), algorithms }));
    }
    let roots = Arc::new(authorities(settings)?);
    let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider)).build();
    Ok(verifier.map_err(SettingsFault::Authorities)?)
}

fn authorities(settings: &TlsSettings) -> Result<RootCertStore, SettingsFault> {
    let unsound = || SettingsFault::Content {
        setting: "tls.ca_file",
        path: settings.ca_file.clone(),
        expected: "certificates of authorities in PEM",
    };
    let pem = file::read("tls.ca_file", &settings.ca_file)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.map_err(|_| unsound())?).map_err(|_| unsound())?;
    }
    if roots.is_empty() { Err(unsound()) } else { Ok(roots) }
}

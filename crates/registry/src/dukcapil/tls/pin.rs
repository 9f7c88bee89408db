use std::fmt;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

/// SHA-256 of a certificate's DER.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pin([u8; 32]);

impl Pin {
    /// Reads 64 hexadecimal digits of either case, with colons between pairs or without.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u32> =
            text.trim().chars().filter(|c| *c != ':').map(|c| c.to_digit(16)).collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u8::try_from(high * 16 + low).ok(),
                _ => None,
            })
            .collect::<Option<_>>()?;
        bytes.try_into().ok().map(Self)
    }
}

/// Whose certificates are accepted without an authority.
pub(super) enum Trusted {
    /// Those of the pins and no other.
    Pins(Vec<Pin>),
    /// Anybody's, for operators who said so.
    Anybody,
}

/// Accepts certificates by what they are.
///
/// The service is reached by a private address its certificate does not name, and the certificate is often self-made:
/// so name, dates and issuer say nothing, and the certificate itself is what was agreed. That the other side holds its
/// key is proved by the handshake's signature, checked as for any certificate.
pub(super) struct WithoutAuthority {
    pub(super) trusted: Trusted,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

impl fmt::Debug for WithoutAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.trusted {
            Trusted::Pins(pins) => write!(f, "WithoutAuthority({} certificates)", pins.len()),
            Trusted::Anybody => f.write_str("WithoutAuthority(anybody)"),
        }
    }
}

impl ServerCertVerifier for WithoutAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Trusted::Pins(pins) = &self.trusted else { return Ok(ServerCertVerified::assertion()) };
        let shown: [u8; 32] = Sha256::digest(end_entity).into();
        let known = pins.iter().fold(Choice::from(0), |known, pin| known | pin.0.ct_eq(&shown));
        if bool::from(known) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_64_hexadecimal_digits() {
        let plain = "0f".repeat(32);
        let colons = vec!["0F"; 32].join(":");
        let rows = [
            (plain.as_str(), true),
            (colons.as_str(), true),
            (" 0f", false),
            ("", false),
            (&plain[1..], false),
            (&"0g".repeat(32), false),
            (&"é".repeat(32), false),
            (&"0f".repeat(33), false),
        ];
        for (text, sound) in rows {
            assert_eq!(Pin::parse(text).map(|pin| pin.0), sound.then_some([0x0f; 32]), "{text}");
        }
    }
}

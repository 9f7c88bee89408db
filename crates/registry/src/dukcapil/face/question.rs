//! The question about a face.

use absah_core::nik::Nik;
use absah_core::trouble::Trouble;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;

use super::cipher::Cipher;
use crate::dukcapil::chance::Chance;
use crate::dukcapil::credentials::Credentials;

/// What every question about a face says alike.
pub(in crate::dukcapil) struct Details {
    pub(in crate::dukcapil) cipher: Cipher,
    pub(in crate::dukcapil) customer_id: String,
    pub(in crate::dukcapil) transaction_source: String,
    /// Threshold on the service's own scale.
    pub(in crate::dukcapil) threshold: f64,
}

/// The body of a question.
///
/// # Errors
/// The key cannot encrypt what has to be encrypted.
pub(in crate::dukcapil) fn question(
    details: &Details,
    credentials: &Credentials,
    nik: &Nik,
    jpeg: &[u8],
    chance: &Chance,
) -> Result<Bytes, Trouble> {
    let sealed = |text: &str| details.cipher.encrypt(text, chance);
    let body = json!({
        "transactionId": chance.transaction_id(),
        "transactionSource": details.transaction_source,
        "customer_id": details.customer_id,
        "nik": sealed(nik.expose())?,
        "threshold": number(details.threshold),
        "image": STANDARD.encode(jpeg),
        "template": "",
        "type": "Face",
        "position": "F",
        "user_id": sealed(credentials.user_id.expose())?,
        "password": sealed(credentials.password.expose())?,
        "ip": credentials.ip,
    });
    Ok(Bytes::from(body.to_string()))
}

/// A whole number without a fraction, as the service's clients send it.
fn number(threshold: f64) -> serde_json::Value {
    // Up to 2^53 the conversion is exact.
    if threshold.fract() == 0.0 && threshold.abs() < 9e15 {
        json!(threshold as i64)
    } else {
        json!(threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_threshold_has_no_fraction() {
        for (threshold, text) in [(5.0, "5"), (5.5, "5.5"), (-1.0, "-1"), (0.0, "0")] {
            assert_eq!(number(threshold).to_string(), text);
        }
    }
}

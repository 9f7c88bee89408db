//! What an operator may set.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::secret::Secret;

/// How the population registry is reached, as a table of the configuration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DukcapilSettings {
    /// Address of the service of demographics, without its path: `https://10.0.0.5:8000`.
    pub url_demographics: String,
    /// Address of the service of faces, without its path; empty where the institution has none. Then every face is
    /// answered with "no reference".
    pub url_face: String,
    /// The institution's name in the addresses.
    pub customer_id: String,
    /// The institution's user.
    pub user_id: Secret,
    /// The user's password; empty where `password_file` is given.
    pub password: Secret,
    /// A file that holds the password and nothing more; a line break at its end does not count.
    pub password_file: PathBuf,
    /// The address the institution registered (`IP_USER`).
    pub ip: String,
    /// How the services prove who they are.
    pub tls: TlsSettings,
    /// Bounds of time.
    pub timeouts: Timeouts,
    /// Attempts for one question, 1 to 5. Only an attempt that was surely not charged is made again.
    pub tries: u32,
    /// Whether an attempt that may have been charged (sent, then a timeout, a broken connection or an HTTP status of
    /// 500 and above) is made again too: this can pay twice for one answer.
    pub retry_possibly_charged: bool,
    /// Wait before the second attempt, in milliseconds, 1 to 10,000; doubled for each further one, and shortened by up
    /// to half by chance.
    pub backoff_milliseconds: u64,
    /// Calls to each service at the same time, 1 to 1,024.
    pub concurrency: u32,
    /// When a service that cannot be reached is left alone.
    pub breaker: BreakerSettings,
    /// Price of a call to the service of demographics, in rupiah.
    pub price_demographics: u64,
    /// Price of a call to the service of faces, in rupiah.
    pub price_face: u64,
    /// One warning is logged when fewer calls than this are left; 0 for none.
    pub quota_warning: u64,
    /// Whether a duplicate record (code 12) is compared like any other. Institutions differ in this.
    pub duplicate_is_success: bool,
    /// The public key the service of faces gave the institution, in PEM (SPKI or PKCS#1).
    pub rsa_public_key_file: PathBuf,
    /// Comparison of faces.
    pub face: FaceSettings,
}

/// How the services prove who they are. Exactly one of the three for `https`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSettings {
    /// Certificates of the authorities to trust, in PEM; no other authority is trusted.
    pub ca_file: PathBuf,
    /// The name a certificate of these authorities is for; empty for the host of the address.
    pub server_name: String,
    /// SHA-256 of the DER of the certificates to accept, in hexadecimal, colons allowed. The name, the dates and the
    /// issuer in them do not count. Several, since the two services may differ, and for the day of a change.
    pub pin_sha256: Vec<String>,
    /// Whether the services have to prove anything. `false` lets anybody on the way read and answer, and is logged as
    /// a warning at every start.
    pub verify: bool,
}

/// Bounds of time, in seconds; each above 0 and at most 600.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// To be connected, TLS included.
    pub connect_seconds: f64,
    /// For one attempt at demographics, connecting included.
    pub demographics_seconds: f64,
    /// For one attempt at a face, connecting included.
    pub face_seconds: f64,
    /// To wait for a place among the calls at the same time.
    pub queue_seconds: f64,
}

/// When a service that cannot be reached is left alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerSettings {
    /// Failures of transport in a row that open it, 1 and up.
    pub failures: u32,
    /// For how long, in seconds, above 0 and at most 3,600; then one call tries whether the service is back.
    pub open_seconds: f64,
}

/// Comparison of faces.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaceSettings {
    /// The score on the service's own scale that it is asked to apply, as agreed with it.
    pub threshold: f64,
    /// The map from the service's open-ended scale to scores of 0 to 100: pairs of a raw score and what it is told as,
    /// both rising. Linear in between, level beyond the ends.
    pub scale: Vec<[f64; 2]>,
    /// What the service is told the transaction comes from.
    pub transaction_source: String,
}

impl DukcapilSettings {
    /// How long one question may take: waiting for a place, all attempts, and the waits in between.
    pub fn longest_question(&self) -> Duration {
        let Timeouts { demographics_seconds, face_seconds, queue_seconds, .. } = self.timeouts;
        let tries = f64::from(self.tries);
        let attempts = tries * f64::max(demographics_seconds, face_seconds);
        // Each wait is at most twice the one before: their sum.
        let waits = self.backoff_milliseconds as f64 / 1000.0 * ((tries - 1.0).exp2() - 1.0);
        Duration::try_from_secs_f64(queue_seconds + attempts + waits).unwrap_or(Duration::MAX)
    }
}

impl Default for DukcapilSettings {
    fn default() -> Self {
        Self {
            url_demographics: String::new(),
            url_face: String::new(),
            customer_id: String::new(),
            user_id: Secret::default(),
            password: Secret::default(),
            password_file: PathBuf::new(),
            ip: String::new(),
            tls: TlsSettings::default(),
            timeouts: Timeouts::default(),
            tries: 2,
            retry_possibly_charged: false,
            backoff_milliseconds: 200,
            concurrency: 8,
            breaker: BreakerSettings::default(),
            price_demographics: 1000,
            price_face: 3000,
            quota_warning: 1000,
            duplicate_is_success: false,
            rsa_public_key_file: PathBuf::new(),
            face: FaceSettings::default(),
        }
    }
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self { ca_file: PathBuf::new(), server_name: String::new(), pin_sha256: Vec::new(), verify: true }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_seconds: 5.0, demographics_seconds: 10.0, face_seconds: 60.0, queue_seconds: 2.0 }
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, open_seconds: 30.0 }
    }
}

impl Default for FaceSettings {
    /// The threshold most often agreed, 5, is told as 75, the default threshold of this project; 0 as 0, and 10 and
    /// more as 100.
    fn default() -> Self {
        Self {
            threshold: 5.0,
            scale: vec![[0.0, 0.0], [5.0, 75.0], [10.0, 100.0]],
            transaction_source: "absah".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_says_what_differs_from_the_defaults_and_nothing_unknown() {
        let read = |table| serde_json::from_value::<DukcapilSettings>(table);
        assert_eq!(read(json!({})).expect("all defaults"), DukcapilSettings::default());
        let table = json!({
            "url_demographics": "https://10.0.0.5:8000", "password": "a password", "tries": 1,
            "tls": { "pin_sha256": ["00"] }, "timeouts": { "face_seconds": 5 }, "face": { "scale": [[0, 0], [1, 100]] },
        });
        let settings = read(table).expect("a table");
        assert_eq!(settings.password, Secret::new("a password"));
        assert_eq!((settings.tries, settings.timeouts.face_seconds), (1, 5.0));
        assert_eq!(settings.face.scale, [[0.0, 0.0], [1.0, 100.0]]);
        assert_eq!((settings.face.threshold, settings.tls.verify), (5.0, true));
        for unknown in
            [json!({ "urls": "" }), json!({ "tls": { "verfy": false } }), json!({ "face": { "x": 1 } })]
        {
            assert!(read(unknown.clone()).is_err(), "{unknown}");
        }
    }
}

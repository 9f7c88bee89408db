//! The check of settings, before anything is read or reached.

use std::time::Duration;

use super::endpoint::Endpoint;
use super::face::RawScale;
use super::fault::SettingsFault;
use super::settings::{DukcapilSettings, TlsSettings};
use super::tls::Pin;

impl DukcapilSettings {
    /// Checks everything that can be checked without reading a file.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn validate(&self) -> Result<(), SettingsFault> {
        let demographics = Endpoint::parse("url_demographics", &self.url_demographics)?;
        for (name, text) in [
            ("customer_id", self.customer_id.as_str()),
            ("user_id", self.user_id.expose()),
            ("ip", self.ip.as_str()),
        ] {
            if text.trim().is_empty() {
                return Err(SettingsFault::Missing(name));
            }
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !self.customer_id.bytes().all(plain) || self.customer_id.starts_with('.') {
            let range = "of A-Z a-z 0-9 . _ -, not beginning with a dot: it stands in addresses";
            return Err(SettingsFault::Range { setting: "customer_id", range });
        }
        self.check_password()?;
        let mut encrypted = demographics.is_encrypted();
        if let Some(face) = self.face_endpoint()? {
            encrypted |= face.is_encrypted();
            if self.rsa_public_key_file.as_os_str().is_empty() {
                return Err(SettingsFault::Missing("rsa_public_key_file"));
            }
        }
        self.tls.check(encrypted)?;
        self.check_bounds()?;
        RawScale::new(&self.face.scale)?;
        Ok(())
    }

    /// The service of faces, where there is one.
    pub(super) fn face_endpoint(&self) -> Result<Option<Endpoint>, SettingsFault> {
        (!self.url_face.is_empty()).then(|| Endpoint::parse("url_face", &self.url_face)).transpose()
    }

    fn check_password(&self) -> Result<(), SettingsFault> {
        match (self.password.is_empty(), self.password_file.as_os_str().is_empty()) {
            (true, true) => Err(SettingsFault::Missing("password or password_file")),
            (false, false) => Err(SettingsFault::Both("password", "password_file")),
            _ => Ok(()),
        }
    }

    fn check_bounds(&self) -> Result<(), SettingsFault> {
        let up_to = |setting, seconds, most, range| match seconds_in(seconds, most) {
            Some(_) => Ok(()),
            None => Err(SettingsFault::Range { setting, range }),
        };
        let ten_minutes = "above 0 and at most 600";
        up_to("timeouts.connect_seconds", self.timeouts.connect_seconds, 600.0, ten_minutes)?;
        up_to("timeouts.demographics_seconds", self.timeouts.demographics_seconds, 600.0, ten_minutes)?;
        up_to("timeouts.face_seconds", self.timeouts.face_seconds, 600.0, ten_minutes)?;
        up_to("timeouts.queue_seconds", self.timeouts.queue_seconds, 600.0, ten_minutes)?;
        up_to("breaker.open_seconds", self.breaker.open_seconds, 3600.0, "above 0 and at most 3600")?;
        let within = |setting, sound: bool, range| {
            if sound { Ok(()) } else { Err(SettingsFault::Range { setting, range }) }
        };
        within("tries", (1..=5).contains(&self.tries), "1 to 5")?;
        within("backoff_milliseconds", (1..=10_000).contains(&self.backoff_milliseconds), "1 to 10000")?;
        within("concurrency", (1..=1024).contains(&self.concurrency), "1 to 1024")?;
        within("breaker.failures", self.breaker.failures >= 1, "1 or more")?;
        within("face.threshold", self.face.threshold.is_finite(), "a number")
    }
}

impl TlsSettings {
    fn check(&self, encrypted: bool) -> Result<(), SettingsFault> {
        let pinned = !self.pin_sha256.is_empty();
        let by_authority = !self.ca_file.as_os_str().is_empty();
        match (by_authority, pinned, self.verify) {
            (true, true, _) => return Err(SettingsFault::Both("tls.ca_file", "tls.pin_sha256")),
            (true, _, false) => return Err(SettingsFault::Both("tls.ca_file", "tls.verify = false")),
            (_, true, false) => return Err(SettingsFault::Both("tls.pin_sha256", "tls.verify = false")),
            (false, false, true) if encrypted => return Err(SettingsFault::NoProof),
            _ => {}
        }
        for (number, pin) in (1..).zip(&self.pin_sha256) {
            Pin::parse(pin).ok_or(SettingsFault::Pin(number))?;
        }
        Ok(())
    }
}

/// A length of time above 0 and at most `most` seconds.
pub(super) fn seconds_in(seconds: f64, most: f64) -> Option<Duration> {
    (seconds > 0.0 && seconds <= most).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dukcapil::Secret;

    fn sound() -> DukcapilSettings {
        DukcapilSettings {
            url_demographics: "https://10.0.0.5:8000".to_owned(),
            url_face: "https://10.0.0.6".to_owned(),
            customer_id: "bank".to_owned(),
            user_id: Secret::new("user"),
            password: Secret::new("a password"),
            ip: "10.1.1.1".to_owned(),
            tls: TlsSettings { pin_sha256: vec!["ab".repeat(32)], ..TlsSettings::default() },
            rsa_public_key_file: "key.pem".into(),
            ..DukcapilSettings::default()
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_by_its_name() {
        type Change = fn(&mut DukcapilSettings);
        let rows: [(&str, Change); 24] = [
            ("", |_| {}),
            ("", |s| s.url_face.clear()),
            ("", |s| s.tls = TlsSettings { verify: false, ..TlsSettings::default() }),
            ("", |s| s.tls = TlsSettings { ca_file: "ca.pem".into(), ..TlsSettings::default() }),
            ("", |s| {
                s.url_demographics = "http://127.0.0.1:8000".to_owned();
                s.url_face.clear();
                s.tls = TlsSettings::default();
            }),
            ("url_demographics has to be http(s)://", |s| s.url_demographics.clear()),
            ("url_demographics has to be http(s)://", |s| s.url_demographics.push_str("/dukcapil")),
            ("url_face is plain http", |s| s.url_face = "http://10.0.0.6".to_owned()),
            ("customer_id has to be given", |s| s.customer_id.clear()),
            ("customer_id has to be of", |s| s.customer_id = "../x".to_owned()),
            ("user_id has to be given", |s| s.user_id = Secret::default()),
            ("ip has to be given", |s| s.ip = " ".to_owned()),
            ("password or password_file has to be given", |s| s.password = Secret::default()),
            ("password and password_file exclude", |s| s.password_file = "secret".into()),
            ("rsa_public_key_file has to be given", |s| s.rsa_public_key_file.clear()),
            ("tls: name a ca_file", |s| s.tls.pin_sha256.clear()),
            ("tls.ca_file and tls.pin_sha256 exclude", |s| s.tls.ca_file = "ca.pem".into()),
            ("tls.pin_sha256 and tls.verify = false exclude", |s| s.tls.verify = false),
            ("tls.pin_sha256: number 2", |s| s.tls.pin_sha256.push("ab".to_owned())),
            ("timeouts.face_seconds has to be", |s| s.timeouts.face_seconds = f64::NAN),
            ("breaker.open_seconds has to be", |s| s.breaker.open_seconds = 0.0),
            ("tries has to be 1 to 5", |s| s.tries = 0),
            ("concurrency has to be", |s| s.concurrency = 0),
            ("face.scale has to be", |s| s.face.scale = vec![[0.0, 50.0], [1.0, 40.0]]),
        ];
        for (expected, change) in rows {
            let mut settings = sound();
            change(&mut settings);
            let told = settings.validate().err().map(|fault| fault.to_string()).unwrap_or_default();
            assert!(told.starts_with(expected), "{expected}: {told}");
            assert_eq!(told.is_empty(), expected.is_empty(), "{told}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", sound());
        assert!(!shown.contains("a password") && shown.contains("<secret>"), "{shown}");
    }
}

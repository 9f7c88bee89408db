//! The address of a service.

use std::net::IpAddr;

use http::Uri;

use super::fault::SettingsFault;

/// Where a service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    encrypted: bool,
    host: String,
    port: u16,
}

impl Endpoint {
    /// Reads `http(s)://HOST[:PORT]`, plain `http` for this machine alone.
    pub(super) fn parse(setting: &'static str, text: &str) -> Result<Self, SettingsFault> {
        let unsound = || SettingsFault::Address { setting };
        let uri: Uri = text.trim().parse().map_err(|_| unsound())?;
        let encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(unsound()),
        };
        let authority = uri.authority().ok_or_else(unsound)?;
        let bare = !text.contains(['?', '#']) && matches!(uri.path(), "" | "/");
        // An empty port is none, and one beyond 65535 is no port at all.
        let port_told = authority.as_str().rsplit_once(']').map_or(authority.as_str(), |(_, after)| after);
        let port = match (authority.port_u16(), port_told.contains(':')) {
            (Some(port), _) if port > 0 => port,
            (None, false) => {
                if encrypted {
                    443
                } else {
                    80
                }
            }
            _ => return Err(unsound()),
        };
        if authority.as_str().contains('@') || authority.host().is_empty() || !bare {
            return Err(unsound());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let endpoint = Self { encrypted, host, port };
        if encrypted || endpoint.is_this_machine() {
            Ok(endpoint)
        } else {
            Err(SettingsFault::Plain { setting })
        }
    }

    /// Whether TLS is spoken.
    pub(super) fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Name or address, without brackets.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Where to connect to.
    pub(super) fn place(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// The `Host` of a request.
    pub(super) fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_form() {
        let rows = [
            ("https://10.0.0.5:8000", Some(("10.0.0.5", 8000, true))),
            ("https://10.0.0.5/", Some(("10.0.0.5", 443, true))),
            ("https://[fd00::1]:8000", Some(("fd00::1", 8000, true))),
            ("https://[fd00::1]", Some(("fd00::1", 443, true))),
            ("http://127.0.0.1:9", Some(("127.0.0.1", 9, false))),
            ("http://[::1]:9", Some(("::1", 9, false))),
            ("http://localhost", Some(("localhost", 80, false))),
            ("http://10.0.0.5:8000", None),
            ("http://localhost.example.com", None),
            ("https://user@10.0.0.5", None),
            ("https://10.0.0.5:0", None),
            ("https://10.0.0.5:70000", None),
            ("https://10.0.0.5:", None),
            ("https://10.0.0.5/dukcapil", None),
            ("https://10.0.0.5/?a", None),
            ("10.0.0.5:8000", None),
            ("ftp://10.0.0.5", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let parsed = Endpoint::parse("url", text).ok();
            let told = parsed.as_ref().map(|e| (e.host.as_str(), e.port, e.encrypted));
            assert_eq!(told, expected, "{text}");
        }
    }
}

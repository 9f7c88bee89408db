//! Why the registry cannot be used as it is set up.

use std::io;
use std::path::PathBuf;

/// A setting that cannot be used, or a file it names. Never says what a secret is.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// A setting that has to be given.
    #[error("{0} has to be given")]
    Missing(&'static str),
    /// A setting out of its range.
    #[error("{setting} has to be {range}")]
    Range {
        /// The setting.
        setting: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// Two settings that exclude each other.
    #[error("{0} and {1} exclude each other")]
    Both(&'static str, &'static str),
    /// An address that is none.
    #[error("{setting} has to be http(s)://HOST[:PORT] and nothing behind it")]
    Address {
        /// The setting.
        setting: &'static str,
    },
    /// Plain HTTP beyond this machine.
    #[error(
        "{setting} is plain http, which is for this machine alone: credentials would travel in the clear"
    )]
    Plain {
        /// The setting.
        setting: &'static str,
    },
    /// No proof was asked for, and none was waived.
    #[error("tls: name a ca_file or pin_sha256, or say verify = false and be read by anybody on the way")]
    NoProof,
    /// A pin that is none.
    #[error("tls.pin_sha256: number {0} is not the 64 hexadecimal digits of a SHA-256")]
    Pin(usize),
    /// A file that cannot be read.
    #[error("{setting}: {} cannot be read", path.display())]
    File {
        /// The setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file that does not hold what it should.
    #[error("{setting}: {} does not hold {expected}", path.display())]
    Content {
        /// The setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The certificates of authority cannot be used.
    #[error("tls.ca_file: the certificates cannot be used")]
    Authorities(#[source] rustls::client::VerifierBuilderError),
}

//! What an operator sets of the server.

use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// Bounds and places of the HTTP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// The path the Kredibel dialect is mounted under; starts with `/`.
    pub kredibel_prefix: String,
    /// Most bytes of a request body, by dialect.
    pub body_limits: BodyLimits,
    /// Longest time from the head of a request to the last byte of its body.
    pub body_timeout: Duration,
    /// Longest time to send the head of a request; also how long a connection may stay idle.
    pub header_timeout: Duration,
    /// Most connections at once; further ones wait in the operating system's queue.
    pub max_connections: usize,
    /// Most bytes of request bodies in memory at once, beyond which requests are told to come back.
    pub body_budget: usize,
    /// How long requests under way may take once the server was told to stop.
    pub shutdown_timeout: Duration,
}

/// Most bytes of a request body, by dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// Kredibel: pictures of 4 and 2 MiB grow by a third in base64, more with line breaks.
    pub kredibel: usize,
    /// AccuAuth: two pictures of 50 KiB, and room to say of a larger one how large it is.
    pub accuauth: usize,
    /// GLAIR: sixteen short texts.
    pub glair: usize,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { kredibel: 16 * MIB, accuauth: 4 * MIB, glair: MIB }
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            kredibel_prefix: "/".to_owned(),
            body_limits: BodyLimits::default(),
            body_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(10),
            max_connections: 1024,
            body_budget: 256 * MIB,
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}

//! Random bytes from the operating system: keys and nonces come from here, and from nowhere else.

/// Fills `bytes` with random ones.
#[expect(clippy::disallowed_methods, reason = "keys and nonces are made here; nothing else draws randomness")]
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(bytes)
}

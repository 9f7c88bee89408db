//! Random bytes from the operating system: keys and nonces of what is sealed come from here, and from nowhere else.

use std::cell::RefCell;

/// Fills `bytes` with random ones.
#[expect(clippy::disallowed_methods, reason = "keys and nonces of what is sealed are made here")]
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    getrandom::fill(bytes)
}

/// A nonce. They are no secret, so a thread asks the operating system for many at a time.
pub(crate) fn nonce<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    thread_local! {
        static DRAWN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    DRAWN.with_borrow_mut(|drawn| {
        if drawn.len() < N {
            let mut bytes = vec![0; 256 * N];
            fill(&mut bytes)?;
            *drawn = bytes;
        }
        let mut nonce = [0; N];
        for (byte, random) in nonce.iter_mut().zip(drawn.drain(drawn.len() - N..)) {
            *byte = random;
        }
        Ok(nonce)
    })
}

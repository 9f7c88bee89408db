//! Blind indexes: keyed hashes a value can be looked up by without being known.

use std::fmt;

/// The keyed hash (HMAC-SHA256) of a value under one version of a purpose's key.
///
/// Equal values under the same purpose and version have equal indexes; without the key nothing can be told about the
/// value, not even by trying all of them. Never compared with a secret, so ordinary equality serves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlindIndex {
    /// The version of the key.
    pub version: u8,
    /// The hash.
    pub digest: [u8; 32],
}

impl BlindIndex {
    /// Length of the stored form, in bytes.
    pub const STORED_LENGTH: usize = 33;

    /// The stored form: the version, then the hash.
    pub fn to_bytes(self) -> [u8; Self::STORED_LENGTH] {
        let mut bytes = [self.version; Self::STORED_LENGTH];
        for (byte, digit) in bytes.iter_mut().skip(1).zip(self.digest) {
            *byte = digit;
        }
        bytes
    }

    /// Reads the stored form; `None` where the length is another.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&version, digest) = bytes.split_first()?;
        Some(Self { version, digest: digest.try_into().ok()? })
    }
}

/// Shows the version and the first two bytes: enough to tell two apart while debugging, too little to look one up by.
impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, ..] = self.digest;
        write!(f, "BlindIndex(v{}, {first:02x}{second:02x}..)", self.version)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_stored_form_leads_back(version: u8, digest: [u8; 32]) {
            let index = BlindIndex { version, digest };
            prop_assert_eq!(BlindIndex::from_bytes(&index.to_bytes()), Some(index));
        }

        #[test]
        fn other_lengths_are_no_index(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(BlindIndex::from_bytes(&bytes).is_some(), bytes.len() == BlindIndex::STORED_LENGTH);
        }
    }

    #[test]
    fn debug_shows_four_digits_of_the_hash() {
        let index = BlindIndex { version: 3, digest: [0xab; 32] };
        assert_eq!(format!("{index:?}"), "BlindIndex(v3, abab..)");
    }
}

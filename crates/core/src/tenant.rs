//! Whose data it is.

use std::fmt;

/// The institution on whose behalf a call is made: 1 to 64 of `A-Za-z0-9._-`. Not personal data.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(String);

/// A tenant's name has the wrong form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tenant is named by 1 to 64 of A-Z a-z 0-9 . _ -")]
pub struct InvalidTenant;

impl TenantId {
    /// Reads a tenant's name.
    pub fn parse(text: &str) -> Result<Self, InvalidTenant> {
        let sound = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if sound && (1..=64).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err(InvalidTenant) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_form() {
        for (text, sound) in [("bank-a.1", true), ("", false), ("a b", false), ("é", false)] {
            assert_eq!(TenantId::parse(text).is_ok(), sound, "{text}");
        }
        assert!(TenantId::parse(&"a".repeat(65)).is_err());
    }
}

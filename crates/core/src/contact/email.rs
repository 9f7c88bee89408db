use std::fmt;

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// An email address in the form its uniqueness is judged by: trimmed, in lower case, its domain in ASCII (IDNA).
/// Masked in `Debug`, without `Display`, wiped on drop.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct EmailAddress(Box<str>);

/// Why a text is no email address. Holds nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmailError {
    /// Longer than [`EmailAddress::LONGEST`], or than 64 bytes before the `@`.
    #[error("the email address is too long")]
    TooLong,
    /// Not exactly one `@`.
    #[error("an email address has exactly one @")]
    NotOneAt,
    /// The part before the `@` is empty, has a space, a quote or another special character, or a stray dot.
    #[error("the part before the @ is malformed")]
    LocalPart,
    /// The part after the `@` is no domain name with a dot.
    #[error("the domain of the email address is malformed")]
    Domain,
}

/// Whether addresses that Gmail delivers to one mailbox are one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GmailMerging {
    /// Each spelling is an address of its own.
    #[default]
    Off,
    /// Dots and plus tags are taken out of addresses at gmail.com and googlemail.com.
    On,
}

impl EmailAddress {
    /// The longest address, in bytes: what fits into a path of RFC 5321 (4.5.3.1.3, with its brackets).
    pub const LONGEST: usize = 254;

    /// The longest part before the `@`, in bytes (RFC 5321, 4.5.3.1.1).
    const LONGEST_LOCAL: usize = 64;

    /// Reads an address: white space around it goes, letters become small, the domain becomes ASCII.
    ///
    /// # Errors
    /// [`EmailError`] names the rule that is broken.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.len() > Self::LONGEST {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::NotOneAt)?;
        if domain.contains('@') {
            return Err(EmailError::NotOneAt);
        }
        if !is_dot_atom(local) {
            return Err(EmailError::LocalPart);
        }
        let local = local.to_lowercase();
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::Domain)?;
        if !has_inner_dot(&domain) {
            return Err(EmailError::Domain);
        }
        let address = format!("{local}@{domain}");
        if address.len() > Self::LONGEST || local.len() > Self::LONGEST_LOCAL {
            return Err(EmailError::TooLong);
        }
        Ok(Self(address.into()))
    }

    /// The address that stands for it in uniqueness keys.
    #[must_use]
    pub fn merged(self, merging: GmailMerging) -> Self {
        match (merging, self.0.split_once('@')) {
            (GmailMerging::On, Some((local, "gmail.com" | "googlemail.com"))) => {
                let mailbox = local.split('+').next().unwrap_or(local).replace('.', "");
                // An address of nothing but a tag stays what it was.
                if mailbox.is_empty() { self } else { Self(format!("{mailbox}@gmail.com").into()) }
            }
            _ => self,
        }
    }

    /// The address; the caller answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Words of the characters RFC 5322 allows unquoted (3.2.3) or letters and digits of any script (RFC 6531), between
/// single dots.
fn is_dot_atom(local: &str) -> bool {
    let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.split('.').all(|word| !word.is_empty() && word.chars().all(is_atom))
}

/// A dot between two labels, and a last label that is no number (an address of a host is no domain).
fn has_inner_dot(domain: &str) -> bool {
    domain.rsplit_once('.').is_some_and(|(rest, last)| {
        !rest.is_empty() && !last.is_empty() && !last.bytes().all(|byte| byte.is_ascii_digit())
    })
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<email>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_address_has_one_form() {
        let long_local = format!("{}@example.id", "a".repeat(65));
        let long = format!("{}@{}.example.id", "a".repeat(60), "b.".repeat(100));
        let rows = [
            ("test@email.com", Ok("test@email.com")),
            ("  Test@Email.COM\n", Ok("test@email.com")),
            ("budi.santoso+bank@contoh.co.id", Ok("budi.santoso+bank@contoh.co.id")),
            ("o'brien@example.com", Ok("o'brien@example.com")),
            ("budi@bücher.example", Ok("budi@xn--bcher-kva.example")),
            ("budi@BÜCHER.example", Ok("budi@xn--bcher-kva.example")),
            ("budi@example。com", Ok("budi@example.com")),
            ("", Err(EmailError::NotOneAt)),
            ("email.com", Err(EmailError::NotOneAt)),
            ("a@b@c.com", Err(EmailError::NotOneAt)),
            ("@email.com", Err(EmailError::LocalPart)),
            ("a b@email.com", Err(EmailError::LocalPart)),
            (".a@email.com", Err(EmailError::LocalPart)),
            ("a..b@email.com", Err(EmailError::LocalPart)),
            ("a.@email.com", Err(EmailError::LocalPart)),
            ("\"a\"@email.com", Err(EmailError::LocalPart)),
            ("a\0@email.com", Err(EmailError::LocalPart)),
            ("a@", Err(EmailError::Domain)),
            ("a@localhost", Err(EmailError::Domain)),
            ("a@.com", Err(EmailError::Domain)),
            ("a@com.", Err(EmailError::Domain)),
            ("a@exa mple.com", Err(EmailError::Domain)),
            ("a@exa_mple.com", Err(EmailError::Domain)),
            ("a@-example.com", Err(EmailError::Domain)),
            ("a@127.0.0.1", Err(EmailError::Domain)),
            ("a@[127.0.0.1]", Err(EmailError::Domain)),
            (&long_local, Err(EmailError::TooLong)),
            (&long, Err(EmailError::TooLong)),
        ];
        for (text, expected) in rows {
            let parsed = EmailAddress::parse(text);
            assert_eq!(parsed.as_ref().map(EmailAddress::expose), expected.as_ref().copied(), "{text:?}");
        }
    }

    #[test]
    fn gmail_spellings_merge_only_when_asked() {
        let rows = [
            ("budi.santoso+x@gmail.com", GmailMerging::Off, "budi.santoso+x@gmail.com"),
            ("budi.santoso+x@gmail.com", GmailMerging::On, "budisantoso@gmail.com"),
            ("budisantoso@googlemail.com", GmailMerging::On, "budisantoso@gmail.com"),
            ("+x@gmail.com", GmailMerging::On, "+x@gmail.com"),
            ("budi.santoso+x@contoh.id", GmailMerging::On, "budi.santoso+x@contoh.id"),
        ];
        for (text, merging, expected) in rows {
            let address = EmailAddress::parse(text).expect("an address").merged(merging);
            assert_eq!(address.expose(), expected);
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_address() {
        assert_eq!(format!("{:?}", EmailAddress::parse("test@email.com")), "Ok(<email>)");
    }

    proptest! {
        #[test]
        fn a_parsed_address_is_its_own_form(text in "\\PC{0,20}@\\PC{0,20}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                let again = EmailAddress::parse(address.expose());
                prop_assert_eq!(again, Ok(address));
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = EmailAddress::parse(&text);
        }
    }
}

//! The national identity number (Nomor Induk Kependudukan, NIK).

use std::fmt;

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A NIK: sixteen digits, not starting with 0. Masked in `Debug`, without `Display`, wiped on drop.
///
/// The digits are the area of first registration (province, regency, district: two each), the birth date as
/// ddmmyy with 40 added to the day for women, and a serial of four. There is no check digit, and the number never
/// changes for life, so the structure alone never refuses a number.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct Nik(Box<str>);

/// Why a text is no NIK. Holds nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NikError {
    /// Something other than an ASCII digit, or not sixteen of them.
    #[error("a NIK has exactly {} digits", Nik::LENGTH)]
    NotSixteenDigits,
    /// Numbers from before 2010; they are not valid on the electronic card.
    #[error("a NIK does not start with 0")]
    LeadingZero,
}

impl Nik {
    /// How many digits a NIK has.
    pub const LENGTH: usize = 16;

    /// Reads a NIK: exactly sixteen ASCII digits, nothing around them, the first not 0.
    ///
    /// # Errors
    /// [`NikError`] says which of the two rules is broken.
    pub fn parse(text: &str) -> Result<Self, NikError> {
        if text.len() != Self::LENGTH || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NikError::NotSixteenDigits);
        }
        if text.starts_with('0') {
            return Err(NikError::LeadingZero);
        }
        Ok(Self(text.into()))
    }

    /// The sixteen digits; the caller answers for where they go.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<nik>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_digits_without_a_leading_zero_are_a_nik() {
        let rows = [
            ("3217061012870001", Ok(())),
            ("1234567890111111", Ok(())),
            ("0217061012870001", Err(NikError::LeadingZero)),
            ("0000000000000000", Err(NikError::LeadingZero)),
            ("", Err(NikError::NotSixteenDigits)),
            ("321706101287000", Err(NikError::NotSixteenDigits)),
            ("32170610128700011", Err(NikError::NotSixteenDigits)),
            (" 217061012870001", Err(NikError::NotSixteenDigits)),
            ("3217061012870001\n", Err(NikError::NotSixteenDigits)),
            ("321706101287000A", Err(NikError::NotSixteenDigits)),
            ("+217061012870001", Err(NikError::NotSixteenDigits)),
            ("٣٢١٧٠٦١٠", Err(NikError::NotSixteenDigits)),
        ];
        for (text, expected) in rows {
            assert_eq!(Nik::parse(text).map(|nik| assert_eq!(nik.expose(), text)), expected, "{text:?}");
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        let nik = Nik::parse("3217061012870001").expect("a NIK");
        assert!(!format!("{nik:?}").bytes().any(|byte| byte.is_ascii_digit()));
    }
}

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A phone number in the form its uniqueness is judged by: digits with the country code first. Masked in `Debug`,
/// without `Display`, wiped on drop.
///
/// Whether a number has the form a dialect asks for is a question about what was sent, asked before
/// [`PhoneNumber::normalise`]: see [`PhoneNumber::is_international_digits`].
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct PhoneNumber(Box<str>);

impl PhoneNumber {
    /// Normalises a number: only the digits stay, an international prefix (`+`, `00`) goes, Indonesian numbers written
    /// nationally (`08…`, bare `8…`, `62 0…`, also `+08…`, since no country code begins with 0) get the country code.
    ///
    /// Any text is taken. One that holds anything but digits and what they are grouped with (space, `+ - ( ) .`) is no
    /// number: it becomes one without digits, which no form check passes.
    pub fn normalise(text: &str) -> Self {
        if !text.chars().all(is_of_a_number) {
            return Self(Box::default());
        }
        let mut digits = String::with_capacity(text.len().min(32));
        digits.extend(text.chars().filter(char::is_ascii_digit));
        let international = text.trim_start().starts_with('+');
        let rest = digits.strip_prefix("00").unwrap_or(&digits);
        let is_abroad = international || rest.len() < digits.len();
        let normalised = if let Some(national) = rest.strip_prefix("620").or_else(|| rest.strip_prefix('0')) {
            format!("62{national}")
        } else if !is_abroad && rest.starts_with('8') {
            format!("62{rest}")
        } else {
            rest.to_owned()
        };
        digits.zeroize();
        Self(normalised.into())
    }

    /// Whether a text as it was sent is 8 to 15 digits without a leading 0 and without a plus: a number with its
    /// country code, of any country (Kredibel's form; 15 digits is the bound of ITU-T E.164).
    pub fn is_international_digits(text: &str) -> bool {
        (8..=15).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && !text.starts_with('0')
    }

    /// Whether the number is 62 followed by 6 to 14 digits (AccuAuth's form).
    pub fn is_indonesian(&self) -> bool {
        self.0.strip_prefix("62").is_some_and(|national| (6..=14).contains(&national.len()))
    }

    /// The digits; the caller answers for where they go.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn is_of_a_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.')
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<phone>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_has_one_form() {
        let rows = [
            ("6281234567890", "6281234567890"),
            ("+6281234567890", "6281234567890"),
            ("+62 812-3456-7890", "6281234567890"),
            ("006281234567890", "6281234567890"),
            ("081234567890", "6281234567890"),
            ("81234567890", "6281234567890"),
            ("62081234567890", "6281234567890"),
            ("+62 (0)812 3456 7890", "6281234567890"),
            ("(021) 555 1234", "62215551234"),
            ("621234567890", "621234567890"),
            ("+81312345678", "81312345678"),
            ("0081312345678", "81312345678"),
            ("+6591234567", "6591234567"),
            ("+081234567890", "6281234567890"),
            ("00081234567890", "6281234567890"),
            ("0812.3456.7890", "6281234567890"),
            ("call me 0812345678", ""),
            ("0812345678 ext 9", ""),
            ("0812345678\n", ""),
            ("\u{660}\u{661}0812345678", ""),
            ("", ""),
            ("-", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(PhoneNumber::normalise(text).expose(), expected, "{text:?}");
        }
    }

    #[test]
    fn forms_of_the_dialects() {
        // text as sent, Kredibel's form, AccuAuth's form
        let rows = [
            ("621234567890", true, true),
            ("6281234567890", true, true),
            ("+6281234567890", false, true),
            ("081234567890", false, true),
            ("12025550123", true, false),
            ("6212345", false, false),
            ("62123456", true, true),
            ("6212345678901234", false, true),
            ("62123456789012345", false, false),
            ("62 1234567890", false, true),
            ("", false, false),
            ("phone", false, false),
            ("call me 0812345678", false, false),
            ("+081234567890", false, true),
        ];
        for (text, kredibel, accuauth) in rows {
            assert_eq!(PhoneNumber::is_international_digits(text), kredibel, "{text:?}");
            assert_eq!(PhoneNumber::normalise(text).is_indonesian(), accuauth, "{text:?}");
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        let phone = PhoneNumber::normalise("621234567890");
        assert!(!format!("{phone:?}").bytes().any(|byte| byte.is_ascii_digit()));
    }

    proptest! {
        #[test]
        fn only_digits_stay(text in any::<String>()) {
            prop_assert!(PhoneNumber::normalise(&text).expose().bytes().all(|byte| byte.is_ascii_digit()));
        }

        #[test]
        fn an_indonesian_number_is_its_own_form(national in "[1-9][0-9]{5,13}") {
            let number = format!("62{national}");
            let phone = PhoneNumber::normalise(&number);
            prop_assert_eq!(phone.expose(), &number);
        }
    }
}

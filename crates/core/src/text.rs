//! Unicode text in the capitals registries are written in.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The characters of a text, compatibility-decomposed (NFKD), without marks, in capitals, every apostrophe as `'`.
pub(crate) fn capitals(text: &str) -> impl Iterator<Item = char> {
    let unified = text.chars().map(|c| if is_apostrophe(c) { '\'' } else { c });
    unified.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_uppercase)
}

/// Calls `each` with the characters of [`capitals`]; ASCII text takes a short cut past the Unicode tables.
pub(crate) fn for_each_capital(text: &str, mut each: impl FnMut(char)) {
    if text.is_ascii() {
        for byte in text.bytes() {
            each(char::from(if byte == b'`' { b'\'' } else { byte.to_ascii_uppercase() }));
        }
    } else {
        capitals(text).for_each(each);
    }
}

/// The words of a text: capitals and digits, one space where anything else stood; apostrophes join.
pub(crate) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for_each_capital(text, |c| {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else if c != '\'' {
            gap = true;
        }
    });
    out
}

/// The capitals and digits of a text alone.
pub(crate) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for_each_capital(text, |c| {
        if c.is_alphanumeric() {
            out.push(c);
        }
    });
    out
}

/// Whether a text has neither letter nor digit, and so says nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    !capitals(text).any(char::is_alphanumeric)
}

/// The apostrophes and what is typed for them: straight, typographic, modifier letters, accents, primes.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{00B4}'
            | '\u{02B9}'
            | '\u{02BB}'
            | '\u{02BC}'
            | '\u{02BD}'
            | '\u{02BE}'
            | '\u{02BF}'
            | '\u{02C8}'
            | '\u{055A}'
            | '\u{07F4}'
            | '\u{07F5}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{201A}'
            | '\u{201B}'
            | '\u{2032}'
            | '\u{2035}'
            | '\u{FF07}'
            | '\u{FF40}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_capitals_with_single_spaces() {
        let rows = [
            ("  budi   santoso ", "BUDI SANTOSO"),
            ("nur'aini", "NURAINI"),
            ("nur\u{2019}aini", "NURAINI"),
            ("nur\u{00B4}aini", "NURAINI"),
            ("José-María", "JOSE MARIA"),
            ("ｂｕｄｉ", "BUDI"),
            ("JL. Mawar No.5", "JL MAWAR NO 5"),
            ("-", ""),
            ("", ""),
            ("ﬁtri", "FITRI"),
            ("groß", "GROSS"),
        ];
        for (text, expected) in rows {
            assert_eq!(words(text), expected, "{text:?}");
            assert_eq!(key(text), expected.replace(' ', ""), "{text:?}");
        }
    }

    #[test]
    fn the_short_cut_and_the_long_way_agree() {
        let ascii: String = (0u8..128).map(char::from).collect();
        let mut short = String::new();
        for_each_capital(&ascii, |c| short.push(c));
        assert_eq!(short, capitals(&ascii).collect::<String>());
    }
}

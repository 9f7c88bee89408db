//! What the service says of one element.

/// The verdict of the service on an element, with its similarity where it tells one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// `Sesuai`.
    pub(super) agrees: bool,
    /// 0 to 100; a broken number is rounded down, so that no threshold is reached by rounding.
    pub(super) score: Option<u8>,
}

impl Word {
    /// Reads `Sesuai`, `Tidak Sesuai`, `Sesuai (100)` or `Tidak Sesuai (40)`; case and spaces do not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (word, score) = match text.split_once('(') {
            None => (text, None),
            Some((word, rest)) => (word, Some(score(rest.trim_end().strip_suffix(')')?)?)),
        };
        let mut words = word.split_whitespace();
        let agrees = match (words.next()?, words.next(), words.next()) {
            (word, None, _) if word.eq_ignore_ascii_case("sesuai") => true,
            (not, Some(word), None)
                if not.eq_ignore_ascii_case("tidak") && word.eq_ignore_ascii_case("sesuai") =>
            {
                false
            }
            _ => return None,
        };
        Some(Self { agrees, score })
    }
}

fn score(text: &str) -> Option<u8> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let sound = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number: f64 = sound.then(|| text.parse().ok())??;
    // Within 0 to 100 the cut-off number fits.
    (0.0..=100.0).contains(&number).then_some(number as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_with_or_without_a_score() {
        let told = |agrees, score| Some(Word { agrees, score });
        let rows = [
            ("Sesuai", told(true, None)),
            ("Tidak Sesuai", told(false, None)),
            ("SESUAI", told(true, None)),
            (" tidak   sesuai ", told(false, None)),
            ("Sesuai (100)", told(true, Some(100))),
            ("Sesuai(90)", told(true, Some(90))),
            ("Tidak Sesuai ( 40 ) ", told(false, Some(40))),
            ("Tidak Sesuai (89.99)", told(false, Some(89))),
            ("Sesuai (95%)", told(true, Some(95))),
            ("Sesuai (0)", told(true, Some(0))),
            ("Sesuai (101)", None),
            ("Sesuai (-1)", None),
            ("Sesuai ()", None),
            ("Sesuai (1e1)", None),
            ("Sesuai (90", None),
            ("Sesuai (90) x", None),
            ("Sesuai Sesuai", None),
            ("Tidak", None),
            ("Tidak Tidak Sesuai", None),
            ("Cocok", None),
            ("true", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(Word::parse(text), expected, "{text:?}");
        }
    }
}

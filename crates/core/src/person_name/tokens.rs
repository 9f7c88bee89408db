//! A name as it was written, in words.

use crate::text::for_each_capital;

/// One word of a name, in capitals.
pub(super) struct Token {
    text: String,
    dotted: bool,
}

impl Token {
    /// The word, never empty.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a dot stood behind it.
    pub(super) fn is_dotted(&self) -> bool {
        self.dotted
    }
}

/// Splits a name into words: capitals and digits without marks, apostrophes join, everything else splits.
///
/// What follows the first comma behind a letter is titles, and is left out.
pub(super) fn tokens(name: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(6);
    let mut word = String::new();
    let mut seen_letter = false;
    let mut ended = false;
    for_each_capital(name, |c| {
        if ended || c == '\'' {
            return;
        }
        if c.is_alphanumeric() {
            seen_letter |= c.is_alphabetic();
            word.push(c);
            return;
        }
        if !word.is_empty() {
            tokens.push(Token { text: std::mem::take(&mut word), dotted: c == '.' });
        }
        ended = c == ',' && seen_letter;
    });
    if !word.is_empty() {
        tokens.push(Token { text: word, dotted: false });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        let rows = [
            ("Nur'aini", "NURAINI"),
            ("Siti Nur-Haliza", "SITI NUR HALIZA"),
            ("BUDI SANTOSO, S.H., M.M.", "BUDI SANTOSO"),
            (", Budi", "BUDI"),
            ("M.Rizki", "M RIZKI"),
            ("  ", ""),
            ("...", ""),
            ("Zoë", "ZOE"),
        ];
        for (name, expected) in rows {
            let words: Vec<_> = tokens(name).into_iter().map(|token| token.text).collect();
            assert_eq!(words.join(" "), expected, "{name:?}");
        }
    }
}

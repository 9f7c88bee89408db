//! Words of a name, with what comparing them asks for more than once.

use std::cell::OnceCell;

use super::spelling::Keys;

/// Words without titles and particles.
pub(super) struct Phrase<'a> {
    words: Vec<&'a str>,
    joined: String,
    keys: OnceCell<Keys>,
}

impl<'a> Phrase<'a> {
    pub(super) fn of(words: Vec<&'a str>) -> Self {
        let joined = words.concat();
        Self { words, joined, keys: OnceCell::new() }
    }

    pub(super) fn words(&self) -> &[&'a str] {
        &self.words
    }

    /// The words without spaces.
    pub(super) fn joined(&self) -> &str {
        &self.joined
    }

    /// The spelling keys, made when they are first asked for.
    pub(super) fn keys(&self) -> &Keys {
        self.keys.get_or_init(|| Keys::of(&self.words))
    }
}

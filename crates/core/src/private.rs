//! Text that belongs to a person.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Personal text (a name, an address, a mother's name): masked in `Debug`, without `Display`, wiped on drop.
///
/// Reading it takes an explicit [`PrivateText::expose`], so that a leak into a log line has to be written on purpose.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PrivateText(String);

impl PrivateText {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself; the caller answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<private>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_text() {
        assert_eq!(format!("{:?}", PrivateText::new("SITI NURHALIZA")), "<private>");
    }
}

//! The characters a text recogniser tells apart.

/// Characters in the order of a recogniser's classes: class 0 is the blank, the first character is class 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alphabet {
    characters: Vec<char>,
}

impl Alphabet {
    /// The most characters there may be.
    pub const MOST: usize = 127;

    /// An alphabet; `None` where it is empty, longer than [`Self::MOST`], or names a character twice.
    pub fn new(characters: &str) -> Option<Self> {
        let characters: Vec<char> = characters.chars().collect();
        let twice =
            |(place, character): (usize, &char)| characters.iter().take(place).any(|c| c == character);
        let sound = (1..=Self::MOST).contains(&characters.len()) && !characters.iter().enumerate().any(twice);
        sound.then_some(Self { characters })
    }

    /// How many classes there are: the characters and the blank.
    pub fn classes(&self) -> usize {
        self.characters.len() + 1
    }

    /// The class of a character.
    pub fn class(&self, character: char) -> Option<usize> {
        self.characters.iter().position(|known| *known == character).map(|place| place + 1)
    }

    /// The character of a class; `None` for the blank.
    pub fn character(&self, class: usize) -> Option<char> {
        self.characters.get(class.checked_sub(1)?).copied()
    }

    /// Where only some characters can stand: `read_as` says what each character is read as there, `None` for those that
    /// stand for nothing that can.
    pub fn zone(&self, read_as: impl Fn(char) -> Option<char>) -> Zone {
        let target = |character: &char| read_as(*character).and_then(|read| self.class(read));
        let targets = std::iter::once(Some(0)).chain(self.characters.iter().map(target)).collect();
        let space = self.class(' ').filter(|_| read_as(' ') == Some(' '));
        Zone { targets, space }
    }
}

/// What every class of an alphabet is read as in a place where only some characters can stand; the blank is itself.
///
/// A letter l among capitals is an I that was read badly: what speaks for it speaks for the I.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    targets: Vec<Option<usize>>,
    /// The space's class, where one can stand.
    space: Option<usize>,
}

impl Zone {
    /// The class of the space, where one can stand.
    pub fn space(&self) -> Option<usize> {
        self.space
    }

    /// The class that a class is read as; `None` where it stands for nothing that can be read.
    pub fn target(&self, class: usize) -> Option<usize> {
        self.targets.get(class).copied().flatten()
    }

    /// Whether a class is what something is read as.
    pub fn has(&self, class: usize) -> bool {
        self.targets.contains(&Some(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_the_blank() {
        let alphabet = Alphabet::new("01A").expect("an alphabet");
        assert_eq!(alphabet.classes(), 4);
        for (character, class) in [('0', Some(1)), ('1', Some(2)), ('A', Some(3)), ('B', None)] {
            assert_eq!(alphabet.class(character), class, "{character}");
        }
        assert_eq!([0, 1, 3, 4].map(|class| alphabet.character(class)), [None, Some('0'), Some('A'), None]);
        let digits = alphabet.zone(|character| match character {
            '0' | '1' => Some(character),
            'A' => Some('1'),
            _ => None,
        });
        assert_eq!(
            [0, 1, 2, 3, 4].map(|class| digits.target(class)),
            [Some(0), Some(1), Some(2), Some(2), None]
        );
        assert_eq!([0, 1, 2, 3].map(|class| digits.has(class)), [true, true, true, false]);
    }

    #[test]
    fn unusable_alphabets_are_refused() {
        let long: String = (0..128).filter_map(|place| char::from_u32(0x4E00 + place)).collect();
        for characters in ["", "ABA", &long] {
            assert_eq!(Alphabet::new(characters), None, "{}", characters.len());
        }
    }
}

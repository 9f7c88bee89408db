//! What characters are read as, by what can stand in a value.

use super::digits::digit;

/// What a character is read as where capitals stand.
fn capital(character: char) -> Option<char> {
    match character {
        'l' | '1' => Some('I'),
        '0' => Some('O'),
        '5' => Some('S'),
        '8' => Some('B'),
        'a'..='z' => Some(character.to_ascii_uppercase()),
        _ => character.is_ascii_uppercase().then_some(character),
    }
}

pub(super) fn in_name(character: char) -> Option<char> {
    if " .,'-".contains(character) { Some(character) } else { capital(character) }
}

pub(super) fn in_place(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        _ if " .'-/()".contains(character) => Some(character),
        _ => capital(character),
    }
}

pub(super) fn in_address(character: char) -> Option<char> {
    if ",&:".contains(character) { Some(character) } else { in_place(character) }
}

/// Letters and digits, for values that hold both.
pub(super) fn in_print(character: char) -> Option<char> {
    if character == ',' { Some(character) } else { in_place(character) }
}

pub(super) fn in_numbers(character: char) -> Option<char> {
    if "/ -.".contains(character) { Some(character) } else { digit(character) }
}

pub(super) fn in_blood_type(character: char) -> Option<char> {
    match character {
        '0' | 'o' | 'Q' | 'D' => Some('O'),
        '8' => Some('B'),
        'a' | 'b' => Some(character.to_ascii_uppercase()),
        _ => "ABO-+".contains(character).then_some(character),
    }
}

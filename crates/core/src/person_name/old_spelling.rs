//! The spelling of before 1972 (van Ophuijsen, Soewandi) in today's letters. Also part of the build script.

/// A word with OE, DJ, TJ, NJ, SJ and CH written as U, J, C, NY, SY and KH.
///
/// The word is in capitals. The old J, today's Y, is left alone: it cannot be told from today's J.
pub fn modern(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    let mut rest = word.chars().peekable();
    while let Some(letter) = rest.next() {
        let today = match (letter, rest.peek()) {
            ('O', Some('E')) => "U",
            ('D', Some('J')) => "J",
            ('T', Some('J')) => "C",
            ('N', Some('J')) => "NY",
            ('S', Some('J')) => "SY",
            ('C', Some('H')) => "KH",
            _ => {
                out.push(letter);
                continue;
            }
        };
        rest.next();
        out.push_str(today);
    }
    out
}

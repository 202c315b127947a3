//! User codes (RFC 8628 §6.1): what a person types to tell a browser which device they mean.

use std::fmt;

/// The letters of a user code: no vowels, so that no words come about, and none that is taken for another.
pub const ALPHABET: &str = "BCDFGHJKLMNPQRSTVWXZ";

/// How many letters a user code has.
pub const LENGTH: usize = 8;

/// The query parameter that carries a user code.
pub const PARAMETER: &str = "user_code";

/// A user code: eight letters of [`ALPHABET`], shown as `BCDF-GHJK`. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// Reads what a person may have typed: in any case, with dashes and white space anywhere. `None` when it is anything
    /// but eight letters of the alphabet.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Nothing that a person types is longer, and nobody should make the server read more.
        if text.len() > 64 || text.chars().any(|character| letter(character).is_none() && !is_separator(character)) {
            return None;
        }
        let letters: String = text.chars().filter_map(letter).collect();
        (letters.len() == LENGTH).then_some(Self(letters))
    }

    /// The eight letters.
    #[must_use]
    pub fn letters(&self) -> &str {
        &self.0
    }

    /// As people see it: `BCDF-GHJK`.
    #[must_use]
    pub fn shown(&self) -> String {
        grouped(&self.0)
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode([redacted])")
    }
}

/// What a field shows while a code is typed or pasted: letters of the alphabet in upper case, at most eight, with the dash
/// once there are more than four; everything else falls away. The code of a pasted link is found by [`PARAMETER`].
#[must_use]
pub fn typed(text: &str) -> String {
    let code = match text.split_once("user_code=") {
        Some((_, rest)) => rest.split(['&', '#']).next().unwrap_or_default(),
        None => text,
    };
    let letters: String = code.chars().filter_map(letter).take(LENGTH).collect();
    grouped(&letters)
}

fn grouped(letters: &str) -> String {
    match letters.split_at_checked(LENGTH / 2) {
        Some((first, second)) if !second.is_empty() => format!("{first}-{second}"),
        _ => letters.to_owned(),
    }
}

fn letter(character: char) -> Option<char> {
    let upper = character.to_ascii_uppercase();
    ALPHABET.contains(upper).then_some(upper)
}

/// White space and the dashes that keyboards and word processors make of a `-`.
fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_however_it_was_typed() {
        for text in ["BCDFGHJK", "bcdf-ghjk", " bcdf ghjk ", "B-C-D-F-G-H-J-K", "bcdf\u{2013}ghjk", "bcdf\u{a0}ghjk\n"]
        {
            let code = UserCode::parse(text).unwrap_or_else(|| panic!("{text:?} is refused"));
            assert_eq!((code.letters(), code.shown().as_str()), ("BCDFGHJK", "BCDF-GHJK"));
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        let long = format!("BCDFGHJK{}", " ".repeat(60));
        for text in ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF_GHJK", "BCDF-GHJ1", "ＢCDFGHJK", long.as_str()] {
            assert!(UserCode::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_field_keeps_what_belongs_into_a_code() {
        for (text, shown) in [
            ("", ""),
            ("bcd", "BCD"),
            ("bcdf", "BCDF"),
            ("bcdf-", "BCDF"),
            ("bcdfg", "BCDF-G"),
            ("bcdf ghjk extra", "BCDF-GHJK"),
            ("https://login.example.org/device?user_code=BCDF-GHJK&x=1", "BCDF-GHJK"),
        ] {
            assert_eq!(typed(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_code_is_not_printed() {
        assert_eq!(format!("{:?}", UserCode::parse("BCDFGHJK")), "Some(UserCode([redacted]))");
    }
}

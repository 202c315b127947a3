//! User codes (RFC 8628 §6.1): the code that a user types to identify a device.

use std::fmt;

use crate::typed::{is_separator, narrow};

/// The letters of a user code: no vowels, so that it contains no words, and no letters that look alike.
pub const ALPHABET: &str = "BCDFGHJKLMNPQRSTVWXZ";

/// The number of letters of a user code.
pub const LENGTH: usize = 8;

/// The maximum length of a parsed text, in bytes: room for a link with a code.
const LONGEST: usize = 512;

/// The query parameter for a user code.
pub const PARAMETER: &str = "user_code";

/// A user code: eight letters of [`ALPHABET`], displayed as `BCDF-GHJK`. `Debug` redacts it.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// Parses a code that a user typed or pasted: in any case and width, with hyphens and white space anywhere, and
    /// with words or a link around it. `None` if it does not have exactly eight letters of the alphabet.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Bounds the work for untrusted input.
        if text.len() > LONGEST {
            return None;
        }
        let text = &pasted(text);
        if text.chars().any(|character| letter(character).is_none() && !is_separator(character)) {
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

    /// As displayed: `BCDF-GHJK`.
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

/// Normalizes a field's text while the user types or pastes: letters of the alphabet in upper case, at most eight, with
/// the hyphen if there are more than four. Other characters are dropped.
#[must_use]
pub fn typed(text: &str) -> String {
    let letters: String = pasted(text).chars().filter_map(letter).take(LENGTH).collect();
    grouped(&letters)
}

/// The first half of a displayed code.
#[must_use]
pub fn first_half(shown: &str) -> &str {
    shown.get(..LENGTH / 2).unwrap_or(shown)
}

/// The part of a text with the code: the value of [`PARAMETER`] in a link, else a word that is a whole code, else the
/// text after a colon, else the whole text. In narrow characters.
fn pasted(text: &str) -> String {
    let text: String = text.chars().map(narrow).collect();
    if let Some((_, rest)) = text.split_once("user_code=") {
        return rest
            .split(|end: char| matches!(end, '&' | '#' | '>' | '"') || end.is_whitespace())
            .next()
            .unwrap_or_default()
            .to_owned();
    }
    let inside = |character: char| {
        character.is_ascii_alphanumeric() || (is_separator(character) && !character.is_whitespace() && character != '.')
    };
    let is_whole = |word: &&str| {
        let letters = word.chars().filter(|character| !is_separator(*character));
        word.chars().all(|character| is_separator(character) || letter(character).is_some())
            && letters.count() == LENGTH
    };
    let mut words = text.split(|character: char| !inside(character));
    if let Some(word) = words.find(is_whole) {
        return word.to_owned();
    }
    text.rsplit(':').next().unwrap_or_default().to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_parsed_in_any_format() {
        for text in [
            "BCDFGHJK",
            "bcdf-ghjk",
            " bcdf ghjk ",
            "B-C-D-F-G-H-J-K",
            "bcdf\u{2013}ghjk",
            "bcdf\u{a0}ghjk\n",
            "ＢＣＤＦ－ＧＨＪＫ",
            "\u{feff}BCDF-GHJK",
            "Code: BCDF-GHJK",
            "Code: BCDF GHJK",
            "Your code is bcdf-ghjk.",
            "Code：ＢＣＤＦ－ＧＨＪＫ",
            "https://login.example.org/device?user_code=BCDF-GHJK&x=1",
            "Open <https://login.example.org/device?user_code=BCDF-GHJK> now",
        ] {
            let code = UserCode::parse(text).unwrap_or_else(|| panic!("{text:?} is refused"));
            assert_eq!((code.letters(), code.shown().as_str()), ("BCDFGHJK", "BCDF-GHJK"));
        }
    }

    #[test]
    fn other_texts_are_no_codes() {
        let long = format!("BCDFGHJK{}", " ".repeat(600));
        for text in ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF_GHJK", "BCDF-GHJ1", "Code: BCDF", long.as_str()] {
            assert!(UserCode::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn half_a_code_is_incomplete() {
        for (shown, half) in [("BCDF-GHJK", "BCDF"), ("BCDF", "BCDF"), ("BC", "BC"), ("", "")] {
            assert_eq!(first_half(shown), half);
            assert!(UserCode::parse(half).is_none());
        }
    }

    #[test]
    fn a_field_keeps_only_letters_of_a_code() {
        for (text, shown) in [
            ("", ""),
            ("bcd", "BCD"),
            ("bcdf", "BCDF"),
            ("bcdf-", "BCDF"),
            ("bcdfg", "BCDF-G"),
            ("bcdf ghjk extra", "BCDF-GHJK"),
            ("https://login.example.org/device?user_code=BCDF-GHJK&x=1", "BCDF-GHJK"),
            ("Code: TQFX-WXGZ", "TQFX-WXGZ"),
            ("Code: TQFX WXGZ", "TQFX-WXGZ"),
            ("ｔｑｆｘ", "TQFX"),
        ] {
            assert_eq!(typed(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_code_is_not_printed() {
        assert_eq!(format!("{:?}", UserCode::parse("BCDFGHJK")), "Some(UserCode([redacted]))");
    }
}

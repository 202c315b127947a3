//! Text that people type or paste, as it is read: a keyboard of East Asia types full-width letters and digits, and what is
//! pasted brings its surroundings along.

/// How many digits a one-time code has.
pub const DIGITS: usize = 6;

/// A character of ASCII for its full-width form (U+FF01 to U+FF5E), and a space for the ideographic one; any other as it
/// is. This is the part of Unicode's compatibility mapping that matters for codes.
#[must_use]
pub fn narrow(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(character).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(character)
        }
        _ => character,
    }
}

/// What people, apps and word processors put between the characters of a code, and what can't be seen.
#[must_use]
pub fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '.' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2060}'
            | '\u{2212}' | '\u{feff}')
}

/// A one-time or recovery code without its label, such as `Code:`, and without what stands between its characters.
#[must_use]
pub fn code(text: &str) -> String {
    let narrow: String = text.chars().map(narrow).collect();
    compact(narrow.rsplit(':').next().unwrap_or_default())
}

/// The one-time code in a text, such as `G-123456`, if it has one and no other digits.
#[must_use]
pub fn one_time_code(text: &str) -> Option<String> {
    let narrow: String = text.chars().map(narrow).collect();
    let parts = narrow.split(|character: char| !character.is_ascii_digit() && !is_separator(character));
    let mut numbers = parts.map(compact).filter(|part| !part.is_empty());
    let first = numbers.next().filter(|number| is_one_time_code(number));
    if numbers.next().is_some() { None } else { first }
}

fn compact(text: &str) -> String {
    text.chars().filter(|character| !is_separator(*character)).collect()
}

fn is_one_time_code(code: &str) -> bool {
    code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        for text in ["123456", " 123 456\u{a0}", "123-456", "123\u{2013}456", "１２３４５６", "\u{feff}１２３　４５６"]
        {
            assert_eq!(code(text), "123456", "{text:?}");
        }
        assert_eq!(code("Recovery code: abcd-efgh"), "abcdefgh");
    }

    #[test]
    fn a_one_time_code_is_found_beside_its_label() {
        for text in ["123 456", "Code: 123456", "G-123456", "Your code is １２３-４５６.", "123456 is your code"]
        {
            assert_eq!(one_time_code(text).as_deref(), Some("123456"), "{text:?}");
        }
        for text in
            ["", "12a", "１２３４５", "١٢٣٤٥٦", "code", "12345", "1234567", "123456 or 654321", "2 of 3: 123456"]
        {
            assert_eq!(one_time_code(text), None, "{text:?}");
        }
    }
}

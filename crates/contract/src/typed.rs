//! Parsing of codes that users type or paste: digits of other scripts, full-width letters, and text around a pasted
//! code.

/// The number of digits of a verification code.
pub const DIGITS: usize = 6;

/// The zeros of the decimal digits of Unicode 14 (general category Nd) beside ASCII's. The other nine follow each.
const ZEROS: [char; 65] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
    '\u{1fbf0}',
];

/// The ASCII equivalent of a full-width form (U+FF01 to U+FF5E), of a decimal digit of any script, and of the
/// ideographic space; any other character as it is.
#[must_use]
pub fn narrow(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            u32::from(character).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(character)
        }
        _ => digit(character).unwrap_or(character),
    }
}

/// The ASCII digit for a digit of another script.
fn digit(character: char) -> Option<char> {
    let zero = ZEROS.partition_point(|zero| *zero <= character).checked_sub(1).and_then(|place| ZEROS.get(place))?;
    char::from_digit(u32::from(character).checked_sub(u32::from(*zero))?, 10)
}

/// Whether a character separates the groups of a code, or is invisible.
#[must_use]
pub fn is_separator(character: char) -> bool {
    is_blank(character) || matches!(character, '-' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a character is a space or invisible.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// A verification or recovery code without a label, such as `Code:`, and without separators.
#[must_use]
pub fn code(text: &str) -> String {
    let narrow: String = text.chars().map(narrow).collect();
    compact(narrow.rsplit(':').next().unwrap_or_default())
}

/// A token that was pasted from a terminal or a message, without a label, spaces and invisible characters. Dashes are
/// part of tokens (RFC 4648 §5).
#[must_use]
pub fn token(text: &str) -> String {
    let seen = text.chars().map(narrow).filter(|character| !is_blank(*character)).collect::<String>();
    seen.rsplit(':').next().unwrap_or_default().to_owned()
}

/// The verification code in a text, such as `G-123456`, if the text contains no other digits.
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
    fn codes_are_parsed_in_any_format() {
        for text in [
            "123456",
            " 123 456\u{a0}",
            "123-456",
            "123\u{2013}456",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३४५६",
            "１２３４５６",
            "\u{feff}１２３　４５６",
        ] {
            assert_eq!(code(text), "123456", "{text:?}");
        }
        assert_eq!(code("Recovery code: abcd-efgh"), "abcdefgh");
    }

    #[test]
    fn a_token_is_read_however_it_was_pasted() {
        for text in [
            "aB-_9z",
            " aB-_9z\n",
            "\u{feff}aB-_9z",
            "aB-\u{200b}_9z\u{2060}",
            "aB-\n_9z\u{a0}",
            "Token: aB-_9z",
            "ａＢ－＿９ｚ",
        ] {
            assert_eq!(token(text), "aB-_9z", "{text:?}");
        }
        assert_eq!(token("a.b+c"), "a.b+c", "what is no character of a token stays, and is refused");
    }

    #[test]
    fn a_verification_code_is_found_beside_its_label() {
        for text in ["123 456", "Code: 123456", "G-123456", "Your code is １２３-４５６.", "123456 is your code"]
        {
            assert_eq!(one_time_code(text).as_deref(), Some("123456"), "{text:?}");
        }
        for zero in ZEROS {
            let digit = |digit: u32| char::from_u32(u32::from(zero) + digit).expect("is a digit");
            let typed: String = (4..10).map(digit).collect();
            assert_eq!(one_time_code(&typed).as_deref(), Some("456789"), "{typed}");
        }
        for text in ["", "12a", "１２３４５", "١٢٣٤٥", "code", "12345", "1234567", "123456 or 654321", "2 of 3: 123456"]
        {
            assert_eq!(one_time_code(text), None, "{text:?}");
        }
    }
}

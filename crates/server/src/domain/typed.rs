//! Text that people type, as it is compared. The same characters reach a server in several ways: a letter with its accent as
//! one character or as two, full-width or not. Whatever surface, page or command they are typed into, they are read here.

use unicode_normalization::UnicodeNormalization as _;

use super::text::is_invisible;

/// A password as it is hashed: `OpaqueString` of RFC 8265 §4.2, so every space is a plain one, and characters are composed.
/// Nothing is taken away, and case counts.
#[must_use]
pub fn password(text: &str) -> String {
    let space = |character: char| if is_other_space(character) { ' ' } else { character };
    text.chars().map(space).nfc().collect()
}

/// A text with one character for all that are compatible (NFKC), such as full-width letters and plain ones.
#[must_use]
pub fn compatible(text: &str) -> String {
    text.nfkc().collect()
}

/// A name as it is kept: without white space around it, with compatible characters as one: what RFC 8265 §3.4 calls
/// `UsernameCasePreserved`, where case is kept.
#[must_use]
pub fn name(text: &str) -> String {
    compatible(text.trim()).trim().to_owned()
}

/// A name as it is compared: `UsernameCaseMapped` of RFC 8265 §3.3, without what is drawn as nothing, which comes along when
/// a name is copied. A control character is an error that stays one.
#[must_use]
pub fn name_key(text: &str) -> String {
    let is_seen = |character: &char| character.is_control() || !is_invisible(*character);
    let visible: String = text.chars().filter(is_seen).collect();
    compatible(&name(&visible).to_lowercase())
}

/// Whether a name may have this character somewhere: beyond ASCII, which is judged by the contract, these are letters, digits
/// and the marks on them, if they can be seen.
#[must_use]
pub fn is_in_names(character: char) -> bool {
    character.is_ascii() || ((character.is_alphanumeric() || is_mark(character)) && !is_invisible(character))
}

/// Whether it stands on the character before.
#[must_use]
pub fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// Spaces beyond ASCII (Unicode's `Zs`).
const fn is_other_space(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_composed_or_not() {
        assert_eq!(password("pass\u{e9} de mer"), password("passe\u{301} de mer"));
        assert_eq!(password("a\u{a0}b\u{3000}c"), "a b c");
        // Nothing else changes: not case, not width, not what stands at its ends.
        for text in [" Correct horse ", "\u{ff11}\u{ff12}", "\u{fb01}sh", "plain"] {
            assert_eq!(password(text), text);
        }
    }

    #[test]
    fn a_name_is_the_same_in_every_width_and_composition() {
        assert_eq!(name_key(" Ｒene\u{301} "), name_key("ren\u{e9}"));
        assert_eq!(name("Ｒene\u{301}"), "Ren\u{e9}");
        assert_ne!(name_key("rene"), name_key("ren\u{e9}"));
        assert_eq!(name_key("\u{feff}ada\u{200b}"), "ada");
        assert_ne!(name_key("ada\0"), "ada");
    }
}

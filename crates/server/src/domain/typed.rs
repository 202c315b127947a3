//! Normalizing text that users type, for comparison. The same characters can be entered in several ways: an
//! accented letter as one character or two, full-width or not. All surfaces, pages and commands use this module.

use unicode_normalization::UnicodeNormalization as _;

use super::text::is_invisible;

/// Normalizes a password before hashing: `OpaqueString` of RFC 8265 §4.2, so every space becomes an ASCII space,
/// and characters are composed. Nothing is removed, and case matters.
#[must_use]
pub fn password(text: &str) -> String {
    let space = |character: char| if is_other_space(character) { ' ' } else { character };
    text.chars().map(space).nfc().collect()
}

/// Replaces compatible characters by one form (NFKC), such as full-width letters by ordinary ones.
#[must_use]
pub fn compatible(text: &str) -> String {
    text.nfkc().collect()
}

/// Normalizes a name for storage: trimmed, with compatible characters unified, preserving case
/// (`UsernameCasePreserved` of RFC 8265 §3.4).
#[must_use]
pub fn name(text: &str) -> String {
    compatible(text.trim()).trim().to_owned()
}

/// Normalizes a name for comparison: `UsernameCaseMapped` of RFC 8265 §3.3, without invisible characters, which may
/// be copied along with a name. Control characters are kept, so that they remain an error.
#[must_use]
pub fn name_key(text: &str) -> String {
    let is_seen = |character: &char| character.is_control() || !is_invisible(*character);
    let visible: String = text.chars().filter(is_seen).collect();
    compatible(&name(&visible).to_lowercase())
}

/// Whether a character beyond ASCII may be in a name: visible letters, digits and combining marks. The contract
/// judges ASCII.
#[must_use]
pub fn is_in_names(character: char) -> bool {
    character.is_ascii() || ((character.is_alphanumeric() || is_mark(character)) && !is_invisible(character))
}

/// Whether the character combines with the one before it.
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
        // Nothing else changes: not case, width or surrounding spaces.
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

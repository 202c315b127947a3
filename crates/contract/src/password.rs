//! What may be a password (ASVS 6.2): long enough, not made of what everybody knows. Any character, no rules of
//! composition, nothing cut off.
//!
//! The app checks these while it is typed. The server checks them again, and whether the password is easily guessed.

use crate::words::words;

/// The shortest password that can be allowed at all, in characters.
pub const MIN_EVER: usize = 8;
/// The shortest password unless configured otherwise, in characters.
pub const DEFAULT_MIN: usize = 12;
/// The longest password, in bytes.
pub const MAX_BYTES: usize = 1024;

/// The name of the product, which is no secret.
const PRODUCT: &str = "doorstep";
/// So many letters and digits must be left when names are taken out.
const MIN_OWN: usize = 6;

words! {
    /// What is wrong with a password.
    pub enum Weakness {
        /// Fewer characters than needed.
        TooShort = "too_short",
        /// More than [`MAX_BYTES`].
        TooLong = "too_long",
        /// Made of the person's own name or email, or of the product's name.
        OwnName = "own_name",
        /// Among the first that anybody would guess.
        Common = "common",
        /// The password that was to be replaced.
        Unchanged = "unchanged",
    }
}

/// Checks what can be checked without a dictionary.
///
/// # Errors
/// The first weakness found.
pub fn check(password: &str, min_chars: usize, names: &[&str]) -> Result<(), Weakness> {
    if password.len() > MAX_BYTES {
        Err(Weakness::TooLong)
    } else if password.chars().count() < min_chars {
        Err(Weakness::TooShort)
    } else if is_made_of(password, names) {
        Err(Weakness::OwnName)
    } else {
        Ok(())
    }
}

/// Whether hardly anything is left when the names and their parts are taken out. Compared without regard to the case of
/// ASCII letters; hand in lower case to compare without regard to any.
#[must_use]
pub fn is_made_of(password: &str, names: &[&str]) -> bool {
    let mut rest = password.to_ascii_lowercase();
    let mut parts: Vec<String> = names
        .iter()
        .chain(&[PRODUCT])
        .flat_map(|name| name.split(|character: char| character.is_ascii() && !character.is_ascii_alphanumeric()))
        .filter(|part| part.chars().count() >= 3)
        .map(str::to_ascii_lowercase)
        .collect();
    let before = rest.len();
    // The longest first: what is left of a long name must not hide a short one.
    while let Some(longest) = (0..parts.len()).max_by_key(|index| parts.get(*index).map_or(0, String::len)) {
        rest = rest.replace(&parts.swap_remove(longest), " ");
    }
    let own = rest.chars().filter(|character| character.is_ascii_alphanumeric() || !character.is_ascii()).count();
    rest.len() < before && own < MIN_OWN
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["ada.lovelace", "ada@analytical.example"];

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!(check("12345678901", 12, &[]), Err(Weakness::TooShort));
        assert_eq!(check("密码密码密码密码密码密码", 12, &[]), Ok(()));
        assert_eq!(check(&"x".repeat(1024), 12, &[]), Ok(()));
        assert_eq!(check(&"x".repeat(1025), 12, &[]), Err(Weakness::TooLong));
        assert_eq!(check("            ", 12, &[]), Ok(()));
    }

    #[test]
    fn ones_own_name_is_no_password() {
        for password in ["Ada-Lovelace!!", "lovelace12345", "adaadaadaada", "doorstep-2026", "ANALYTICAL.example"] {
            assert_eq!(check(password, 12, NAMES), Err(Weakness::OwnName), "{password}");
        }
        for password in ["lovelace and seven clouds", "correct horse battery", "armada of boats"] {
            assert_eq!(check(password, 12, NAMES), Ok(()), "{password}");
        }
    }
}

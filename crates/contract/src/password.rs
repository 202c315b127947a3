//! The password policy (ASVS 6.2): a minimum length, and not made of well-known names. Any character, no composition
//! rules, no truncation.
//!
//! The app checks it while the user types. The server checks it again, and also whether the password is easily guessed.

use crate::words::words;

/// The lowest minimum length that can be configured, in characters.
pub const MIN_EVER: usize = 8;
/// The default minimum length, in characters.
pub const DEFAULT_MIN: usize = 12;
/// The maximum length, in bytes.
pub const MAX_BYTES: usize = 1024;

/// The product's name, which is no secret.
pub const PRODUCT: &str = "doorstep";
/// The letters that must remain when names are removed, or twice as many digits: a year or two are no secret.
const MIN_OWN: usize = 6;

words! {
    /// Why a password is refused.
    pub enum Weakness {
        /// Too few characters.
        TooShort = "too_short",
        /// Longer than [`MAX_BYTES`].
        TooLong = "too_long",
        /// Made of the user's own names or email, or of the product's name.
        OwnName = "own_name",
        /// One of the most common passwords.
        Common = "common",
        /// Equal to the password that it replaces.
        Unchanged = "unchanged",
    }
}

/// Checks everything that needs no dictionary.
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

/// A rough estimate of a password's strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// The password is empty.
    None,
    /// It is refused, or nearly.
    Weak,
    /// It is accepted.
    Fair,
    /// It is longer than required.
    Good,
    /// It is long.
    Strong,
}

impl Strength {
    /// Only this many characters are examined: a longer password is strong by then, or it is repetitive.
    const LOOKED_AT: usize = 64;

    /// Counts the characters, equal ones at most twice. `is_refused`: it has a [`Weakness`].
    #[must_use]
    pub fn of(password: &str, is_refused: bool) -> Self {
        let (mut count, mut different) = (0, String::new());
        for character in password.chars().take(Self::LOOKED_AT) {
            count += 1;
            if !different.contains(character) {
                different.push(character);
            }
        }
        match different.chars().count().saturating_mul(2).min(count) {
            0 => Self::None,
            _ if is_refused => Self::Weak,
            1..10 => Self::Weak,
            10..16 => Self::Fair,
            16..20 => Self::Good,
            _ => Self::Strong,
        }
    }
}

/// Whether hardly anything remains when the names and their parts are removed. Compares ASCII letters
/// case-insensitively; pass lower case for others.
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
    // The longest first: the rest of a long name must not hide a short one.
    while let Some(longest) = (0..parts.len()).max_by_key(|index| parts.get(*index).map_or(0, String::len)) {
        rest = rest.replace(&parts.swap_remove(longest), " ");
    }
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let letters = rest.chars().filter(|character| character.is_ascii_alphabetic() || !character.is_ascii()).count();
    rest.len() < before && letters + digits / 2 < MIN_OWN
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
    fn strength_grows_with_the_length() {
        for (password, strength) in [
            ("", Strength::None),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", Strength::Weak),
            ("horse battery", Strength::Fair),
            ("horse battery 77", Strength::Good),
            ("correct horse battery staple", Strength::Strong),
            ("密码一二三四五六七八九十", Strength::Fair),
        ] {
            assert_eq!(Strength::of(password, false), strength, "{password}");
        }
        assert_eq!(Strength::of("correct horse battery staple", true), Strength::Weak);
    }

    #[test]
    fn own_names_are_refused() {
        for password in ["Ada-Lovelace!!", "lovelace12345", "adaadaadaada", "2026-doorstep-2026", "ANALYTICAL.example"]
        {
            assert_eq!(check(password, 12, NAMES), Err(Weakness::OwnName), "{password}");
        }
        for password in ["lovelace and seven clouds", "correct horse battery", "armada of boats"] {
            assert_eq!(check(password, 12, NAMES), Ok(()), "{password}");
        }
    }
}

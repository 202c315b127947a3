//! What may be a user name or an email address. Both sides check: the app while it is typed, the server because it must.
//!
//! Only ASCII is judged here: the tables for the rest of Unicode would be a tenth of the app. The server judges the rest.

/// The longest user name, in characters.
pub const MAX_USERNAME: usize = 64;
/// The longest email address, in bytes (RFC 5321 §4.5.3.1.3).
pub const MAX_EMAIL: usize = 254;

/// Whether this may be a user name: letters and digits of any script, and `. _ -` between them. No `@`, so that no user
/// name can be somebody's email.
#[must_use]
pub fn is_username(text: &str) -> bool {
    let count = text.chars().count();
    (1..=MAX_USERNAME).contains(&count)
        && text.bytes().all(|byte| is_letter(byte) || b"._-".contains(&byte))
        && text.bytes().next().is_some_and(is_letter)
}

/// Whether this may be an email address: something, one `@`, something, no white space. Whether it reaches anybody only
/// a mail can tell.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'@' || !byte.is_ascii();
    text.len() <= MAX_EMAIL
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && local.bytes().chain(domain.bytes()).all(plain)
        })
}

/// An ASCII letter or digit, or part of a character beyond.
const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_words_without_surprises() {
        for name in ["ada", "a", "Ada.Lovelace-1815", "李明", "ada_l", &"x".repeat(64)] {
            assert!(is_username(name), "{name}");
        }
        for name in ["", " ", "ada lovelace", "ada@x", "-ada", ".", "ada/", "a\0b", "<b>", &"x".repeat(65)] {
            assert!(!is_username(name), "{name}");
        }
    }

    #[test]
    fn an_email_has_two_sides() {
        for email in ["ada@example.org", "admin@localhost", "a+b@x.y", "ä@ö.example"] {
            assert!(is_email(email), "{email}");
        }
        for email in ["", "@", "ada", "ada@", "@x", "a@b@c", "a b@c", "a@b\n", &format!("{}@x", "a".repeat(253))] {
            assert!(!is_email(email), "{email}");
        }
    }
}

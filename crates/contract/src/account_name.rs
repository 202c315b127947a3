//! Syntax of usernames and email addresses. The app checks it while the user types, and the server enforces it.
//!
//! Only ASCII is checked here: tables for the rest of Unicode would be a tenth of the app. The server checks the rest.

/// The maximum length of a username, in characters.
pub const MAX_USERNAME: usize = 64;
/// The maximum length of an email address, in bytes (RFC 5321 §4.5.3.1.3).
pub const MAX_EMAIL: usize = 254;
/// The maximum length of its local part, in bytes (RFC 5321 §4.5.3.1.1), and of a host label (RFC 1035 §2.3.4).
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// Whether a text is a valid username: letters and digits of any script, with `. _ -` between them. It has no `@`, so
/// that it can't be another account's email.
#[must_use]
pub fn is_username(text: &str) -> bool {
    let count = text.chars().count();
    (1..=MAX_USERNAME).contains(&count)
        && text.bytes().all(|byte| is_letter(byte) || b"._-".contains(&byte))
        && text.bytes().next().is_some_and(is_letter)
}

/// Whether a text is a valid email address: dot-separated atoms, one `@`, and a host name (RFC 5321 §4.1.2, without
/// quoted strings and address literals). Only a mail can show whether it exists.
#[must_use]
pub fn is_email(text: &str) -> bool {
    text.len() <= MAX_EMAIL
        && text.split_once('@').is_some_and(|(local, domain)| {
            local.len() <= MAX_LOCAL && local.split('.').all(is_atom) && domain.split('.').all(is_label)
        })
}

/// Whether an email address is the placeholder of the first account, which receives no mail.
#[must_use]
pub fn is_placeholder(email: &str) -> bool {
    email.ends_with("@localhost")
}

/// An atom of the local part: `atext` of RFC 5322 §3.2.3, and non-ASCII characters (RFC 6531).
fn is_atom(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| is_letter(byte) || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

/// A label of a host name. A non-ASCII label is longer in its encoded form, whose length only the server can check.
fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && label.bytes().all(|byte| is_letter(byte) || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// An ASCII letter or digit, or a byte of a non-ASCII character.
const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_letters_digits_and_separators() {
        for name in ["ada", "a", "Ada.Lovelace-1815", "李明", "ada_l", &"x".repeat(64)] {
            assert!(is_username(name), "{name}");
        }
        for name in ["", " ", "ada lovelace", "ada@x", "-ada", ".", "ada/", "a\0b", "<b>", &"x".repeat(65)] {
            assert!(!is_username(name), "{name}");
        }
    }

    #[test]
    fn an_email_has_a_local_part_and_a_host() {
        for email in ["ada@example.org", "admin@localhost", "a+b@x.y", "ä@ö.example", "o'neil.a-b_c@x-y.example"] {
            assert!(is_email(email), "{email}");
        }
        for email in [
            "ada@example..org",
            "ada@.example.org",
            "ada@example.org.",
            "ada@-example.org",
            "ada@exa_mple.org",
            "ada@[192.0.2.1]",
            ".ada@example.org",
            "a..b@example.org",
            "a.@example.org",
            "\"a b\"@example.org",
            "<ada>@example.org",
            "ada@example.org,bob@example.org",
        ] {
            assert!(!is_email(email), "{email}");
        }
        for email in ["", "@", "ada", "ada@", "@x", "a@b@c", "a b@c", "a@b\n", &format!("{}@x", "a".repeat(253))] {
            assert!(!is_email(email), "{email}");
        }
    }
}

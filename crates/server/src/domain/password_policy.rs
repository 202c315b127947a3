//! The policy for new passwords: the contract's rules, and resistance to guessing.

use std::iter;

use doorstep_contract::password::{self, Weakness};
use unicode_security::skeleton;

use super::typed;

/// How many characters are estimated: more can't make a password weaker, and estimating takes more than quadratic
/// time. With 72, a password crafted for it takes half a second.
const WEIGHED_CHARS: usize = 32;
/// A password found within this many guesses is common (ASVS 6.2.4 requires at least the 3,000 most common ones).
const COMMON_WITHIN: f64 = 1e6;

/// The password policy of an installation.
#[derive(Debug, Clone, Copy)]
pub struct PasswordPolicy {
    /// The shortest password, in characters.
    pub min_chars: usize,
    /// The public names of the installation: its name and host. They are configured once and live as long as the
    /// program (`Vec::leak`).
    pub names: &'static [String],
}

impl PasswordPolicy {
    /// Checks a new password of a user with these names and emails.
    ///
    /// # Errors
    /// The first weakness found.
    pub fn check(&self, password: &str, names: &[&str]) -> Result<(), Weakness> {
        let password = &typed::password(password);
        let names: Vec<&str> = names.iter().copied().chain(self.names.iter().map(String::as_str)).collect();
        password::check(password, self.min_chars, &names)?;
        // Lookalikes are guessed as easily: in any width, case or script, and with separators. The contract only
        // folds ASCII.
        let lower: Vec<String> = names.iter().map(|name| typed::name_key(name)).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let plain = typed::compatible(password);
        let seen = looks_like(&plain);
        let without_marks: String = seen.chars().filter(|character| character.is_alphanumeric()).collect();
        let readings = [plain, seen, without_marks];
        if readings.iter().any(|reading| password::is_made_of(&reading.to_lowercase(), &lower)) {
            return Err(Weakness::OwnName);
        }
        let known: Vec<&str> = names.iter().flat_map(|name| parts_of(name)).chain([password::PRODUCT]).collect();
        let is_common = |text: &str| {
            let weighed: String = text.chars().take(WEIGHED_CHARS).collect();
            zxcvbn::zxcvbn(&weighed, &known).guesses_log10() < COMMON_WITHIN.log10()
        };
        if readings.iter().any(|reading| is_common(reading)) { Err(Weakness::Common) } else { Ok(()) }
    }
}

/// A name and its words, which a password must not consist of.
fn parts_of(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(|character: char| !character.is_alphanumeric());
    iter::once(name).chain(words).filter(|part| !part.is_empty())
}

/// Replaces letters by the Latin ones that they look like, such as Cyrillic ones (UTS #39).
fn looks_like(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            seen.push(character);
        } else {
            seen.extend(skeleton(character.encode_utf8(&mut [0; 4])));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy { min_chars: 12, names: &[] };

    #[test]
    fn common_passwords_are_refused() {
        for password in [
            "password1234",
            "123456789012",
            "qwertyuiop12",
            "aaaaaaaaaaaa",
            "PasswordPassword",
            "P@ssw0rd1234",
            "            ",
        ] {
            assert_eq!(POLICY.check(password, &[]), Err(Weakness::Common), "{password}");
        }
    }

    #[test]
    fn a_common_password_stays_common_in_letters_that_look_like_it() {
        for password in ["ｐａｓｓｗｏｒｄ１２３４", "𝐢𝐥𝐨𝐯𝐞𝐲𝐨𝐮𝟏𝟐𝟑𝟒", "ｄｏｏｒｓｔｅｐ２０２６"]
        {
            assert!(POLICY.check(password, &[]).is_err(), "{password}");
        }
    }

    #[test]
    fn the_users_name_is_refused_in_any_case_and_script() {
        assert_eq!(POLICY.check("ЛОВЕЛАС-ловелас", &["Ловелас"]), Err(Weakness::OwnName));
    }

    #[test]
    fn the_name_of_the_installation_with_a_year_is_refused() {
        static NAMES: LazyLock<Vec<String>> =
            LazyLock::new(|| vec!["Acme Harbour".to_owned(), "login.acme-harbour.example".to_owned()]);
        let policy = PasswordPolicy { names: &NAMES, ..POLICY };
        for password in ["AcmeHarbour2026", "acme-harbour-26!", "Harbour2026!!!", "login.acme.2026"] {
            assert!(policy.check(password, &[]).is_err(), "{password}");
        }
        assert_eq!(policy.check("seven clouds over the harbour", &[]), Ok(()));
    }

    #[test]
    fn the_name_of_the_product_with_a_year_is_refused_in_any_spelling() {
        for password in [
            "D00rstep2026!",
            "2026doorstep2026",
            "doorstep.2026.11",
            "d o o r s t e p 2026",
            "p\u{430}ssword123456",
            "do\u{43e}rstep-2026",
            "p.a.s.s.w.o.r.d.1.2.3",
        ] {
            assert!(POLICY.check(password, &[]).is_err(), "{password}");
        }
    }

    #[test]
    fn a_long_password_needs_no_special_characters() {
        for password in ["correct horse battery staple", "kirschblüte am kanal", "umbrella-tractor-9", "xkqv mzrt plwn"]
        {
            assert_eq!(POLICY.check(password, &["ada", "ada@example.org"]), Ok(()), "{password}");
        }
    }

    #[test]
    fn only_the_first_characters_are_estimated() {
        let weak = "a".repeat(WEIGHED_CHARS);
        assert_eq!(POLICY.check(&format!("{weak}umbrella-tractor-9"), &[]), Err(Weakness::Common));
    }

    #[test]
    fn estimating_the_longest_password_is_fast() {
        let longest: String =
            (0..1024_u32).map(|n| char::from_u32('!' as u32 + n * n * 7 % 89).unwrap_or('?')).collect();
        assert_eq!(POLICY.check(&longest, &[]), Ok(()));
    }
}

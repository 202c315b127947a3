//! Which new passwords are taken: the contract's rules, and not among the first that anybody would guess.

use doorstep_contract::password::{self, Weakness};

use super::typed;

/// So many characters are weighed: more can't make a password weaker, and weighing takes more than quadratic time. With
/// 72, a password that is made for it takes half a second.
const WEIGHED_CHARS: usize = 32;
/// A password that is found within so many guesses is common (ASVS 6.2.4 asks for the 3,000 most common at least).
const COMMON_WITHIN: f64 = 1e6;

/// The policy of an installation.
#[derive(Debug, Clone, Copy)]
pub struct PasswordPolicy {
    /// The shortest password, in characters.
    pub min_chars: usize,
    /// The names of the installation, which are no secret: what it is called, and its host. They are configured once, and
    /// kept for as long as the program runs.
    pub names: &'static [String],
}

impl PasswordPolicy {
    /// Checks a new password of somebody with these names and emails.
    ///
    /// # Errors
    /// The first weakness found.
    pub fn check(&self, password: &str, names: &[&str]) -> Result<(), Weakness> {
        let password = &typed::password(password);
        let names: Vec<&str> = names.iter().copied().chain(self.names.iter().map(String::as_str)).collect();
        password::check(password, self.min_chars, &names)?;
        // What looks the same is guessed as soon, in whatever width and case. The contract folds ASCII alone.
        let lower: Vec<String> = names.iter().map(|name| typed::name_key(name)).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let plain = typed::compatible(password);
        if password::is_made_of(&plain.to_lowercase(), &lower) {
            return Err(Weakness::OwnName);
        }
        let weighed: String = plain.chars().take(WEIGHED_CHARS).collect();
        let guesses = zxcvbn::zxcvbn(&weighed, &names).guesses_log10();
        if guesses < COMMON_WITHIN.log10() { Err(Weakness::Common) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    const POLICY: PasswordPolicy = PasswordPolicy { min_chars: 12, names: &[] };

    #[test]
    fn what_everybody_guesses_is_refused() {
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
    fn ones_name_is_no_password_in_any_case_of_any_script() {
        assert_eq!(POLICY.check("ЛОВЕЛАС-ловелас", &["Ловелас"]), Err(Weakness::OwnName));
    }

    #[test]
    fn the_name_of_the_installation_with_a_year_is_no_password() {
        static NAMES: LazyLock<Vec<String>> =
            LazyLock::new(|| vec!["Acme Harbour".to_owned(), "login.acme-harbour.example".to_owned()]);
        let policy = PasswordPolicy { names: &NAMES, ..POLICY };
        for password in ["AcmeHarbour2026", "acme-harbour-26!", "Harbour2026!!!", "login.acme.2026"] {
            assert!(policy.check(password, &[]).is_err(), "{password}");
        }
        assert_eq!(policy.check("seven clouds over the harbour", &[]), Ok(()));
    }

    #[test]
    fn length_is_enough() {
        for password in ["correct horse battery staple", "kirschblüte am kanal", "umbrella-tractor-9", "xkqv mzrt plwn"]
        {
            assert_eq!(POLICY.check(password, &["ada", "ada@example.org"]), Ok(()), "{password}");
        }
    }

    #[test]
    fn no_more_is_weighed_than_is_said() {
        let weak = "a".repeat(WEIGHED_CHARS);
        assert_eq!(POLICY.check(&format!("{weak}umbrella-tractor-9"), &[]), Err(Weakness::Common));
    }

    #[test]
    fn the_longest_password_is_weighed_in_no_time() {
        let longest: String =
            (0..1024_u32).map(|n| char::from_u32('!' as u32 + n * n * 7 % 89).unwrap_or('?')).collect();
        assert_eq!(POLICY.check(&longest, &[]), Ok(()));
    }
}

//! Email addresses: what may be one, and in which form it is kept, compared and written to. Pages, APIs, commands, the
//! configuration and mails all ask here; the app asks the contract's part of it while an address is typed.

use doorstep_contract::account_name;
use lettre::Address;

use super::typed;

/// Reads an address as it is kept: in the script that its person uses. `None` when it is none that mails can be sent to.
#[must_use]
pub fn read(text: &str) -> Option<String> {
    let email = typed::name(text);
    let (local, domain) = email.split_once('@')?;
    let fits = account_name::is_email(&email)
        && local.chars().all(typed::is_in_names)
        && idna::domain_to_ascii_strict(domain).is_ok()
        && envelope(&email).is_some();
    fits.then_some(email)
}

/// The address as mail servers know it: the name of its host in the letters of the DNS (RFC 5890).
#[must_use]
pub fn envelope(email: &str) -> Option<Address> {
    let (local, domain) = email.split_once('@')?;
    Address::new(local, idna::domain_to_ascii(domain).ok()?).ok()
}

/// The address as it is compared: without regard to case, and the same whichever way its host is written.
#[must_use]
pub fn key(email: &str) -> String {
    let email = typed::name_key(email);
    let ascii = email.split_once('@').and_then(|(local, domain)| Some((local, idna::domain_to_ascii(domain).ok()?)));
    ascii.map_or_else(|| email.clone(), |(local, domain)| format!("{local}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_any_script_is_written_to_in_the_letters_of_the_dns() {
        assert_eq!(read(" ada@m\u{fc}ller.example ").as_deref(), Some("ada@m\u{fc}ller.example"));
        let envelope = |email| envelope(email).expect("is one").to_string();
        assert_eq!(envelope("ada@m\u{fc}ller.example"), "ada@xn--mller-kva.example");
        assert_eq!(envelope("ada@例え.jp"), "ada@xn--r8jz45g.jp");
        assert_eq!(envelope("admin@localhost"), "admin@localhost");
    }

    #[test]
    fn one_mailbox_has_one_key() {
        for same in [
            "ADA@m\u{fc}ller.example",
            "ada@mu\u{308}ller.example",
            "ada@XN--mller-kva.example",
            "ａｄａ＠müller．example",
        ] {
            assert_eq!(key(same), "ada@xn--mller-kva.example", "{same}");
        }
    }

    #[test]
    fn what_no_mail_can_be_sent_to_is_refused() {
        for text in [
            "ada@example..org",
            "ada",
            "ada@",
            "ada@exa mple.org",
            "ada@-x.example",
            "ada\u{200b}@example.org",
            "\u{3164}@example.org",
            "ada@\u{202e}x.example",
            "ada@xn--a.example",
            "ada@example.org\r\nBcc: eve@example.org",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}

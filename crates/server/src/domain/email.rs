//! Email addresses: validation, and the forms in which they are stored, compared and used for delivery. Pages,
//! APIs, commands, configuration and mails all use this module; the app uses the contract's part of it while an
//! address is typed.

use doorstep_contract::account_name;
use lettre::Address;

use super::typed;

/// Normalizes an address for storage, in the script that the user typed. `None` if it is invalid.
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

/// The address for mail servers: the host in ASCII (RFC 5890).
#[must_use]
pub fn envelope(email: &str) -> Option<Address> {
    let (local, domain) = email.split_once('@')?;
    Address::new(local, idna::domain_to_ascii(domain).ok()?).ok()
}

/// The key by which addresses are compared: ignoring case and the script of the host.
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
    fn the_host_of_an_address_is_delivered_in_ascii() {
        assert_eq!(read(" ada@m\u{fc}ller.example ").as_deref(), Some("ada@m\u{fc}ller.example"));
        let envelope = |email| envelope(email).expect("is valid").to_string();
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
    fn invalid_addresses_are_refused() {
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

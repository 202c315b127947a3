//! `[mail]`, validated: the mail server and the sender.

use lettre::{Address, message::Mailbox};
use url::{Host, Url};

use super::{ConfigError, file};
use crate::post::SmtpUrl;

/// The settings for sending mails.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The mail server; without one, mails are written to the folder `outbox`.
    pub smtp: Option<SmtpUrl>,
    /// The sender, if configured.
    pub from: Option<Mailbox>,
}

pub(super) fn check(file: &file::Mail) -> Result<Mail, ConfigError> {
    let smtp = file.smtp_url.as_ref().map(SmtpUrl::parse).transpose();
    let smtp = smtp.map_err(|problem| ConfigError::Value { name: "mail.smtp_url", problem })?;
    let from = file.from.as_deref().map(str::parse).transpose().map_err(|_| ConfigError::Value {
        name: "mail.from",
        problem: "must be an address, such as Doorstep <doorstep@example.org>".to_owned(),
    })?;
    Ok(Mail { smtp, from })
}

impl Mail {
    /// The sender: the configured one, or the installation's name at the host of the public URL. `None` if that
    /// host can't be part of an address.
    #[must_use]
    pub fn sender(&self, installation: &str, public_url: &Url) -> Option<Mailbox> {
        let host = match public_url.host() {
            Some(Host::Domain(name)) => name,
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => "localhost",
        };
        let made = || Some(Mailbox::new(Some(installation.to_owned()), Address::new("doorstep", host).ok()?));
        self.from.clone().or_else(made)
    }
}

#[cfg(test)]
mod tests {
    use doorstep_contract::secret::Secret;

    use super::*;

    #[test]
    fn the_sender_is_the_configured_one_or_the_installation() {
        let sender = |from: Option<&str>, url: &str| {
            let file = file::Mail { from: from.map(str::to_owned), ..file::Mail::default() };
            check(&file).expect("fits").sender("Acme", &url.parse().expect("is a URL")).expect("is valid").to_string()
        };
        let said = Some("Login <no-reply@example.org>");
        assert_eq!(sender(said, "https://login.example.org"), "Login <no-reply@example.org>");
        assert_eq!(sender(None, "https://login.example.org"), "Acme <doorstep@login.example.org>");
        assert_eq!(sender(None, "http://127.0.0.1:8080"), "Acme <doorstep@localhost>");
        assert_eq!(sender(None, "http://localhost:8080"), "Acme <doorstep@localhost>");
    }

    #[test]
    fn errors_do_not_repeat_the_password() {
        let smtp_url = Some(Secret::new("smtp://u:hunter2@mail.example.org"));
        let error = check(&file::Mail { smtp_url, from: None }).expect_err("is refused").to_string();
        assert!(error.starts_with("mail.smtp_url: ") && !error.contains("hunter2"), "{error}");
        let error = check(&file::Mail { smtp_url: None, from: Some("nobody".to_owned()) }).expect_err("is refused");
        assert!(error.to_string().starts_with("mail.from: "), "{error}");
    }
}

//! Mail servers, by URL.

use std::{fmt, time::Duration};

use doorstep_contract::secret::Secret;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    transport::smtp::{AsyncSmtpTransportBuilder, extension::ClientId},
};
use tokio::time;
use url::Url;

use super::PostError;
use crate::domain::network::is_local;

/// The timeout of an attempt: less than the wait before the next one, so that attempts never overlap.
const PATIENCE: Duration = Duration::from_secs(45);

/// The validated URL of a mail server: `smtps://user:password@host:465`, `smtp://host:587?tls=required`,
/// `smtp://localhost:25`. It may contain a password and is never printed.
#[derive(Clone)]
pub struct SmtpUrl {
    url: Url,
    builder: AsyncSmtpTransportBuilder,
}

impl SmtpUrl {
    /// Parses a URL.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn parse(text: &Secret) -> Result<Self, String> {
        const SHAPE: &str = "must be a URL, such as smtps://user:password@mail.example.org";
        let url = Url::parse(text.reveal()).map_err(|error| format!("{SHAPE}; this is none: {error}"))?;
        let unknown = url.query_pairs().find(|(key, _)| key != "tls");
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host().is_none() || unknown.is_some() {
            return Err(format!("{SHAPE}, or smtp://mail.example.org:587?tls=required"));
        }
        let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        if !matches!(tls.as_deref(), None | Some("required" | "opportunistic")) {
            return Err("`tls` is `required` or `opportunistic`".to_owned());
        }
        let encrypted = url.scheme() == "smtps" || tls.as_deref() == Some("required");
        if url.password().is_some() && !encrypted && !is_local(&url) {
            return Err("the password would cross the network in the clear; set smtps:// or ?tls=required".to_owned());
        }
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).map_err(|error| error.to_string())?;
        Ok(Self { url, builder })
    }

    /// Whether mails to this server may be sent unencrypted over a network.
    #[must_use]
    pub fn is_in_the_clear(&self) -> bool {
        let required = self.url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
        self.url.scheme() == "smtp" && !required && !is_local(&self.url)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl([redacted])")
    }
}

/// A client of a mail server, which connects for each mail.
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// A client of this server. `own_host`: the name for `EHLO`, unless the URL has one.
    #[must_use]
    pub fn new(url: &SmtpUrl, own_host: Option<&str>) -> Self {
        let mut builder = url.builder.clone();
        if let Some(host) = own_host.filter(|_| url.url.path().len() <= 1) {
            builder = builder.hello_name(ClientId::Domain(host.to_owned()));
        }
        Self(builder.build())
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), PostError> {
        match time::timeout(PATIENCE, self.0.send(message)).await {
            Ok(sent) => Ok(sent.map(drop)?),
            Err(_) => Err(PostError::TooSlow),
        }
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_mail_servers() {
        for (url, clear) in [
            ("smtps://u:p@mail.example.org", false),
            ("smtps://u%40x:p%2Fw@mail.example.org:465", false),
            ("smtp://mail.example.org:587?tls=required", false),
            ("smtp://u:p@mail.example.org?tls=required", false),
            ("smtp://mail.example.org", true),
            ("smtp://mail.example.org?tls=opportunistic", true),
            ("smtp://u:p@localhost:2525", false),
            ("smtp://127.0.0.1:2525", false),
        ] {
            assert_eq!(SmtpUrl::parse(&Secret::new(url)).expect(url).is_in_the_clear(), clear, "{url}");
        }
    }

    #[test]
    fn errors_do_not_repeat_the_password() {
        for url in [
            "mail.example.org",
            "https://u:hunter2@mail.example.org",
            "smtp://u:hunter2@mail.example.org",
            "smtp://u:hunter2@mail.example.org?tls=opportunistic",
            "smtps://u:hunter2@mail.example.org?tsl=required",
            "smtp://u:hunter2@mail.example.org?tls=maybe",
            "smtps://u:hunter2@:x",
            "smtps:",
        ] {
            let error = SmtpUrl::parse(&Secret::new(url)).expect_err(url);
            assert!(!error.contains("hunter2"), "{error}");
        }
        let url = SmtpUrl::parse(&Secret::new("smtps://u:hunter2@mail.example.org")).expect("is valid");
        assert!(!format!("{url:?} {:?}", Smtp::new(&url, None)).contains("hunter2"));
    }
}

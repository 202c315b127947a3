//! A letter: the content of a mail in parts. This file renders it as text, `look.rs` as HTML, with the same
//! content.

use doorstep_locales::{Language, fill, mail};
use url::Url;

use crate::domain::accent::Accent;

/// The line above the footer: mail programs show what follows as the signature, and leave it out of a reply (RFC 3676
/// §4.3).
const SIGNATURE: &str = "-- ";

/// What all letters of an installation share.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    /// The installation's name.
    pub installation: &'a str,
    /// The public URL, the only origin that links lead to.
    pub public_url: &'a Url,
    /// The accent colour.
    pub accent: Accent,
    /// The URL of the support page, absolute; may be a `mailto:`.
    pub support: Option<&'a str>,
}

/// The content of a mail.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The sender's letterhead.
    pub head: Letterhead<'a>,
    /// The language.
    pub language: Language,
    /// The subject line, also shown as the heading.
    pub subject: String,
    /// The salutation, if there is one.
    pub greeting: Option<String>,
    /// The main text. Mail programs preview it in lists.
    pub text: String,
    /// Further parts, in order.
    pub parts: Vec<Part>,
    /// Why the recipient gets this mail.
    pub reason: String,
}

/// A part of a [`Letter`].
#[derive(Debug)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// Names and values, as a table.
    Facts(Vec<Fact>),
    /// A link.
    Button {
        /// The label: a verb and an object.
        label: &'static str,
        /// The target.
        url: Url,
    },
}

/// A name and its value.
pub type Fact = (&'static str, String);

impl Letterhead<'_> {
    /// The public origin, as displayed.
    pub(super) fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// The support address, as displayed: a mail address without its scheme.
    pub(super) fn shown_support(&self) -> Option<&str> {
        self.support.map(|support| support.strip_prefix("mailto:").unwrap_or(support))
    }
}

impl Letter<'_> {
    /// Renders the letter as text.
    pub(super) fn text(&self) -> String {
        let mut paragraphs: Vec<String> = self.greeting.iter().chain([&self.text]).cloned().collect();
        paragraphs.extend(self.parts.iter().map(|part| part.text(self.language)));
        paragraphs.push([SIGNATURE, &self.reason].join("\n"));
        let footer = [
            Some((self.head.installation, self.head.origin())),
            self.head.shown_support().map(|support| (self.word(mail::letter::SUPPORT), support.to_owned())),
        ];
        let footer: Vec<String> =
            footer.into_iter().flatten().map(|(name, value)| line(self.language, name, &value)).collect();
        [paragraphs.join("\n\n"), footer.join("\n"), String::new()].join("\n")
    }

    pub(super) fn word(&self, word: doorstep_locales::MailWord) -> &'static str {
        self.language.mail_word(word)
    }
}

impl Part {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Facts(facts) => {
                let lines: Vec<String> = facts.iter().map(|(name, value)| line(language, name, value)).collect();
                lines.join("\n")
            }
            Self::Button { label, url } => [label, url.as_str()].join("\n"),
        }
    }
}

/// Renders a fact as one line.
fn line(language: Language, name: &str, value: &str) -> String {
    fill(&fill(language.mail_word(mail::letter::FACT), "name", name), "value", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        let letter = Letter {
            head: Letterhead {
                installation: "<u>Acme</u>",
                public_url: &"https://x.org".parse().expect("is a URL"),
                accent: Accent::of(None),
                support: Some("mailto:it@x.org?subject=\"<s>"),
            },
            language: Language::En,
            subject: "<b>".to_owned(),
            greeting: Some("Hello <em>".to_owned()),
            text: "<i>x</i> & y".to_owned(),
            parts: vec![
                Part::Facts(vec![("When", "<now>".to_owned()), ("Address", "::1".to_owned())]),
                Part::Button { label: "Go", url: "https://x.org/account#a=\"b&c".parse().expect("is a URL") },
            ],
            reason: "Because <b>".to_owned(),
        };
        let mail = letter.to("ada@example.org");
        assert_eq!(
            mail.text,
            "Hello <em>\n\n<i>x</i> & y\n\nWhen: <now>\nAddress: ::1\n\nGo\nhttps://x.org/account#a=%22b&c\n\n\
             -- \nBecause <b>\n<u>Acme</u>: https://x.org\nSupport: it@x.org?subject=\"<s>\n"
        );
        assert!(mail.html.contains("&lt;i&gt;x&lt;/i&gt; &amp; y"), "{}", mail.html);
        for markup in ["<u>", "<b>", "<em>", "<i>", "<now>", "<s>"] {
            assert!(!mail.html.contains(markup), "{markup}: {}", mail.html);
        }
    }
}

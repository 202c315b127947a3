//! A letter: plain paragraphs, once as text and once as HTML. No pictures, no styles, nothing that is fetched from
//! anywhere: opening it tells nobody anything.

use doorstep_locales::{Language, fill, mail};
use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::Mail;

/// What a mail says.
pub struct Letter {
    /// The language that it is in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// What it says, in order.
    pub paragraphs: Vec<Paragraph>,
}

/// A part of a [`Letter`].
pub enum Paragraph {
    /// Sentences.
    Text(String),
    /// Lines with a name and a value.
    Facts(Vec<(&'static str, String)>),
    /// A link that shows where it leads.
    Link(Url),
}

impl Letter {
    /// The letter to an address.
    #[must_use]
    pub fn to(&self, address: &str) -> Mail {
        Mail {
            to: address.to_owned(),
            subject: self.subject.clone(),
            text: self.text(),
            html: self.html().into_string(),
        }
    }

    fn text(&self) -> String {
        let paragraphs: Vec<String> = self.paragraphs.iter().map(|part| part.text(self.language)).collect();
        paragraphs.join("\n\n") + "\n"
    }

    fn html(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) dir=(self.language.direction()) {
                head {
                    meta charset="utf-8";
                    title { (self.subject) }
                }
                body {
                    @for paragraph in &self.paragraphs { (paragraph.html(self.language)) "\n" }
                }
            }
        }
    }
}

impl Paragraph {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Facts(facts) => {
                let lines: Vec<String> = facts.iter().map(|fact| line(language, fact)).collect();
                lines.join("\n")
            }
            Self::Link(url) => url.to_string(),
        }
    }

    fn html(&self, language: Language) -> Markup {
        match self {
            Self::Text(text) => html! { p { (text) } },
            Self::Facts(facts) => html! {
                p {
                    @for fact in facts { (line(language, fact)) br; }
                }
            },
            Self::Link(url) => html! { p { a href=(url) { (url) } } },
        }
    }
}

/// A fact as one line.
fn line(language: Language, (name, value): &(&str, String)) -> String {
    fill(&fill(language.mail_word(mail::letter::FACT), "name", name), "value", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_call_themselves_is_text_and_never_markup() {
        let letter = Letter {
            language: Language::En,
            subject: "<b>".to_owned(),
            paragraphs: vec![
                Paragraph::Text("<i>x</i> & y".to_owned()),
                Paragraph::Facts(vec![("When", "<now>".to_owned()), ("Address", "::1".to_owned())]),
                Paragraph::Link("https://x.org/account#a=\"b&c".parse().expect("is a URL")),
            ],
        };
        let mail = letter.to("ada@example.org");
        assert_eq!(mail.text, "<i>x</i> & y\n\nWhen: <now>\nAddress: ::1\n\nhttps://x.org/account#a=%22b&c\n");
        assert!(mail.html.contains("<p>&lt;i&gt;x&lt;/i&gt; &amp; y</p>"), "{}", mail.html);
        assert!(!mail.html.contains("<b>") && !mail.html.contains("<now>"), "{}", mail.html);
    }
}

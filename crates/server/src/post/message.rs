//! Composing mails (RFC 5322, MIME).

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::PostError;
use crate::domain::{email, id::Id, mail::Mail};

/// Asks for no automatic replies (RFC 3834 §5).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

pub(super) fn compose(from: &Mailbox, id: &Id, mail: &Mail, written_at: Timestamp) -> Result<Message, PostError> {
    let unsendable = |error: &dyn std::fmt::Display| PostError::Unsendable(error.to_string());
    let to = email::envelope(&mail.to).ok_or_else(|| unsendable(&"its recipient has no address"))?;
    let sender = email::envelope(from.email.as_ref()).ok_or_else(|| unsendable(&"its sender has no address"))?;
    let parts = MultiPart::alternative()
        // Random enough not to occur in the text, and the same for each attempt.
        .boundary(id.as_str())
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text)?)
        .singlepart(part(ContentType::TEXT_HTML, &mail.html)?);
    Message::builder()
        .from(Mailbox::new(from.name.clone(), sender))
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(SystemTime::from(written_at))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
        .multipart(parts)
        .map_err(|error| unsendable(&error))
}

/// Encodes a part: as it is if it is ASCII with short lines, else quoted-printable, so that both stay readable in a
/// file.
fn part(kind: ContentType, text: &str) -> Result<SinglePart, PostError> {
    let encode = |encoding| Body::new_with_encoding(text.to_owned(), encoding);
    let body = encode(ContentTransferEncoding::SevenBit)
        .or_else(|_| encode(ContentTransferEncoding::QuotedPrintable))
        .map_err(|_| PostError::Unsendable("its text can't be encoded".to_owned()))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(mail: &Mail) -> String {
        let from = "Doorstep <doorstep@login.example.org>".parse().expect("is an address");
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let at = "2026-01-01T12:00:00Z".parse().expect("is a time");
        String::from_utf8(compose(&from, &id, mail, at).expect("is created").formatted()).expect("is text")
    }

    fn mail(subject: &str, text: &str) -> Mail {
        Mail {
            to: "ada@example.org".to_owned(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: "<p>x</p>".to_owned(),
        }
    }

    #[test]
    fn a_mail_is_readable_in_its_file_and_never_base64() {
        let text = composed(&mail("Hello", "one\ntwo\n"));
        for line in [
            "From: Doorstep <doorstep@login.example.org>",
            "To: ada@example.org",
            "Subject: Hello",
            "Date: Thu, 01 Jan 2026 12:00:00 +0000",
            "Message-ID: <01932f5e-7c1a-7000-8000-0123456789ab@login.example.org>",
            "Auto-Submitted: auto-generated",
            "Content-Transfer-Encoding: 7bit",
            "one",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
        let text = composed(&mail("你好", &format!("密码 {}\n", "x".repeat(2000))));
        assert!(text.contains("quoted-printable") && text.contains("=E5=AF=86=E7=A0=81"), "{text}");
        assert!(!text.contains("Content-Transfer-Encoding: base64"), "{text}");
        assert!(text.lines().all(|line| line.len() < 998 && line.is_ascii()), "{text}");
    }

    #[test]
    fn a_host_beyond_ascii_is_encoded_in_ascii() {
        let mut foreign = mail("Hello", "x");
        foreign.to = "ada@m\u{fc}ller.example".to_owned();
        let from = "Doorstep <doorstep@l\u{f6}gin.example>".parse().expect("is an address");
        let id = Id::stored("01932f5e-7c1a-7000-8000-0123456789ab".to_owned());
        let message = compose(&from, &id, &foreign, Timestamp::UNIX_EPOCH).expect("is created");
        let (to, from) = (message.envelope().to(), message.envelope().from());
        assert_eq!(to.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ada@xn--mller-kva.example"]);
        assert_eq!(from.map(ToString::to_string).as_deref(), Some("doorstep@xn--lgin-5qa.example"));
        assert!(message.formatted().is_ascii());
    }

    #[test]
    fn text_can_not_inject_headers() {
        let text = composed(&mail("Hello\r\nBcc: eve@example.org", "x"));
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
        let mut forged = mail("Hello", "x");
        forged.to = "ada@example.org\r\nBcc: eve@example.org".to_owned();
        let from = "doorstep@localhost".parse().expect("is an address");
        let id = Id::stored("x".to_owned());
        assert!(compose(&from, &id, &forged, Timestamp::UNIX_EPOCH).is_err());
    }
}

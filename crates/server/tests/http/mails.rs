//! The mails that a server sent: `let mails = server.mails().await;`.

use std::fs;

use doorstep_locales::{Language, mail::new_browser};
use doorstep_server::post::{Outbox, Post};

use crate::support::Server;

/// A sent mail, decoded.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    /// The encoded subject: ASCII, or encoded words.
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The whole file.
    pub(crate) raw: String,
}

impl Server {
    /// Writes mails into a folder.
    pub(crate) fn post(&self) -> Post {
        Post::outbox("Doorstep <doorstep@localhost>".parse().expect("is an address"), Outbox::new(self.outbox()))
    }

    /// As [`mails`](Self::mails), without the mails about sign-ins from new browsers.
    pub(crate) async fn other_mails(&self) -> Vec<Mail> {
        let mut mails = self.mails().await;
        let is_of_new_browser = |mail: &Mail| {
            let begins = |language: &Language| language.mail_word(new_browser::TEXT).split('{').next();
            Language::ALL.iter().filter_map(begins).any(|begins| mail.text.contains(begins))
        };
        mails.retain(|mail| !is_of_new_browser(mail));
        mails
    }

    /// Delivers queued mails and removes all from the folder, oldest first. Requests that wait for room in the
    /// queue are processed in further rounds, as while the server runs.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        let post = self.post();
        loop {
            self.service.account().process_password_requests().await;
            let mut is_idle = true;
            while self.service.mails().deliver_next(&post).await {
                is_idle = false;
            }
            if is_idle {
                break;
            }
        }
        let Ok(files) = fs::read_dir(self.outbox()) else { return Vec::new() };
        let mut paths: Vec<_> = files.map(|file| file.expect("is read").path()).collect();
        paths.sort();
        let take = |path| {
            let raw = fs::read_to_string(&path).expect("is text");
            fs::remove_file(&path).expect("is removed");
            Mail::read(&raw)
        };
        paths.into_iter().map(take).collect()
    }
}

impl Mail {
    fn read(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, body) = raw.split_once("\n\n").expect("has a head");
        let field = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
        };
        let boundary = head.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("has parts");
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        let [_, text, html, end] = parts.as_slice() else { panic!("not two parts: {raw}") };
        assert_eq!(*end, "--\n");
        assert!(field("Content-Type").starts_with("multipart/alternative"), "{head}");
        Self {
            to: field("To"),
            subject: field("Subject"),
            text: part(text, "text/plain"),
            html: part(html, "text/html"),
            raw,
        }
    }

    /// The token in the mail's link to a page.
    pub(crate) fn token(&self, link: &str) -> String {
        let found = |text: &str| {
            let rest = text.split(link).nth(1).unwrap_or_else(|| panic!("no {link} in {text}"));
            rest.split(|character: char| character.is_whitespace() || matches!(character, '"' | '#'))
                .next()
                .map(str::to_owned)
        };
        assert_eq!(found(&self.text), found(&self.html), "both parts have the same link");
        found(&self.text).expect("exists")
    }
}

/// Decodes a part, which must have this media type.
fn part(text: &str, kind: &str) -> String {
    let (head, body) = text.split_once("\n\n").expect("has a head");
    assert!(head.contains(&format!("Content-Type: {kind}; charset=utf-8")), "{head}");
    if head.contains("Content-Transfer-Encoding: 7bit") {
        assert!(body.is_ascii(), "{body}");
        return body.to_owned();
    }
    assert!(head.contains("Content-Transfer-Encoding: quoted-printable"), "{head}");
    let mut bytes = Vec::new();
    let joined = body.replace("=\n", "");
    let mut rest = joined.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let digits = [rest.next().expect("has two digits"), rest.next().expect("has two digits")];
            let digits = std::str::from_utf8(&digits).expect("is ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("is hexadecimal"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("is UTF-8")
}

//! A sample of each letter in each language, and what holds for all of them.

use doorstep_contract::{auth::Role, device::Scope};
use doorstep_locales::Language;
use jiff::Timestamp;
use url::Url;

use super::{
    AuthorizedDevice, By, EndedSessions, Letterhead, LinkedIdentity, Mail, Notice, Occasion, confirm_email,
    reset_password,
};
use crate::domain::{
    accent::Accent,
    account::{Account, Status},
    id::Id,
    random::Random,
    session::Visitor,
    token::Token,
};

const SUPPORT: &str = "mailto:help@acme.example";

fn account(language: Language) -> Account {
    Account {
        id: Id::stored("0198c2a5-7b1e-7c3f-9a44-0123456789ab".to_owned()),
        username: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        name: String::new(),
        role: Role::Member,
        status: Status::Active,
        created_at: Timestamp::UNIX_EPOCH,
        has_password: true,
        password_is_initial: false,
        password_changed_at: Timestamp::UNIX_EPOCH,
        totp_enabled: false,
        recovery_codes_left: 0,
        language: Some(language),
        pending_email: None,
        memberships: 0,
    }
}

/// All letters in a language.
fn every_mail(language: Language, support: Option<&str>) -> Vec<Mail> {
    let public_url: Url = "https://login.example.org".parse().expect("is a URL");
    let account = account(language);
    let token = Token::new(&Random::system()).expect("random bytes");
    let occasion = Occasion {
        head: Letterhead { installation: "Acme", public_url: &public_url, accent: Accent::of(None), support },
        account: &account,
        at: Timestamp::UNIX_EPOCH,
    };
    let device = AuthorizedDevice {
        application: "difyctl",
        label: Some("Ada's laptop"),
        address: "192.0.2.7".parse().expect("is an address"),
        scope: Scope::Full,
        until: Timestamp::UNIX_EPOCH,
    };
    let narrower = AuthorizedDevice { scope: Scope::AppsRun, label: None, ..device };
    let visitor =
        Visitor::new("192.0.2.7".parse().expect("is an address"), "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
    let unknown = Visitor::new("2001:db8::1".parse().expect("is an address"), "");
    let revert: Url = "https://login.example.org/revert-email?token=x".parse().expect("is a URL");
    let link: Url = "https://login.example.org/reset-password?token=x#username=ada".parse().expect("is a URL");
    let okta = LinkedIdentity { provider: "Okta", email: Some("ada@okta.example") };
    let notices = [
        Notice::PasswordChanged(EndedSessions::Others),
        Notice::PasswordChanged(EndedSessions::All),
        Notice::UsernameChanged { old: "ada", new: "lovelace" },
        Notice::TotpEnabled,
        Notice::TotpDisabled(EndedSessions::Others),
        Notice::TotpDisabled(EndedSessions::All),
        Notice::RecoveryCodesReplaced,
        Notice::RecoveryCodeUsed,
        Notice::CodesBlocked,
        Notice::BrowserTrusted(Timestamp::UNIX_EPOCH),
        Notice::IdentityLinked(okta),
        Notice::IdentityRemoved(LinkedIdentity { email: None, ..okta }),
        Notice::SignedInFromNewBrowser,
        Notice::TemporaryTokenUsed,
        Notice::DeviceAuthorized(&device),
        Notice::DeviceAuthorized(&narrower),
        Notice::Suspended,
        Notice::Activated,
        Notice::EmailPending("ada@new.example"),
        Notice::EmailChanged { email: "ada@new.example", revert: Some(&revert) },
        Notice::EmailChanged { email: "ada@new.example", revert: None },
        Notice::EmailRestored { email: "ada@example.org", reset: Some(&link) },
        Notice::EmailRestored { email: "ada@example.org", reset: None },
        Notice::EmailWithdrawn("ada@example.org"),
    ];
    let by = [By::Visitor(&visitor), By::Visitor(&unknown), By::Operator];
    let mut letters: Vec<_> =
        notices.iter().zip(by.iter().cycle()).map(|(notice, by)| notice.letter(occasion, *by)).collect();
    letters.push(confirm_email(occasion, &token));
    letters.push(reset_password(occasion, link, By::Visitor(&visitor)));
    letters.iter().map(|letter| letter.to(&account.email)).collect()
}

/// The visible text of a document.
fn shown(html: &str) -> String {
    let (_, body) = html.split_once("</head>").expect("has a body");
    // Emails are in elements of their own, and are one word.
    let body = body.replace("<wbr>", "").replace("</span>", "");
    let without_tag = |(at, part): (usize, &str)| match part.split_once('>') {
        Some((_, rest)) if at > 0 => rest.to_owned(),
        _ => part.to_owned(),
    };
    let body: String = body.split("<span").enumerate().map(without_tag).collect();
    let texts = body.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text));
    let text: String = texts.collect::<Vec<_>>().join(" ");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character.is_whitespace() || "：:".contains(character))
        .filter(|word| !word.is_empty() && *word != "--")
}

#[test]
fn text_and_html_have_the_same_content() {
    for language in Language::ALL {
        for mail in every_mail(language, Some(SUPPORT)).iter().chain(&every_mail(language, None)) {
            let shown = shown(&mail.html);
            let found: Vec<&str> = words(&shown).collect();
            for word in words(&mail.text) {
                assert!(found.contains(&word), "{word}: {} {shown}", mail.text);
            }
            assert!(!mail.text.contains('{') && !shown.contains('{'), "a placeholder is left: {}", mail.text);
            assert!(mail.html.contains(&format!("lang=\"{}\" dir=\"ltr\"", language.tag())), "{}", mail.html);
        }
    }
}

#[test]
fn the_button_of_a_letter_leads_where_its_text_does() {
    for mail in every_mail(Language::En, None) {
        let linked: Vec<&str> = mail.text.lines().filter(|line| line.starts_with("https://")).collect();
        let mut hrefs = mail.html.split("<a ").skip(1).filter_map(|tag| tag.split("href=\"").nth(1)?.split('"').next());
        for link in &linked {
            assert!(hrefs.next() == Some(link) && hrefs.next() == Some(link), "{link}: {}", mail.html);
        }
        // The other links lead to the installation's origin.
        assert_eq!(hrefs.collect::<Vec<_>>(), ["https://login.example.org"], "{}", mail.text);
        assert!(linked.len() <= 1, "{}", mail.text);
    }
}

#[test]
fn mails_load_no_resources() {
    for mail in every_mail(Language::En, Some(SUPPORT)) {
        for fetching in ["src=", "srcset", "url(", "@import", "@font-face", "<link", "<img", "background=", "<script"] {
            assert!(!mail.html.contains(fetching), "{fetching}: {}", mail.html);
        }
    }
}

#[test]
fn a_mail_names_the_support_contact() {
    let [with, without] = [Some(SUPPORT), None].map(|support| every_mail(Language::En, support));
    for (with, without) in with.iter().zip(&without) {
        assert!(
            with.text.ends_with("\nAcme: https://login.example.org\nSupport: help@acme.example\n"),
            "{}",
            with.text
        );
        assert!(with.html.contains("href=\"mailto:help@acme.example\""), "{}", with.html);
        assert!(!with.text.contains("your administrator"), "{}", with.text);
        assert!(!without.text.contains("upport") && !without.html.contains("mailto:"), "{}", without.text);
    }
}

#[test]
fn headings_and_emails_break_between_their_parts() {
    let heading = |mail: &Mail| {
        let (_, rest) = mail.html.split_once("<h1").expect("has a heading");
        rest.split(['<', '>']).nth(1).expect("is text").to_owned()
    };
    let mails = every_mail(Language::En, None);
    assert!(mails.iter().any(|mail| heading(mail).contains("sign\u{2011}in token")), "a compound is not broken");
    assert!(mails.iter().all(|mail| !heading(mail).contains('-') && !mail.subject.contains('\u{2011}')));
    for language in Language::ALL {
        let mut found = 0;
        for mail in every_mail(language, None) {
            let (_, main) = mail.html.split_once("<main>").expect("has a main part");
            let (main, _) = main.split_once("</main>").expect("ends");
            assert!(!main.contains("@new.example"), "{main}");
            found += main.matches("@<wbr>new.example").count();
        }
        assert!(found > 2, "{found}");
    }
}

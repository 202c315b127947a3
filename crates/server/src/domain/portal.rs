//! Access to the portal: a signed cookie names a magic link, or the link of a preview, and nothing else. Its
//! permissions are looked up on each request, so that revoking a link or deactivating a client takes effect at
//! once.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorstep_contract::{portal, uuid::Uuid};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    account::Account,
    audit::Actor,
    client::{Client, preview_slug},
    clock,
    id::Id,
    project::{Project, Update},
    secret_key::{Purpose, SecretKeys},
    session::wire_time,
};

/// Lifetime of a portal session.
pub const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Lifetime of a preview.
pub const PREVIEW_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// The label of a preview's link.
pub const PREVIEW_LABEL: &str = "preview";
/// The name of a preview client if neither client nor project has one.
const UNNAMED: &str = "Preview";

/// The content of the portal's cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalSession {
    /// The magic link, or the link of a preview.
    pub link: Id,
    /// When it was opened, to the second.
    pub issued_at: Timestamp,
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
struct Claims {
    tid: String,
    iat: i64,
}

impl PortalSession {
    /// The value of the cookie: the claims in base64url, a dot, and their HMAC in hex.
    #[must_use]
    pub fn seal(&self, keys: &SecretKeys) -> String {
        let claims = Claims { tid: self.link.to_string(), iat: self.issued_at.as_second() };
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).unwrap_or_default());
        let tag = hex::encode(keys.subkey(Purpose::PortalSessions).authenticate(claims.as_bytes()));
        format!("{claims}.{tag}")
    }

    /// Verifies a cookie; `None` unless a server with these keys created it within [`LIFE`].
    #[must_use]
    pub fn open(text: &str, keys: &SecretKeys, now: Timestamp) -> Option<Self> {
        let (claims, tag) = text.split_once('.')?;
        let tag = hex::decode(tag).ok()?;
        if !keys.subkeys(Purpose::PortalSessions).any(|key| key.verifies(claims.as_bytes(), &tag)) {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let link = Id::stored(Uuid::parse(&claims.tid)?.as_str().to_owned());
        let issued_at = Timestamp::from_second(claims.iat).ok()?;
        // Accepted also if the clock was ahead when it was created: access is looked up anyway.
        (now.duration_since(issued_at).abs() < LIFE).then_some(Self { link, issued_at })
    }

    /// Whether a preview with this session has expired. One begun while the clock was ahead has, because its age is
    /// unknown.
    #[must_use]
    pub fn preview_is_over(&self, now: Timestamp) -> bool {
        now >= self.preview_ends_at() || clock::is_ahead(self.issued_at, now)
    }

    /// When a preview with this session expires.
    #[must_use]
    pub fn preview_ends_at(&self) -> Timestamp {
        self.issued_at.checked_add(PREVIEW_LIFE).unwrap_or(Timestamp::MAX)
    }
}

/// A viewer of the portal.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The link that they opened.
    pub link: Id,
    /// The client that they are, or that a preview shows.
    pub client: Id,
    /// The client's name.
    pub client_name: String,
    /// Present for a preview.
    pub preview: Option<Preview>,
}

/// A preview: an operator views the portal as a client.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The operator.
    pub by: Account,
    /// The project that is shown.
    pub project: Id,
    /// When it expires.
    pub ends_at: Timestamp,
}

impl Viewer {
    /// The projects that they see, except archived ones.
    #[must_use]
    pub fn sees(&self) -> Seen<'_> {
        match &self.preview {
            Some(preview) => Seen::Project(&preview.project),
            None => Seen::OfClient(&self.client),
        }
    }

    /// The actor of what they do.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.preview {
            Some(preview) => Actor::account(&preview.by),
            None => Actor::named(&self.client_name),
        }
    }

    /// The viewer's own data.
    #[must_use]
    pub fn to_wire(&self) -> portal::PortalMe {
        let preview = self.preview.as_ref().map(|preview| portal::Preview {
            by: preview.by.display_name().to_owned(),
            project_id: preview.project.to_string(),
            expires_at: wire_time(preview.ends_at),
        });
        let client = portal::PortalClient { id: self.client.to_string(), name: self.client_name.clone() };
        portal::PortalMe { client, preview }
    }
}

/// The projects that a viewer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen<'a> {
    /// All projects of a client.
    OfClient(&'a Id),
    /// One project.
    Project(&'a Id),
}

/// A preview client: used for previews of a project that has no active client.
#[must_use]
pub fn preview_client(project: &Project, id: Id, now: Timestamp) -> Client {
    let client = project.client.as_ref().map(|client| client.name.as_str());
    let mut names = client.into_iter().chain([project.name.as_str()]);
    Client {
        id,
        name: names.find(|name| !name.trim().is_empty()).unwrap_or(UNNAMED).to_owned(),
        slug: preview_slug(&project.id),
        active: true,
        preview_of: Some(project.id.clone()),
        projects: 0,
        links: 0,
        created_at: now,
        updated_at: now,
    }
}

/// A project, for its client.
#[must_use]
pub fn project_to_wire((project, latest): (Project, Option<String>)) -> portal::PortalProject {
    portal::PortalProject {
        id: project.id.to_string(),
        name: project.name,
        status: project.status,
        summary: project.summary,
        latest,
        updated_at: wire_time(project.updated_at),
    }
}

/// A project with its updates, for its client.
#[must_use]
pub fn detail_to_wire(project: Project, updates: Vec<Update>) -> portal::PortalProjectDetail {
    let updates = updates.into_iter().map(|update| portal::PortalUpdate {
        id: update.id.to_string(),
        body: update.body,
        created_at: wire_time(update.created_at),
        edited_at: update.edited_at.map(wire_time),
    });
    portal::PortalProjectDetail {
        id: project.id.to_string(),
        name: project.name,
        status: project.status,
        summary: project.summary,
        updated_at: wire_time(project.updated_at),
        updates: updates.collect(),
    }
}

#[cfg(test)]
mod tests {
    use doorstep_contract::projects::ProjectStatus;

    use super::*;
    use crate::domain::project::LinkedClient;

    const ID: &str = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
    const OLD: &str = "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o";
    const NEW: &str = "Zt5wXn0kBv3QyHs8MdUe6FpJiRl1AgT7";

    fn keys(text: &str) -> SecretKeys {
        SecretKeys::parse(text).expect("is strong enough")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("is a time")
    }

    fn session() -> PortalSession {
        PortalSession { link: Id::stored(ID.to_owned()), issued_at: at(0) }
    }

    /// Any text with a valid signature.
    fn signed(claims: &[u8]) -> String {
        let tag = keys(OLD).subkey(Purpose::PortalSessions).authenticate(claims);
        format!("{}.{}", String::from_utf8_lossy(claims), hex::encode(tag))
    }

    fn opens(text: &str) -> bool {
        PortalSession::open(text, &keys(OLD), at(1)).is_some()
    }

    #[test]
    fn a_cookie_is_claims_and_their_hmac() {
        let sealed = session().seal(&keys(OLD));
        let (claims, tag) = sealed.split_once('.').expect("has two parts");
        let json = URL_SAFE_NO_PAD.decode(claims).expect("is base64url");
        assert_eq!(String::from_utf8(json).expect("is text"), format!(r#"{{"tid":"{ID}","iat":1700000000}}"#));
        assert_eq!((tag.len(), hex::decode(tag).map(|tag| tag.len())), (64, Ok(32)));
        assert_eq!(PortalSession::open(&sealed, &keys(OLD), at(1)), Some(session()));
        assert_eq!(session().preview_ends_at(), at(3600));
    }

    #[test]
    fn a_cookie_is_valid_for_thirty_days_even_from_a_clock_that_was_ahead() {
        let sealed = session().seal(&keys(OLD));
        let month = 30 * 24 * 3600;
        for (seconds, counts) in
            [(-month, false), (-61, true), (0, true), (month - 1, true), (month, false), (month + 24 * 3600, false)]
        {
            assert_eq!(PortalSession::open(&sealed, &keys(OLD), at(seconds)).is_some(), counts, "{seconds}");
        }
    }

    #[test]
    fn after_a_rotation_old_cookies_count_and_new_ones_are_made() {
        let rotated = keys(&format!("{NEW}\n{OLD}"));
        let old = session().seal(&keys(OLD));
        let new = session().seal(&rotated);
        assert!(PortalSession::open(&old, &rotated, at(1)).is_some());
        assert!(PortalSession::open(&old, &keys(NEW), at(1)).is_none());
        assert!(PortalSession::open(&new, &keys(NEW), at(1)).is_some());
        assert!(PortalSession::open(&new, &keys(OLD), at(1)).is_none());
    }

    #[test]
    fn malformed_cookies_are_refused() {
        let sealed = session().seal(&keys(OLD));
        let (claims, tag) = sealed.split_once('.').expect("has two parts");
        assert!(opens(&sealed));
        for length in 0..sealed.len() {
            assert!(!opens(&sealed[..length]), "{length}");
        }
        for at in 0..sealed.len() {
            let other = if sealed.as_bytes()[at] == b'0' { "1" } else { "0" };
            let spoiled = [&sealed[..at], other, &sealed[at + 1..]].concat();
            assert!(!opens(&spoiled), "{spoiled}");
        }
        for text in [
            String::new(),
            ".".to_owned(),
            "ä.ö".to_owned(),
            "\0".to_owned(),
            format!("{claims}.{tag}."),
            format!("{claims}.{tag}0"),
            format!("{claims}=.{tag}"),
            format!(".{tag}"),
            "x".repeat(100_000),
        ] {
            assert!(!opens(&text), "{text:.80}");
        }
    }

    #[test]
    fn a_valid_signature_alone_is_not_enough() {
        let encoded = |json: &str| signed(URL_SAFE_NO_PAD.encode(json).as_bytes());
        assert!(opens(&encoded(&format!(r#"{{"tid":"{ID}","iat":1700000000}}"#))));
        for json in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"tid":"x","iat":1700000000}"#,
            r#"{"tid":7,"iat":1700000000}"#,
            &format!(r#"{{"tid":"{ID}"}}"#),
            &format!(r#"{{"tid":"{ID}","iat":"1700000000"}}"#),
            &format!(r#"{{"tid":"{ID}","iat":1.5}}"#),
            &format!(r#"{{"tid":"{ID}","iat":9223372036854775807}}"#),
            &format!(r#"{{"tid":"{ID}","iat":-9223372036854775808}}"#),
        ] {
            assert!(!opens(&encoded(json)), "{json}");
        }
        assert!(!opens(&signed(b"not base64url!")));
        // The key of another purpose is different.
        let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"tid":"{ID}","iat":1700000000}}"#));
        let tag = keys(OLD).subkey(Purpose::KnownBrowser).authenticate(claims.as_bytes());
        assert!(!opens(&format!("{claims}.{}", hex::encode(tag))));
    }

    #[test]
    fn a_preview_client_has_the_name_of_the_client_else_of_the_project_else_preview() {
        let id = || Id::stored(ID.to_owned());
        let linked = |name: &str| LinkedClient { id: id(), name: name.to_owned(), active: false, preview: false };
        for (client, project, name) in [
            (Some("Harbour office"), "Moorings", "Harbour office"),
            (Some(" "), "Moorings", "Moorings"),
            (None, "Moorings", "Moorings"),
            (None, "", "Preview"),
        ] {
            let project = Project {
                id: id(),
                name: project.to_owned(),
                status: ProjectStatus::Active,
                summary: String::new(),
                client: client.map(linked),
                created_at: at(0),
                updated_at: at(0),
            };
            let made = preview_client(&project, id(), at(1));
            assert_eq!((made.name.as_str(), made.slug), (name, format!("preview-{ID}")));
            assert!(made.active && made.preview_of == Some(id()));
        }
    }
}

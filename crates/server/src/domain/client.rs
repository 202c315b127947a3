//! Clients, for whom projects are, and the magic links that open their portal.

use doorstep_contract::clients;
use jiff::Timestamp;

/// The secret of a magic link is only in its URL; the database has its hash.
pub use super::token::{Token as LinkSecret, TokenHash as LinkHash};
use super::{id::Id, session::wire_time, text};

/// The longest slug.
pub const MAX_SLUG: usize = 60;
/// The prefix of the slugs of preview clients.
pub const PREVIEW_PREFIX: &str = "preview-";
/// The longest label of a magic link, in characters.
pub const MAX_LABEL: usize = 200;
/// The longest slug derived from a name, which leaves room for a number.
const MAX_MADE_SLUG: usize = 48;

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// The id.
    pub id: Id,
    /// The display name.
    pub name: String,
    /// The unique name for scripts.
    pub slug: String,
    /// Whether it may use the portal.
    pub active: bool,
    /// The project for whose previews it was created, if any.
    pub preview_of: Option<Id>,
    /// The number of projects linked to it.
    pub projects: u32,
    /// The number of its active magic links.
    pub links: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Client {
    /// The client, for operators.
    #[must_use]
    pub fn to_wire(&self) -> clients::Client {
        clients::Client {
            id: self.id.to_string(),
            name: self.name.clone(),
            slug: self.slug.clone(),
            active: self.active,
            preview: self.preview_of.is_some(),
            projects: self.projects,
            links: self.links,
            created_at: wire_time(self.created_at),
            updated_at: wire_time(self.updated_at),
        }
    }
}

/// A magic link, or the link of a preview, without its secret.
#[derive(Debug, Clone)]
pub struct Link {
    /// The id.
    pub id: Id,
    /// The client whose portal it opens.
    pub client: Id,
    /// The note of its creator.
    pub label: String,
    /// For a preview: the project that it shows.
    pub project: Option<Id>,
    /// The name of its creator at that time.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Link {
    /// The link, for operators.
    #[must_use]
    pub fn to_wire(&self) -> clients::Link {
        clients::Link {
            id: self.id.to_string(),
            label: self.label.clone(),
            project_id: self.project.as_ref().map(Id::to_string),
            created_by: self.created_by.clone(),
            created_at: wire_time(self.created_at),
            last_used_at: self.last_used_at.map(wire_time),
            revoked_at: self.revoked_at.map(wire_time),
        }
    }
}

/// Whether this slug is allowed: lower-case letters, digits and single dashes between them, and not the prefix of
/// preview clients.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_SLUG && text.split('-').all(word) && !text.starts_with(PREVIEW_PREFIX)
}

/// The slug of the preview client of a project.
#[must_use]
pub fn preview_slug(project: &Id) -> String {
    format!("{PREVIEW_PREFIX}{project}")
}

/// A slug derived from a name.
#[must_use]
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    // A combining mark does not separate words.
    let combines = |character: &char| matches!(character, '\u{300}'..='\u{36f}');
    for character in name.chars().flat_map(char::to_lowercase).filter(|character| !combines(character)) {
        let letters = ascii(character);
        if letters.is_empty() && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() + letters.len() > MAX_MADE_SLUG {
            break;
        }
        slug.push_str(letters);
    }
    let slug = slug.trim_end_matches('-');
    // The name has no letters with an ASCII form.
    let slug = if slug.is_empty() { "client" } else { slug };
    if slug.starts_with(PREVIEW_PREFIX) { format!("client-{slug}") } else { slug.to_owned() }
}

/// An unused slug: this one, or with the first unused number from 2 on as a suffix.
#[must_use]
pub fn free_slug(slug: &str, taken: &[String]) -> String {
    let is_free = |candidate: &String| !taken.contains(candidate);
    let numbered = (2_u32..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// Normalizes the label of a magic link; `None` if it is too long.
#[must_use]
pub fn read_label(typed: &str) -> Option<String> {
    let label = text::line(typed);
    (label.chars().count() <= MAX_LABEL).then_some(label)
}

/// The ASCII letters and digits for a lower-case character; empty if there are none.
fn ascii(character: char) -> &'static str {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    const FOLDED: [(&str, &str); 24] = [
        ("àáâãåāăą", "a"),
        ("äæ", "ae"),
        ("çćĉċč", "c"),
        ("ďđð", "d"),
        ("èéêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľł", "l"),
        ("ñńņňŋ", "n"),
        ("òóôõōŏő", "o"),
        ("öøœ", "oe"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ß", "ss"),
        ("ţťŧț", "t"),
        ("þ", "th"),
        ("ùúûũūŭůűų", "u"),
        ("ü", "ue"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
    ];
    if let Some(at) = PLAIN.find(character) {
        return PLAIN.get(at..=at).unwrap_or_default();
    }
    let found = FOLDED.iter().find(|(letters, _)| letters.contains(character));
    found.map_or("", |(_, ascii)| ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_words_with_single_dashes() {
        for slug in ["a", "harbour-office", "7-seas", "preview", &"x".repeat(MAX_SLUG)] {
            assert!(is_slug(slug), "{slug}");
        }
        for slug in ["", "-", "-a", "a-", "a--b", "A", "a b", "ä", "a_b", "preview-x", &"x".repeat(MAX_SLUG + 1)] {
            assert!(!is_slug(slug), "{slug}");
        }
    }

    #[test]
    fn a_slug_is_made_from_any_name() {
        for (name, slug) in [
            ("Harbour Office", "harbour-office"),
            ("  Käse & Söhne GmbH!", "kaese-soehne-gmbh"),
            ("ŁÓDŹ Ğ", "lodz-g"),
            ("İstanbul", "istanbul"),
            ("李明", "client"),
            ("李 Ltd", "ltd"),
            ("---", "client"),
            ("Preview Ltd", "client-preview-ltd"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
            assert!(is_slug(slug), "{name}");
        }
        for length in 40..60 {
            let name = format!("{} ß preview- ß", "x".repeat(length));
            let made = free_slug(&slug_of(&name), &[slug_of(&name)]);
            assert!(is_slug(&made), "{made}");
        }
    }

    #[test]
    fn a_slug_that_is_taken_gets_the_first_free_number() {
        let taken = ["acme", "acme-2", "acme-4", "acme-x"].map(str::to_owned);
        assert_eq!(free_slug("acme", &taken), "acme-3");
        assert_eq!(free_slug("other", &taken), "other");
    }

    #[test]
    fn the_slug_of_a_preview_client_is_reserved() {
        let slug = preview_slug(&Id::stored("0198c2a5-7b1e-7c3f-9a44-0123456789ab".to_owned()));
        assert!(slug.len() <= MAX_SLUG && !is_slug(&slug));
    }
}

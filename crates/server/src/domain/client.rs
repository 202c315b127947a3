//! The people that projects are for, and the magic links that let them into the portal.

use doorstep_contract::clients;
use jiff::Timestamp;

/// The secret of a magic link exists in its address alone; the database has its hash.
pub use super::token::{Token as LinkSecret, TokenHash as LinkHash};
use super::{id::Id, session::wire_time, text};

/// The longest slug.
pub const MAX_SLUG: usize = 60;
/// How the slugs of clients begin that are there for previews.
pub const PREVIEW_PREFIX: &str = "preview-";
/// The longest label of a magic link, in characters.
pub const MAX_LABEL: usize = 200;
/// The longest slug that is made from a name: a number must fit behind it.
const MAX_MADE_SLUG: usize = 48;

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Which one.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// Unique; what scripts call it.
    pub slug: String,
    /// Whether it may come in.
    pub active: bool,
    /// The project whose previews it is there for, if it was made for them.
    pub preview_of: Option<Id>,
    /// How many projects are linked to it.
    pub projects: u32,
    /// How many of its magic links are in force.
    pub links: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Client {
    /// The client as an operator may see it.
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

/// A magic link, or the token of a preview; without its secret.
#[derive(Debug, Clone)]
pub struct Link {
    /// Which one.
    pub id: Id,
    /// Whom it lets in.
    pub client: Id,
    /// What its maker noted.
    pub label: String,
    /// For a preview: the one project that it shows.
    pub project: Option<Id>,
    /// Who made it, as people called them then.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Link {
    /// The link as an operator may see it.
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

/// Whether this slug may be chosen: lower-case letters, digits and single dashes between them, and not the
/// beginning that those of previews have.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_SLUG && text.split('-').all(word) && !text.starts_with(PREVIEW_PREFIX)
}

/// The slug of the client that is there for previews of a project.
#[must_use]
pub fn preview_slug(project: &Id) -> String {
    format!("{PREVIEW_PREFIX}{project}")
}

/// The slug that is made from a name.
#[must_use]
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    // A mark that combines with the letter before it separates nothing.
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
    // A name in letters that have no ASCII.
    let slug = if slug.is_empty() { "client" } else { slug };
    if slug.starts_with(PREVIEW_PREFIX) { format!("client-{slug}") } else { slug.to_owned() }
}

/// A slug that is free: this one, or with the first number from 2 that is free behind it.
#[must_use]
pub fn free_slug(slug: &str, taken: &[String]) -> String {
    let is_free = |candidate: &String| !taken.contains(candidate);
    let numbered = (2_u32..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// The label of a magic link, as it is kept; `None` when it is too long.
#[must_use]
pub fn read_label(typed: &str) -> Option<String> {
    let label = text::line(typed);
    (label.chars().count() <= MAX_LABEL).then_some(label)
}

/// A lower-case character in ASCII letters and digits; empty when it has none.
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
    fn the_slug_of_a_preview_can_be_nobody_elses() {
        let slug = preview_slug(&Id::stored("0198c2a5-7b1e-7c3f-9a44-0123456789ab".to_owned()));
        assert!(slug.len() <= MAX_SLUG && !is_slug(&slug));
    }
}

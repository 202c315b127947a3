//! Texts that are the same in another language.

/// Texts that other languages have like English.
pub(crate) const LIKE_ENGLISH: &[&str] = &[
    "{text}?",
    "“{name}”",
    "{page} – {installation}",
    "{name}: {value}",
    "Browser",
    "Details",
    "Name",
    "Status",
    "Text",
    "Updates",
];

//! Texts that are the same in English and another language.

/// The texts that may be the same as in English.
pub(crate) const LIKE_ENGLISH: &[&str] = &[
    "{text}?",
    "{action} ({time})",
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

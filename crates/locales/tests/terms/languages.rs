//! The language files, as the tests read them.

use std::{collections::BTreeMap, fmt, fs, path::Path};

use serde::Deserialize;
use toml::{Table, Value};

/// The parts of a file with texts.
const PARTS: [&str; 4] = ["words", "mail", "pages", "events"];

/// A text.
pub(crate) struct Entry {
    /// Its language.
    pub(crate) tag: String,
    /// Its part of the file.
    pub(crate) part: &'static str,
    /// `section.key`, with the plural category if it has forms.
    pub(crate) key: String,
    pub(crate) text: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tag, part, key, text } = self;
        write!(f, "{tag}.toml: {part}.{key}: {text}")
    }
}

/// The rules of a language, from its `[style]`. By default none.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Style {
    /// Punctuation that it does not use.
    pub(crate) foreign_marks: Vec<String>,
    /// Texts that are the same in English.
    pub(crate) same_as_english: Vec<String>,
    /// Forbidden words, in lower case, with their replacements. `…` stands for words in between in the same sentence, a
    /// star for any ending.
    pub(crate) forbidden: BTreeMap<String, String>,
}

/// All texts of all languages.
pub(crate) fn texts() -> impl Iterator<Item = Entry> {
    files().into_iter().flat_map(|(tag, mut file)| {
        PARTS.into_iter().flat_map(move |part| {
            let below = texts_below("", file.remove(part).expect("is there"));
            let tag = tag.clone();
            below.into_iter().map(move |(key, text)| Entry { tag: tag.clone(), part, key, text })
        })
    })
}

/// The rules of each language.
pub(crate) fn styles() -> BTreeMap<String, Style> {
    let style = |mut file: Table| match file.remove("style") {
        Some(style) => style.try_into().expect("is a style"),
        None => Style::default(),
    };
    files().into_iter().map(|(tag, file)| (tag, style(file))).collect()
}

fn files() -> Vec<(String, Table)> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("languages")).expect("is there");
    let read = files.map(|file| {
        let path = file.expect("is read").path();
        let tag = path.file_stem().expect("has a name").to_string_lossy().into_owned();
        (tag, fs::read_to_string(&path).expect("is read").parse().expect("is TOML"))
    });
    read.collect()
}

fn texts_below(key: &str, value: Value) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(key.to_owned(), text)],
        Value::Table(below) => {
            // `apps` is about the section.
            let words = below.into_iter().filter(|(name, _)| name != "apps");
            let dot = if key.is_empty() { "" } else { "." };
            words.flat_map(|(name, value)| texts_below(&[key, dot, &name].concat(), value)).collect()
        }
        other => panic!("{key}: {other} is no text"),
    }
}

//! The entries of the word files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// The folders of word files.
const FOLDERS: [&str; 4] = ["words", "mail", "pages", "events"];

/// An entry of a word file.
pub(crate) struct Entry {
    /// Its path in this crate.
    pub(crate) file: PathBuf,
    /// Its language.
    pub(crate) tag: String,
    /// `section.key`, with the plural category if it has forms.
    pub(crate) key: String,
    pub(crate) text: String,
}

/// All entries of all word files.
pub(crate) fn texts() -> impl Iterator<Item = Entry> {
    FOLDERS.into_iter().flat_map(|folder| {
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("is there");
        files.flat_map(move |file| of_file(folder, &file.expect("is read").path()))
    })
}

fn of_file(folder: &str, path: &Path) -> Vec<Entry> {
    let tag = path.file_stem().expect("has a name").to_string_lossy().into_owned();
    let file = Path::new(folder).join(path.file_name().expect("has a name"));
    let content: Table = fs::read_to_string(path)
        .expect("is read")
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // `[language]` is about the language, `apps` about the section.
    let sections = content.into_iter().filter(|(section, _)| section != "language");
    let texts = sections.flat_map(|(section, words)| texts_below(&section, words));
    texts.map(|(key, text)| Entry { file: file.clone(), tag: tag.clone(), key, text }).collect()
}

fn texts_below(key: &str, value: Value) -> Vec<(String, String)> {
    match value {
        Value::String(text) => vec![(key.to_owned(), text)],
        Value::Table(below) => {
            let words = below.into_iter().filter(|(name, _)| name != "apps");
            words.flat_map(|(name, value)| texts_below(&format!("{key}.{name}"), value)).collect()
        }
        other => panic!("{key}: {other} is no text"),
    }
}

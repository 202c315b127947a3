//! The texts of each app.

use crate::Language;

include!(concat!(env!("OUT_DIR"), "/words_sections.rs"));

/// A section of the language files, in the order of the tables.
#[derive(Debug)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// The number of its texts in each table.
    pub texts: usize,
    /// The apps that show its texts.
    pub apps: &'static [&'static str],
}

/// The sections, in the order of the tables.
#[must_use]
pub fn sections() -> &'static [Section] {
    &SECTIONS
}

impl Language {
    /// The texts of this language for an app; empty strings for sections that it does not have.
    pub fn table_of(self, app: &str) -> impl Iterator<Item = &'static str> {
        let is_there = SECTIONS.iter().flat_map(move |section| [section.apps.contains(&app)].repeat(section.texts));
        self.table().iter().zip(is_there).map(|(text, is_there)| if is_there { text } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Language, Word, words};

    #[test]
    fn an_app_has_the_texts_of_its_sections_at_their_indices() {
        let portal: Vec<&str> = Language::De.table_of("portal").collect();
        assert_eq!(portal.len(), words::COUNT);
        let at = |word: Word| portal.get(word.index()).copied();
        assert_eq!(at(words::portal::LEAVE), Some(Language::De.word(words::portal::LEAVE)));
        assert_eq!(at(words::totp::TITLE), Some(""));
    }
}

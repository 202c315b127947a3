//! Which apps have which words.

use crate::Language;

include!(concat!(env!("OUT_DIR"), "/words_sections.rs"));

/// A section of the language files, in the order of the tables.
#[derive(Debug)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// How many texts it has in each table.
    pub texts: usize,
    /// The apps that show words of it.
    pub apps: &'static [&'static str],
}

/// The sections of the words, in the order of the tables.
#[must_use]
pub fn sections() -> &'static [Section] {
    &SECTIONS
}

impl Language {
    /// The words of this language that an app has, at the same places; nothing at the places of others.
    pub fn table_of(self, app: &str) -> impl Iterator<Item = &'static str> {
        let is_there = SECTIONS.iter().flat_map(move |section| [section.apps.contains(&app)].repeat(section.texts));
        self.table().iter().zip(is_there).map(|(text, is_there)| if is_there { text } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Language, Word, words};

    #[test]
    fn an_app_has_the_words_of_its_sections_at_their_places() {
        let portal: Vec<&str> = Language::De.table_of("portal").collect();
        assert_eq!(portal.len(), words::COUNT);
        let at = |word: Word| portal.get(word.index()).copied();
        assert_eq!(at(words::portal::LEAVE), Some(Language::De.word(words::portal::LEAVE)));
        assert_eq!(at(words::totp::TITLE), Some(""));
    }
}

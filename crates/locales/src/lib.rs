//! Every word that users read in Doorstep. `tests/terms.rs` holds them to the terms of the field.
//!
//! `words/<tag>.toml` holds the words of one language; `build.rs` makes of them one [`Word`] constant a word (so a
//! missing or misspelled key does not compile) and one [`Language`] variant a file.
//!
//! The server has the words themselves (feature `tables`): it paints shells with them and serves each language as one
//! hashed file, a JSON array in the order of the constants. The app fetches the file of its page's language.
//!
//! `mail/<tag>.toml` holds the words of mails in the same manner, as [`MailWord`]s, and `pages/<tag>.toml` those of pages that
//! the server makes without the app, as [`PageWord`]s. They stay on the server. So does
//! `events/<tag>.toml`, what the audit log calls its events, by the words that they have in the database.

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The words, as constants: a module a section of the language files.
pub mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// The place of a word in the table of every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(u16);

impl Word {
    const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The place, from 0 to [`words::COUNT`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The words of mails, as constants: a module a section of the language files.
#[cfg(feature = "tables")]
pub mod mail {
    include!(concat!(env!("OUT_DIR"), "/mail.rs"));
}

/// The place of a word in the mail table of every language.
#[cfg(feature = "tables")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailWord(u16);

#[cfg(feature = "tables")]
impl MailWord {
    const fn new(index: u16) -> Self {
        Self(index)
    }
}

/// The words of pages without the app, as constants: a module a section of the language files.
#[cfg(feature = "tables")]
pub mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}

/// The place of a word in the page table of every language.
#[cfg(feature = "tables")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageWord(u16);

#[cfg(feature = "tables")]
impl PageWord {
    const fn new(index: u16) -> Self {
        Self(index)
    }
}

/// Puts a value where `{name}` stands.
#[must_use]
pub fn fill(text: &str, name: &str, value: &str) -> String {
    text.replace(&["{", name, "}"].concat(), value)
}

#[cfg(feature = "tables")]
mod tables {
    use super::{Language, MailWord, PageWord, Word, words::COUNT};

    include!(concat!(env!("OUT_DIR"), "/words_tables.rs"));

    /// The same for the words of mails.
    mod mail {
        use crate::{Language, mail::COUNT};

        include!(concat!(env!("OUT_DIR"), "/mail_tables.rs"));

        pub(super) fn of(language: Language) -> &'static [&'static str] {
            table(language)
        }
    }

    /// The same for the words of pages without the app.
    mod pages {
        use crate::{Language, pages::COUNT};

        include!(concat!(env!("OUT_DIR"), "/pages_tables.rs"));

        pub(super) fn of(language: Language) -> &'static [&'static str] {
            table(language)
        }
    }

    /// The same for the events of the audit log.
    mod events {
        use crate::Language;

        include!(concat!(env!("OUT_DIR"), "/events_tables.rs"));

        pub(super) fn of(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
            KEYS.iter().copied().zip(table(language).iter().copied())
        }
    }

    impl Language {
        /// What the audit log calls the event of this word; the word itself when it has no name.
        #[must_use]
        pub fn event(self, word: &str) -> &str {
            events::of(self).find_map(|(key, name)| (key == word).then_some(name)).unwrap_or(word)
        }

        /// The word in this language.
        #[must_use]
        pub fn word(self, word: Word) -> &'static str {
            self.table().get(word.index()).copied().unwrap_or_default()
        }

        /// The word of a mail in this language.
        #[must_use]
        pub fn mail_word(self, word: MailWord) -> &'static str {
            mail::of(self).get(usize::from(word.0)).copied().unwrap_or_default()
        }

        /// The word of a page without the app in this language.
        #[must_use]
        pub fn page_word(self, word: PageWord) -> &'static str {
            pages::of(self).get(usize::from(word.0)).copied().unwrap_or_default()
        }

        /// The language with exactly this tag.
        #[must_use]
        pub fn of_tag(tag: &str) -> Option<Self> {
            Self::ALL.into_iter().find(|language| language.tag() == tag)
        }

        /// All words of this language, in the order of the constants.
        #[must_use]
        pub fn table(self) -> &'static [&'static str] {
            table(self)
        }

        /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4, RFC 4647 §3.4 look-up); English when
        /// none fits.
        #[must_use]
        pub fn negotiate(accept: &str) -> Self {
            let mut ranges: Vec<(f32, &str)> = accept
                .split(',')
                .filter_map(|item| {
                    let (range, parameters) = item.split_once(';').unwrap_or((item, ""));
                    let quality = match parameters.trim().strip_prefix("q=") {
                        Some(quality) => quality.trim().parse().ok()?,
                        None => 1.0,
                    };
                    (quality > 0.0).then_some((quality, range.trim()))
                })
                .collect();
            ranges.sort_by(|(a, _), (b, _)| b.total_cmp(a));
            ranges.iter().find_map(|(_, range)| Self::matching(range)).unwrap_or(Self::En)
        }

        /// The language with this tag, or with the same primary language (`de-AT` -> `de`, `zh-CN` -> `zh-Hans`).
        fn matching(range: &str) -> Option<Self> {
            let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            Self::ALL
                .into_iter()
                .find(|language| language.tag().eq_ignore_ascii_case(range))
                .or_else(|| Self::ALL.into_iter().find(|language| primary(language.tag()) == primary(range)))
        }
    }
}

#[cfg(all(test, feature = "tables"))]
mod tests {
    use super::{words, *};

    #[test]
    fn every_word_of_every_language_says_something() {
        for language in Language::ALL {
            assert_eq!(language.table().len(), words::COUNT);
            assert!(language.table().iter().all(|text| !text.trim().is_empty()), "{language:?}");
        }
    }

    #[test]
    fn constants_point_at_their_words() {
        assert_eq!(Language::En.word(words::login::PASSWORD), "Password");
        assert_eq!(fill(Language::En.word(words::home::WELCOME), "name", "Ada"), "Welcome, Ada");
    }

    #[test]
    fn the_words_of_mails_and_pages_have_tables_of_their_own() {
        assert_eq!(Language::En.mail_word(mail::letter::OPERATOR), "An operator, on the server");
        assert_eq!(Language::ZhHans.mail_word(mail::letter::UNKNOWN_BROWSER), "未知");
        let table = Language::En.table();
        assert!(!table.contains(&"An operator, on the server"), "they would travel to every browser");
        assert_eq!(Language::En.page_word(pages::too_often::TITLE), "Too many attempts");
        assert_eq!(Language::ZhHans.page_word(pages::too_often::TITLE), "尝试次数过多");
    }

    #[test]
    fn events_are_named_by_their_words() {
        assert_eq!(Language::En.event("signed_in"), "Signed in");
        assert_eq!(Language::ZhHans.event("signed_in"), "登录");
        assert_eq!(Language::En.event("of_another_version"), "of_another_version");
    }

    #[test]
    fn the_browsers_wish_decides_and_english_is_left() {
        for (accept, language) in [
            ("en-GB,en;q=0.9", Language::En),
            ("tlh", Language::En),
            ("", Language::En),
            ("*", Language::En),
            ("en;q=0", Language::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::ZhHans),
            ("fr, en;q=0.3, zh;q=0.7", Language::ZhHans),
            ("de, en;q=0.5", Language::En),
            (";;q=,,en;q=x", Language::En),
        ] {
            assert_eq!(Language::negotiate(accept), language, "{accept}");
        }
    }
}

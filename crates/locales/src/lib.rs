//! Every word that users read in Doorstep. `tests/terms.rs` holds them to the terms of the field.
//!
//! # How a word gets from its file to the screen
//!
//! 1. **File.** `words/<tag>.toml` holds the words of one language. `[language]` says what the language calls itself, its
//!    direction, and the plural categories that it tells apart. English decides which words there are.
//! 2. **Build.** `build.rs` makes one [`Language`] variant a file, and one constant a word in [`words`]: a [`Word`], which is
//!    a place in the table of every language, or a [`Counted`] word, which has a place for each plural category. So a
//!    misspelled key does not compile; a word or a form that a language lacks, has too many, or gives other placeholders
//!    fails the build.
//! 3. **Server.** It has the tables themselves (feature `tables`). It chooses the language of a request by the cookie of
//!    the user's choice, else by `Accept-Language` (`Language::negotiate`, called in the server's `http/language.rs`), and
//!    paints shells with its words.
//! 4. **Browser.** The table of each language is a file of its own for each app, a JSON array in the order of the constants,
//!    named after its content (`xtask/src/dist/words.rs`). It has the sections that the app shows: each section of `en.toml`
//!    names its `apps`. In place of the others' words it has nothing, so the places are the same. The shell names the file
//!    of its app and language, the boot script fetches that one alone, and the app (`src/i18n.rs`) looks its words up by
//!    their places. No word is compiled into the app. `tests/apps.rs` looks for words that an app shows and does not have;
//!    in the browser, one is an error on the console.
//!
//! A sentence is one word with `{placeholders}`, which [`fill`] fills; sentences are never put together from parts. A
//! sentence that counts has a form for each plural category (`left.one`, `left.other`), with the number as `{count}`: the app
//! chooses by `Intl.PluralRules`, the server by the same rules of CLDR.
//!
//! `mail/<tag>.toml` holds the words of mails in the same manner, as [`MailWord`]s, and `pages/<tag>.toml` those of pages that
//! the server makes without the app or paints for it to adopt, as [`PageWord`]s. They stay on the server. So does
//! `events/<tag>.toml`, what the audit log calls its events, by the words that they have in the database.

mod titles;

pub use titles::title;

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

/// A plural category of CLDR: which form of a word stands with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluralCategory {
    /// `zero`
    Zero,
    /// `one`
    One,
    /// `two`
    Two,
    /// `few`
    Few,
    /// `many`
    Many,
    /// `other`: what every language has.
    Other,
}

impl PluralCategory {
    /// By its name in CLDR, which `Intl.PluralRules` gives; [`Self::Other`] for one that does not exist.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "zero" => Self::Zero,
            "one" => Self::One,
            "two" => Self::Two,
            "few" => Self::Few,
            "many" => Self::Many,
            _ => Self::Other,
        }
    }
}

/// A word that counts something, with a form for each plural category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted<W> {
    zero: W,
    one: W,
    two: W,
    few: W,
    many: W,
    other: W,
}

impl<W: Copy> Counted<W> {
    /// The form of a category, by what gives the text of a word; that of [`PluralCategory::Other`] when the language does not
    /// have the category.
    pub fn form<'a>(self, category: PluralCategory, text: impl Fn(W) -> &'a str) -> &'a str {
        let word = match category {
            PluralCategory::Zero => self.zero,
            PluralCategory::One => self.one,
            PluralCategory::Two => self.two,
            PluralCategory::Few => self.few,
            PluralCategory::Many => self.many,
            PluralCategory::Other => self.other,
        };
        match text(word) {
            "" => text(self.other),
            form => form,
        }
    }
}

/// Puts a value where `{name}` stands.
#[must_use]
pub fn fill(text: &str, name: &str, value: &str) -> String {
    text.replace(&["{", name, "}"].concat(), value)
}

#[cfg(feature = "tables")]
mod tables {
    use icu_locale_core::Locale;
    use icu_plurals::{PluralCategory as Category, PluralRules};

    use super::{Counted, Language, MailWord, PageWord, PluralCategory, Word, fill, words::COUNT};

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

        /// The word of a page without the app that counts this many, with the number in it.
        #[must_use]
        pub fn page_word_counting(self, word: Counted<PageWord>, count: u64) -> String {
            let form = word.form(self.plural_category(count), |word| self.page_word(word));
            fill(form, "count", &count.to_string())
        }

        /// The plural category of a number (CLDR, Language Plural Rules).
        #[must_use]
        pub fn plural_category(self, count: u64) -> PluralCategory {
            // Both know every tag that there is a file for: the tests look.
            match self.plural_rules().map_or(Category::Other, |rules| rules.category_for(count)) {
                Category::Zero => PluralCategory::Zero,
                Category::One => PluralCategory::One,
                Category::Two => PluralCategory::Two,
                Category::Few => PluralCategory::Few,
                Category::Many => PluralCategory::Many,
                Category::Other => PluralCategory::Other,
            }
        }

        pub(super) fn plural_rules(self) -> Option<PluralRules> {
            let locale: Locale = self.tag().parse().ok()?;
            PluralRules::try_new_cardinal(locale.into()).ok()
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

#[cfg(feature = "tables")]
mod sections;

#[cfg(feature = "tables")]
pub use sections::{Section, sections};

#[cfg(all(test, feature = "tables"))]
mod tests {
    use super::{words, *};

    #[test]
    fn every_language_declares_the_plural_categories_of_cldr() {
        for language in Language::ALL {
            let rules = language.plural_rules().expect("is a language of CLDR");
            let name = |category| format!("{category:?}").to_lowercase();
            let mut categories: Vec<String> = rules.categories().map(name).collect();
            categories.sort();
            assert_eq!(categories, language.plurals(), "{language:?}");
        }
    }

    #[test]
    fn the_form_follows_the_number() {
        let sentence = |language: Language, count| language.page_word_counting(pages::too_often::TEXT, count);
        assert_eq!(sentence(Language::En, 1), "Wait 1 minute, then open your access link again.");
        assert_eq!(sentence(Language::En, 60), "Wait 60 minutes, then open your access link again.");
        assert_eq!(sentence(Language::De, 1), "Warten Sie 1 Minute und öffnen Sie Ihren Zugriffslink dann erneut.");
        let minutes = [(1, "минуту"), (2, "минуты"), (5, "минут"), (11, "минут"), (21, "минуту"), (60, "минут")];
        for (count, form) in minutes {
            let expected = format!("Подождите {count} {form} и снова откройте ссылку для доступа.");
            assert_eq!(sentence(Language::Ru, count), expected);
        }
        assert_eq!(sentence(Language::ZhHans, 1), "请等待 1 分钟，然后再次打开您的访问链接。");
    }

    #[test]
    fn the_browser_chooses_the_form_by_the_name_of_its_category() {
        let form =
            |category| words::recovery_codes::LEFT.form(PluralCategory::parse(category), |w| Language::En.word(w));
        assert_eq!(form("one"), "{count} recovery code left.");
        assert_eq!(form("other"), "{count} recovery codes left.");
        assert_eq!(form("few"), form("other"), "English has no such category");
    }

    #[test]
    fn constants_point_at_their_words() {
        assert_eq!(Language::En.word(words::credentials::PASSWORD), "Password");
        assert_eq!(fill(Language::En.word(words::home::WELCOME), "name", "Ada"), "Welcome, Ada");
    }

    #[test]
    fn the_words_of_mails_and_pages_have_tables_of_their_own() {
        assert_eq!(Language::En.mail_word(mail::letter::OPERATOR), "An operator (on the server)");
        assert_eq!(Language::ZhHans.mail_word(mail::letter::UNKNOWN_BROWSER), "未知");
        let table = Language::En.table();
        assert!(!table.contains(&"An operator (on the server)"), "they would travel to every browser");
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
            ("de, en;q=0.5", Language::De),
            ("de-AT,de;q=0.9,en;q=0.8", Language::De),
            ("DE-ch", Language::De),
            ("ru-UA,uk;q=0.9,en;q=0.8", Language::Ru),
            ("uk-UA,uk;q=0.9,ru;q=0.8,en;q=0.7", Language::Ru),
            ("zh-TW,zh;q=0.9,en;q=0.8", Language::ZhHans),
            ("zh-HK", Language::ZhHans),
            ("zh-Hant-TW, en;q=0.9", Language::ZhHans),
            ("den, en;q=0.5", Language::En),
            (";;q=,,en;q=x", Language::En),
        ] {
            assert_eq!(Language::negotiate(accept), language, "{accept}");
        }
    }
}

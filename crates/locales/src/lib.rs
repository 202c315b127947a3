//! All texts that users read in Doorstep. `tests/terms.rs` enforces the field's terms.
//!
//! # How a text gets from its file to the screen
//!
//! 1. **File.** `languages/<tag>.toml` has all texts of one language. `[language]` has the language's own name, its
//!    direction, and its plural categories; `[style]` the rules that the tests check. English defines the keys.
//! 2. **Build.** `build.rs` generates a [`Language`] variant for each file, and a constant in [`words`] for each key: a
//!    [`Word`], which is an index into the tables of all languages, or a [`Counted`] word, which has an index for each
//!    plural category. So a misspelled key does not compile; a text or form that is missing, unknown, or has other
//!    placeholders fails the build.
//! 3. **Server.** It has the tables (feature `tables`). It chooses the language of a request by the user's cookie, or
//!    else by `Accept-Language` (`Language::negotiate`, called in the server's `http/language.rs`), and renders shells
//!    with its texts.
//! 4. **Browser.** Each app has a file with the table of each language: a JSON array in the order of the constants, with
//!    a hash in its name (`xtask/src/dist/words.rs`). It has the sections that the app shows: each section of `[words]`
//!    in `en.toml` lists its `apps`. The texts of other sections are empty strings, so that indices are the same. The shell links to
//!    the file of its app and language, the boot script fetches it, and the app (`src/i18n.rs`) looks texts up by index.
//!    No text is compiled into the app. `tests/apps.rs` finds texts that an app shows but does not have; in the browser,
//!    one is an error on the console.
//!
//! A sentence is one text with `{placeholders}`, which [`fill`] replaces; sentences are never concatenated from parts. A
//! sentence with a number has a form for each plural category (`left.one`, `left.other`), with the number as `{count}`:
//! the app selects it by `Intl.PluralRules`, the server by the same rules of CLDR.
//!
//! `[words]` are the texts of the apps. `[mail]` has those of mails in the same format, as [`MailWord`]s, and `[pages]`
//! those of pages that the server renders without the app or for it to adopt, as [`PageWord`]s. Their tables are not sent
//! to browsers. Nor is `[events]`, the titles of audit events by their names in the database.

mod titles;

pub use titles::title;

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The texts as constants: a module for each section of the language files.
pub mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// The index of a text in the table of every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(u16);

impl Word {
    const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The index, from 0 to [`words::COUNT`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The texts of mails as constants: a module for each section of the language files.
#[cfg(feature = "tables")]
pub mod mail {
    include!(concat!(env!("OUT_DIR"), "/mail.rs"));
}

/// The index of a text in the mail table of every language.
#[cfg(feature = "tables")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailWord(u16);

#[cfg(feature = "tables")]
impl MailWord {
    const fn new(index: u16) -> Self {
        Self(index)
    }
}

/// The texts of pages without the app as constants: a module for each section of the language files.
#[cfg(feature = "tables")]
pub mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}

/// The index of a text in the page table of every language.
#[cfg(feature = "tables")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageWord(u16);

#[cfg(feature = "tables")]
impl PageWord {
    const fn new(index: u16) -> Self {
        Self(index)
    }
}

/// A plural category of CLDR, which selects the form of a text for a number.
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
    /// `other`: the category that every language has.
    Other,
}

impl PluralCategory {
    /// Parses its name in CLDR, which `Intl.PluralRules` returns; [`Self::Other`] for an unknown one.
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

/// A text with a number, with a form for each plural category.
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
    /// The form for a category, looked up by `text`; that of [`PluralCategory::Other`] if the language lacks the
    /// category.
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

/// Replaces `{name}` by a value.
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

    /// The tables of mails.
    mod mail {
        use crate::{Language, mail::COUNT};

        include!(concat!(env!("OUT_DIR"), "/mail_tables.rs"));

        pub(super) fn of(language: Language) -> &'static [&'static str] {
            table(language)
        }
    }

    /// The tables of pages without the app.
    mod pages {
        use crate::{Language, pages::COUNT};

        include!(concat!(env!("OUT_DIR"), "/pages_tables.rs"));

        pub(super) fn of(language: Language) -> &'static [&'static str] {
            table(language)
        }
    }

    /// The tables of audit events.
    mod events {
        use crate::Language;

        include!(concat!(env!("OUT_DIR"), "/events_tables.rs"));

        pub(super) fn of(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
            KEYS.iter().copied().zip(table(language).iter().copied())
        }
    }

    impl Language {
        /// The title of an audit event; its name if it has no title.
        #[must_use]
        pub fn event(self, word: &str) -> &str {
            events::of(self).find_map(|(key, name)| (key == word).then_some(name)).unwrap_or(word)
        }

        /// The text in this language.
        #[must_use]
        pub fn word(self, word: Word) -> &'static str {
            self.table().get(word.index()).copied().unwrap_or_default()
        }

        /// The text of a mail in this language.
        #[must_use]
        pub fn mail_word(self, word: MailWord) -> &'static str {
            mail::of(self).get(usize::from(word.0)).copied().unwrap_or_default()
        }

        /// The text of a page without the app in this language.
        #[must_use]
        pub fn page_word(self, word: PageWord) -> &'static str {
            pages::of(self).get(usize::from(word.0)).copied().unwrap_or_default()
        }

        /// The text of a page without the app for this number, with the number in it.
        #[must_use]
        pub fn page_word_counting(self, word: Counted<PageWord>, count: u64) -> String {
            let form = word.form(self.plural_category(count), |word| self.page_word(word));
            fill(form, "count", &count.to_string())
        }

        /// The plural category of a number (CLDR, Language Plural Rules).
        #[must_use]
        pub fn plural_category(self, count: u64) -> PluralCategory {
            // Both know every language that has a file, as the tests check.
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

        /// The language with this tag.
        #[must_use]
        pub fn of_tag(tag: &str) -> Option<Self> {
            Self::ALL.into_iter().find(|language| language.tag() == tag)
        }

        /// All texts of this language, in the order of the constants.
        #[must_use]
        pub fn table(self) -> &'static [&'static str] {
            table(self)
        }

        /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4, RFC 4647 §3.4 lookup); English if none
        /// matches.
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

        /// The language with this tag, or with the same primary language (`de` for `de-AT`, `zh-Hans` for `zh-CN`).
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
    fn every_language_has_the_plural_categories_of_cldr() {
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
    fn the_browser_selects_the_form_by_its_category() {
        let form =
            |category| words::recovery_codes::LEFT.form(PluralCategory::parse(category), |w| Language::En.word(w));
        assert_eq!(form("one"), "{count} recovery code left.");
        assert_eq!(form("other"), "{count} recovery codes left.");
        assert_eq!(form("few"), form("other"), "English has no such category");
    }

    #[test]
    fn constants_are_indices_of_their_texts() {
        assert_eq!(Language::En.word(words::credentials::PASSWORD), "Password");
        assert_eq!(fill(Language::En.word(words::home::WELCOME), "name", "Ada"), "Welcome, Ada");
    }

    #[test]
    fn mails_and_pages_have_separate_tables() {
        assert_eq!(Language::En.mail_word(mail::letter::OPERATOR), "An operator (on the server)");
        assert_eq!(Language::ZhHans.mail_word(mail::letter::BROWSER), "浏览器");
        let table = Language::En.table();
        assert!(!table.contains(&"An operator (on the server)"), "they would be sent to every browser");
        assert_eq!(Language::En.page_word(pages::too_often::TITLE), "Too many attempts");
        assert_eq!(Language::ZhHans.page_word(pages::too_often::TITLE), "尝试次数过多");
    }

    #[test]
    fn events_have_titles() {
        assert_eq!(Language::En.event("signed_in"), "Signed in");
        assert_eq!(Language::ZhHans.event("signed_in"), "已登录");
        assert_eq!(Language::En.event("of_another_version"), "of_another_version");
    }

    #[test]
    fn languages_are_negotiated_with_english_as_fallback() {
        for (accept, language) in [
            ("en-GB,en;q=0.9", Language::En),
            ("tlh", Language::En),
            ("", Language::En),
            ("*", Language::En),
            ("en;q=0", Language::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::ZhHans),
            ("qaa, en;q=0.3, zh;q=0.7", Language::ZhHans),
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

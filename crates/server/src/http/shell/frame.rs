//! What every page has: the head, the places where the app mounts, the block for when it can't run, the data.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use doorstep_contract::{
    auth::Branding,
    mark::{DOOR, LEAF},
    paths,
    preferences::Theme,
    shell::id,
};
use doorstep_locales::{Language, fill, pages, words};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use crate::{
    config::{Footer, style_link},
    domain::accent::BRAND,
    http::language::LANGUAGE_PARAMETER,
};

/// How a page looks, whatever is on it.
pub(super) struct Look<'a> {
    pub(super) language: Language,
    pub(super) theme: Theme,
    pub(super) branding: &'a Branding,
    /// What stands at the foot.
    pub(super) footer: &'a Footer,
    /// The page's own title, when it is known before the app is there.
    pub(super) title: Option<&'static str>,
    /// What can be chosen at the foot.
    pub(super) choices: Choices,
    /// The version of the server, for users who are signed in: no other client needs to know it.
    pub(super) version: Option<&'static str>,
    /// What stands in front of the paths of the app's files: nothing, or the portal's path.
    pub(super) below: &'static str,
}

/// What the foot of a page lets its reader choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choices {
    /// Nothing: no app is there to listen.
    Nothing,
    /// The language, by links: no app is there to listen, and the address of the page takes the choice.
    LanguageByLinks,
    /// Language and theme. A user who is signed in has a menu for the theme: the style hides it while there is one.
    LanguageAndTheme,
}

/// The parts of a shell that differ.
pub(super) struct Frame<'a, D> {
    pub(super) look: Look<'a>,
    /// The tags that load the app.
    pub(super) asset_tags: &'a str,
    /// The path of the words.
    pub(super) words: &'a str,
    /// What is painted above.
    pub(super) header: Option<&'a Markup>,
    /// What is painted.
    pub(super) main: Option<&'a Markup>,
    /// Screens for the app to clone when they were not painted, each with the name of its `<template>`.
    pub(super) templates: &'a [(&'static str, Markup)],
    pub(super) data: &'a D,
}

/// A page without the app.
pub(super) struct Still<'a> {
    pub(super) look: Look<'a>,
    /// The tag that loads the styles, if there are any.
    pub(super) styles: Option<&'a str>,
    /// Whether its form says which origin it is of, to a server that is told nothing better (docs/decisions.md).
    pub(super) says_origin: bool,
    pub(super) main: &'a Markup,
}

/// The colour of the lamp.
const LAMP: &str = "#f0b55c";

/// The beginning of a page that the app runs on.
pub(super) fn page<D: Serialize>(frame: &Frame<'_, D>) -> Markup {
    let look = &frame.look;
    let head = html! {
        (look.tags(frame.asset_tags))
        (look.accent())
        link id=(id::WORDS) rel="preload" as="fetch" type="application/json" crossorigin="anonymous"
            href={ (look.below) (frame.words) };
    };
    let body = html! {
        div id=(id::HEADER) { @if let Some(header) = frame.header { (header) } }
        main id=(id::MAIN) {
            (without_scripts(look.language))
            @match frame.main {
                Some(painted) => (painted),
                None => p class="slow" { (look.language.word(words::stopped::SLOW_PAGE)) },
            }
        }
        (stopped(look.language))
        @for (name, screen) in frame.templates { template id=(name) { (screen) } }
        script id=(id::DATA) type="application/json" { (PreEscaped(json(frame.data))) }
    };
    look.document(&head, &body)
}

/// A page that needs no app.
pub(super) fn still(still: &Still<'_>) -> Markup {
    let look = &still.look;
    let head = html! {
        @if still.says_origin { meta name="referrer" content="same-origin"; }
        @if let Some(styles) = still.styles { (look.tags(styles)) }
        (look.accent())
    };
    // The header is a row of the page, with or without something in it.
    let body = html! {
        div id=(id::HEADER) {}
        main id=(id::MAIN) { (still.main) }
    };
    look.document(&head, &body)
}

impl Look<'_> {
    fn document(&self, head: &Markup, body: &Markup) -> Markup {
        let title = self.title.map_or_else(
            || self.branding.name.clone(),
            |title| {
                let text = fill(self.language.word(words::app::TITLE), "page", title);
                fill(&text, "installation", &self.branding.name)
            },
        );
        let theme = (self.theme != Theme::System).then(|| self.theme.as_str());
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) dir=(self.language.direction()) data-theme=[theme] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    // The header's ground, for the bars of the browser.
                    meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff";
                    meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1b211e";
                    title { (title) }
                    link rel="icon" href=(icon(self.branding));
                    (head)
                }
                body {
                    // The app's router leaves it to the browser, which moves the focus along.
                    a class="skip-link" href={ "#" (id::MAIN) } rel="external" {
                        (self.language.page_word(pages::frame::SKIP))
                    }
                    (body)
                    (self.foot())
                }
            }
        }
    }

    /// What can be chosen; links of the installation, where it has some; the version.
    fn foot(&self) -> Markup {
        let Footer { support, privacy, terms } = self.footer;
        let links = [(support, pages::frame::SUPPORT), (privacy, pages::frame::PRIVACY), (terms, pages::frame::TERMS)];
        let links = links.into_iter().filter_map(|(address, word)| Some((address.as_deref()?, word)));
        html! {
            @if self.choices != Choices::Nothing || *self.footer != Footer::default() {
                footer class="footer" {
                    @match self.choices {
                        Choices::Nothing => {}
                        Choices::LanguageByLinks => (languages(self)),
                        Choices::LanguageAndTheme => (preferences(self)),
                    }
                    @for (address, word) in links {
                        a href=(address) rel="external" { (self.language.page_word(word)) }
                    }
                    @if let Some(version) = self.version { span class="version" { "Doorstep " (version) } }
                }
            }
        }
    }

    /// Tags as the build wrote them.
    fn tags<'a>(&self, tags: &'a str) -> PreEscaped<Cow<'a, str>> {
        if self.below.is_empty() {
            return PreEscaped(Cow::Borrowed(tags));
        }
        let begin = |path: &[&str]| ["=\"", &path.concat()].concat();
        PreEscaped(Cow::Owned(tags.replace(&begin(&[paths::ASSETS]), &begin(&[self.below, paths::ASSETS]))))
    }

    fn accent(&self) -> Markup {
        html! {
            @if let Some(accent) = &self.branding.accent {
                @let (path, integrity) = style_link(accent);
                link rel="stylesheet" href={ (self.below) (path) } integrity=(integrity);
            }
        }
    }
}

/// Whose page it is.
pub(super) fn brand(branding: &Branding) -> Markup {
    html! { p class="brand" { (brand_parts(branding)) } }
}

/// Logo or mark, and name; to be put into what they are the label of.
pub(super) fn brand_parts(branding: &Branding) -> Markup {
    html! {
        @match &branding.logo {
            // One of two is not displayed, and what is not displayed is not loaded (style/parts/icon.css).
            Some(logo) => @match &branding.logo_dark {
                Some(dark) => {
                    img class="logo-light" src=(logo) alt="" height="32" loading="lazy";
                    img class="logo-dark" src=(dark) alt="" height="32" loading="lazy";
                },
                None => img src=(logo) alt="" height="32";,
            },
            None => (mark()),
        }
        (branding.name)
    }
}

/// The mark of an installation that has no logo.
fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" {
            rect width="32" height="32" rx="7" {}
            path class="leaf" d=(LEAF) {}
            path class="door" d=(DOOR) {}
        }
    }
}

/// The same as the icon of the window, as a data URL: a file of its own would be one more request.
fn icon(branding: &Branding) -> String {
    let brand = branding.accent.as_deref().unwrap_or(BRAND);
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" {
            rect width="32" height="32" rx="7" fill=(brand) {}
            path d=(LEAF) fill=(LAMP) {}
            path d=(DOOR) fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" {}
        }
    };
    ["data:image/svg+xml;base64,", &STANDARD.encode(svg.into_string())].concat()
}

/// The languages: that of the page, and links to it in the others. They name its path: an access link takes no language.
fn languages(look: &Look<'_>) -> Markup {
    html! {
        nav class="preferences" aria-label=(look.language.word(words::menu::LANGUAGE)) {
            @for language in Language::ALL {
                @let tag = language.tag();
                @if language == look.language {
                    span aria-current="true" { (language.name()) }
                } @else {
                    a href={ (look.below) "?" (LANGUAGE_PARAMETER) "=" (tag) } rel="nofollow" lang=(tag) hreflang=(tag) {
                        (language.name())
                    }
                }
            }
        }
    }
}

/// Language and theme, for the app to listen to (its `preferences.rs`).
fn preferences(look: &Look<'_>) -> Markup {
    use words::menu::{LANGUAGE, THEME, THEME_DARK, THEME_LIGHT, THEME_SYSTEM};
    let t = |word| look.language.word(word);
    let themes = [(Theme::System, THEME_SYSTEM), (Theme::Light, THEME_LIGHT), (Theme::Dark, THEME_DARK)];
    html! {
        div class="preferences app-only" {
            label {
                (t(LANGUAGE)) " "
                select id=(id::LANGUAGE) autocomplete="off" {
                    @for language in Language::ALL {
                        option value=(language.tag()) lang=(language.tag()) selected[language == look.language] {
                            (language.name())
                        }
                    }
                }
            }
            label class="theme-choice" {
                (t(THEME)) " "
                select id=(id::THEME) autocomplete="off" {
                    @for (theme, word) in themes {
                        option value=(theme.as_str()) selected[theme == look.theme] { (t(word)) }
                    }
                }
            }
        }
    }
}

/// Why the app does not run and what to do: shown by the boot script or by the app's panic hook.
fn stopped(language: Language) -> Markup {
    use words::stopped::{RELOAD, TEXT, TITLE, UNLOADED_TEXT, UNLOADED_TITLE, UNSUPPORTED_TEXT, UNSUPPORTED_TITLE};
    let reasons = [
        ("unsupported", UNSUPPORTED_TITLE, UNSUPPORTED_TEXT),
        ("unloaded", UNLOADED_TITLE, UNLOADED_TEXT),
        ("crashed", TITLE, TEXT),
    ];
    html! {
        section id=(id::STOPPED) class="stopped" role="alert" hidden {
            @for (reason, title, text) in reasons {
                div data-reason=(reason) hidden {
                    h2 { (language.word(title)) }
                    p { (language.word(text)) }
                }
            }
            button type="button" class="button" data-reload { (language.word(RELOAD)) }
        }
    }
}

/// What the browser itself shows when scripts are off.
fn without_scripts(language: Language) -> Markup {
    html! {
        noscript {
            section class="notice" {
                h2 { (language.word(words::stopped::NO_SCRIPT_TITLE)) }
                p { (language.word(words::stopped::NO_SCRIPT_TEXT)) }
            }
        }
    }
}

/// JSON that can't end the element it stands in.
fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

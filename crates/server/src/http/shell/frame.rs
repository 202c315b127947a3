//! What all pages share: the head, the elements where the app mounts, the fallback for when it can't run, and its
//! data.

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

/// The parts of a page's appearance that do not depend on its content.
pub(super) struct Look<'a> {
    pub(super) language: Language,
    pub(super) theme: Theme,
    pub(super) branding: &'a Branding,
    /// The links in the footer.
    pub(super) footer: &'a Footer,
    /// The page's title, when it is known without the app.
    pub(super) title: Option<&'static str>,
    /// The choices in the footer.
    pub(super) choices: Choices,
    /// The server's version, for signed-in users only.
    pub(super) version: Option<&'static str>,
    /// The prefix of the paths of the app's files: empty, or the portal's path.
    pub(super) below: &'static str,
}

/// The choices that the footer offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choices {
    /// None: there is no app to handle them.
    Nothing,
    /// The language, by links with a query parameter: there is no app to handle a choice.
    LanguageByLinks,
    /// Language and theme. The style hides the theme for signed-in users, who have it in the account menu.
    LanguageAndTheme,
}

/// The parts in which pages with the app differ.
pub(super) struct Frame<'a, D> {
    pub(super) look: Look<'a>,
    /// The tags that load the app.
    pub(super) asset_tags: &'a str,
    /// The path of the translations.
    pub(super) words: &'a str,
    /// The rendered header.
    pub(super) header: Option<&'a Markup>,
    /// The rendered content of `main`.
    pub(super) main: Option<&'a Markup>,
    /// Screens that are not rendered, for the app to clone, each with the name of its `<template>`.
    pub(super) templates: &'a [(&'static str, Markup)],
    pub(super) data: &'a D,
}

/// A page without the app.
pub(super) struct Still<'a> {
    pub(super) look: Look<'a>,
    /// The stylesheet's tag, if there is one.
    pub(super) styles: Option<&'a str>,
    /// Whether its form contains the page's origin, for servers that receive no better proof (docs/decisions.md).
    pub(super) says_origin: bool,
    pub(super) main: &'a Markup,
}

/// The colour of the lamp in the mark.
const LAMP: &str = "#f0b55c";

/// Renders a page that runs the app.
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

/// Renders a page without the app.
pub(super) fn still(still: &Still<'_>) -> Markup {
    let look = &still.look;
    let head = html! {
        @if still.says_origin { meta name="referrer" content="same-origin"; }
        @if let Some(styles) = still.styles { (look.tags(styles)) }
        (look.accent())
    };
    // The header is a grid row of the page even when it is empty.
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
                    // The header's background, for the browser's toolbars.
                    meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff";
                    meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1b211e";
                    title { (title) }
                    link rel="icon" href=(icon(self.branding));
                    (head)
                }
                body {
                    // `rel="external"`: the app's router leaves the link to the browser, which then moves the
                    // focus.
                    a class="skip-link" href={ "#" (id::MAIN) } rel="external" {
                        (self.language.page_word(pages::frame::SKIP))
                    }
                    (body)
                    (self.foot())
                }
            }
        }
    }

    /// The footer: choices, the installation's links, and the version.
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

    /// Tags as the build wrote them, with the prefix added to their paths.
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

/// The installation's logo and name.
pub(super) fn brand(branding: &Branding) -> Markup {
    html! { p class="brand" { (brand_parts(branding)) } }
}

/// Logo or mark, and name, for use inside a link or heading that they label.
pub(super) fn brand_parts(branding: &Branding) -> Markup {
    html! {
        @match &branding.logo {
            // The style hides one of the two, and browsers do not load hidden images (style/parts/icon.css).
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

/// The default mark, for installations without a logo.
fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" {
            rect width="32" height="32" rx="7" {}
            path class="leaf" d=(LEAF) {}
            path class="door" d=(DOOR) {}
        }
    }
}

/// The favicon as a data URL, which saves a request.
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

/// The page's language, and links to the page in the others. They contain only the path: an access link takes no
/// parameters.
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

/// The language and theme controls, which the app handles (its `preferences.rs`).
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
            label {
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

/// The error shown by the boot script or the app's panic hook when the app cannot run.
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

/// The content of `<noscript>`.
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

/// JSON for a script element, escaped so that it cannot close the element.
fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

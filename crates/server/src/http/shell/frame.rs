//! What every shell has: the head, the places where the app mounts, the block for when it can't run, the data.

use doorstep_contract::{
    auth::Branding,
    preferences::Theme,
    shell::{ShellData, id},
};
use doorstep_locales::{Language, fill, words};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::config::style_link;

/// The parts of a shell that differ.
pub(super) struct Frame<'a> {
    pub(super) language: Language,
    pub(super) theme: Theme,
    pub(super) branding: &'a Branding,
    /// The page's own title, when it is known before the app is there.
    pub(super) title: Option<&'static str>,
    /// The tags that load the app.
    pub(super) asset_tags: &'a str,
    /// The path of the words.
    pub(super) words: &'a str,
    /// What is painted.
    pub(super) main: Option<&'a Markup>,
    /// The sign-in screen, for the app to clone when it was not painted.
    pub(super) login_template: &'a Markup,
    pub(super) data: &'a ShellData,
}

/// A house front with an open door, as a data URL: a file of its own would be one more request.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='32' height='32' rx='8' fill='%232f5d50'/%3E\
    %3Cpath d='M10 26V9a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v17M6 26h20' fill='none' stroke='%23fff' stroke-width='2.5' \
    stroke-linecap='round'/%3E%3Ccircle cx='18' cy='17' r='1.6' fill='%23fff'/%3E%3C/svg%3E";

pub(super) fn page(frame: &Frame<'_>) -> Markup {
    let title = frame.title.map_or_else(
        || frame.branding.name.clone(),
        |title| {
            let text = fill(frame.language.word(words::app::TITLE), "page", title);
            fill(&text, "installation", &frame.branding.name)
        },
    );
    let theme = (frame.theme != Theme::System).then(|| frame.theme.as_str());
    html! {
        (DOCTYPE)
        html lang=(frame.language.tag()) dir=(frame.language.direction()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href=(PreEscaped(ICON));
                (PreEscaped(frame.asset_tags))
                @if let Some(accent) = &frame.branding.accent {
                    @let (path, integrity) = style_link(accent);
                    link rel="stylesheet" href=(path) integrity=(integrity);
                }
                link id=(id::WORDS) rel="preload" as="fetch" type="application/json" crossorigin="anonymous"
                    href=(frame.words);
            }
            body {
                div id=(id::HEADER) {}
                main id=(id::MAIN) {
                    (without_scripts(frame.language))
                    @match frame.main {
                        Some(painted) => (painted),
                        None => p class="slow" { (frame.language.word(words::stopped::SLOW_PAGE)) },
                    }
                }
                (stopped(frame.language))
                template id=(id::LOGIN_TEMPLATE) { (frame.login_template) }
                script id=(id::DATA) type="application/json" { (PreEscaped(json(frame.data))) }
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
fn json(data: &ShellData) -> String {
    serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c")
}

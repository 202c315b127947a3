//! Error pages for when a shell can't be rendered.

use doorstep_locales::{Language, words};
use maud::{DOCTYPE, Markup, html};

/// The server was built without the app. For developers, so in English.
pub(super) fn without_app() -> Markup {
    plain(
        Language::En,
        "This server has no pages",
        "Build both with `cargo xtask build`. Or set DOORSTEP_DIST to the folder that `cargo xtask dist` makes: when a \
         release build is built, or when a debug build starts.",
    )
}

/// The database does not respond.
pub(super) fn without_database(language: Language) -> Markup {
    plain(language, language.word(words::portal::ERROR_TITLE), language.word(words::error::SERVICE_UNAVAILABLE))
}

fn plain(language: Language, title: &str, text: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
            }
            body {
                main {
                    h1 { (title) }
                    p { (text) }
                }
            }
        }
    }
}

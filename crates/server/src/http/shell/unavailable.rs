//! Pages for when there is no shell to send.

use doorstep_locales::{Language, words};
use maud::{DOCTYPE, Markup, html};

/// The server has no app: for its developer, so in English.
pub(super) fn without_app() -> Markup {
    plain(
        Language::En,
        "This server has no pages",
        "Build both with `cargo xtask build`. Or set DOORSTEP_DIST to the folder that `cargo xtask dist` makes: when a \
         release build is built, or when a debug build starts.",
    )
}

/// The database does not answer.
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

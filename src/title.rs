//! The window's title: the page first, then the installation.

use doorstep_contract::auth::Branding;
use doorstep_locales::{Word, fill, words::app};
use leptos::prelude::*;

use crate::i18n::{t, t_with};

/// Shows the title of a page.
pub(crate) fn show(page: Word) {
    show_name(t(page));
}

/// Shows the title of a page that has a name of its own.
pub(crate) fn show_name(page: &str) {
    let installation = use_context::<Branding>().unwrap_or_default().name;
    let title = t_with(app::TITLE, "page", page);
    document().set_title(&fill(&title, "installation", &installation));
}

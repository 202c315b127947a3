//! The document's language and title.

use doorstep_contract::auth::Branding;
use doorstep_locales::{Language, fill, words::app};
use leptos::prelude::*;
use leptos_meta::{Html, Title};

use crate::i18n::{language_tag, t_with};

/// Sets language and direction of the document, and formats its title: the page first, then the installation.
#[component]
pub(crate) fn Document() -> impl IntoView {
    let installation = use_context::<Branding>().unwrap_or_default().name;
    let formatter = move |page: String| fill(&t_with(app::TITLE, "page", &page), "installation", &installation);
    let tag = language_tag();
    let language = Language::ALL.into_iter().find(|language| language.tag() == tag).unwrap_or(Language::En);
    view! {
        <Html {..} lang=language.tag() dir=language.direction() />
        <Title formatter />
    }
}

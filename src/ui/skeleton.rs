//! Placeholders for content that is being loaded.

use doorstep_locales::words::list as words;
use leptos::prelude::*;

use crate::i18n::t;

/// The placeholder, with a text for screen readers.
#[component]
pub(crate) fn Skeleton() -> impl IntoView {
    view! {
        <div role="status">
            <p class="visually-hidden">{t(words::LOADING)}</p>
            <Outline />
        </div>
    }
}

/// Three rows, shown after a delay, so that fast answers do not flicker.
#[component]
pub(crate) fn Outline() -> impl IntoView {
    view! {
        <div class="outline" aria-hidden="true">
            <span></span>
            <span></span>
            <span></span>
        </div>
    }
}

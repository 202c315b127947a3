//! What stands in place of what is being loaded.

use doorstep_locales::words::list as words;
use leptos::prelude::*;

use crate::i18n::t;

/// The outline, and in words that something is being loaded.
#[component]
pub(crate) fn Skeleton() -> impl IntoView {
    view! {
        <div role="status">
            <p class="visually-hidden">{t(words::LOADING)}</p>
            <Outline />
        </div>
    }
}

/// Three rows in outline, shown after a moment: what comes at once does not flicker.
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

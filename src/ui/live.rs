//! Live regions: what changes is announced by screen readers. They are there before anything is in them, or the first
//! change would be missed.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// The place of an error; empty while there is none.
#[component]
pub(crate) fn Alert(#[prop(into)] error: Signal<Option<Word>>) -> impl IntoView {
    view! {
        <div class="alert" role="alert">
            {move || error.get().map(t)}
        </div>
    }
}

/// The place of news; empty while there are none.
#[component]
pub(crate) fn Status(children: Children) -> impl IntoView {
    view! {
        <div role="status" class="notice-place">
            {children()}
        </div>
    }
}

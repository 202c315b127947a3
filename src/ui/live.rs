//! Live regions: screen readers announce changes in them. They are in the document while they are empty, or the first
//! change would be missed.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// The region for an error; empty while there is none.
#[component]
pub(crate) fn Alert(#[prop(into)] error: Signal<Option<Word>>) -> impl IntoView {
    view! {
        <div class="alert" role="alert">
            {move || error.get().map(t)}
        </div>
    }
}

/// The region for a status message; empty while there is none.
#[component]
pub(crate) fn Status(children: Children) -> impl IntoView {
    view! {
        <div role="status" class="notice-place">
            {children()}
        </div>
    }
}

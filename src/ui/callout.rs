//! An error in place of content that could not be loaded.

use doorstep_locales::{Word, words::list as words};
use leptos::prelude::*;

use super::{button::Button, live::Alert};
use crate::i18n::t;

/// The error, with a button to try again where that may help; empty without an error.
#[component]
pub(crate) fn Callout(
    #[prop(into)] error: Signal<Option<Word>>,
    #[prop(into)] may_help: Signal<bool>,
    #[prop(into)] on_again: UnsyncCallback<()>,
) -> impl IntoView {
    let failed = Memo::new(move |_| error.get().is_some());
    let again = move || {
        (failed.get() && may_help.get()).then(|| {
            view! {
                <Button small=true on_press=on_again>
                    {t(words::AGAIN)}
                </Button>
            }
        })
    };
    view! {
        <div class="callout" data-failed=move || failed.get().then_some("true")>
            <Alert error />
            {again}
        </div>
    }
}

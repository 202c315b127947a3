//! A button that shows that it works, and can't be pressed twice while it does.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// A button. `busy` keeps it focusable, so that the focus is not lost while it works.
pub(crate) fn busy_button(label: Word, busy: Signal<bool>, press: impl Fn() + 'static) -> AnyView {
    erased("button", label, busy, Box::new(press))
}

/// The same, for what its page is there for.
pub(crate) fn busy_primary_button(label: Word, busy: Signal<bool>, press: impl Fn() + 'static) -> AnyView {
    erased("button primary", label, busy, Box::new(press))
}

fn erased(class: &'static str, label: Word, busy: Signal<bool>, press: Box<dyn Fn()>) -> AnyView {
    let press = move |_| {
        if !busy.get_untracked() {
            press();
        }
    };
    view! {
        <button
            type="button"
            class=class
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=press
        >
            {t(label)}
        </button>
    }
    .into_any()
}

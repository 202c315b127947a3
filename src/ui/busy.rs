//! A button that shows that it works, and can't be pressed twice while it does.

use doorstep_locales::Word;
use leptos::prelude::*;

use crate::i18n::t;

/// A button, of a class as that of [`button`](super::part::button). `busy` keeps it focusable, so that the focus is not lost
/// while it works.
pub(crate) fn busy_button(class: &'static str, label: Word, busy: Signal<bool>, press: impl Fn() + 'static) -> AnyView {
    erased(class, label, busy, Box::new(press))
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

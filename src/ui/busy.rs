//! A button that shows that it works, and can't be pressed twice while it does.

use leptos::prelude::*;

/// A button. `busy` keeps it focusable, so that the focus is not lost while it works.
#[component]
pub(crate) fn BusyButton(
    /// What to do when it is pressed.
    on_press: Box<dyn Fn()>,
    /// Whether it works.
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if !busy.get_untracked() {
            on_press();
        }
    };
    view! {
        <button
            type="button"
            class="button"
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=press
        >
            {children()}
        </button>
    }
}

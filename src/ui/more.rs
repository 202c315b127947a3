//! The actions of a row, behind a button.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

/// The button and its items, which are buttons. Only one on the page is open.
#[component]
pub(crate) fn More(
    /// The accessible name of the button.
    name: String,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        let Some(details) = details.get_untracked() else { return };
        details.set_open(false);
        let summary = details.first_element_child();
        if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    view! {
        <details class="more" name="more" node_ref=details on:keydown=pressed>
            <summary aria-label=name>"⋯"</summary>
            // Before the press is handled: a dialog restores the focus to the element that had it.
            <div class="more-items" on:click:capture=move |_| close()>
                {children()}
            </div>
        </details>
    }
}

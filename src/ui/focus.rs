//! Moving the focus.

use leptos::prelude::*;
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast as _};

/// Moves the focus to the heading of the page, once it is drawn, so that a screen reader starts there. It is the first
/// focusable heading: on pages that share their `h1`, the `h2` below it.
pub(crate) fn focus_heading() {
    request_animation_frame(|| focus_first("main :is(h1, h2)[tabindex]"));
}

/// Moves the focus to the element with this `id`, once it is drawn.
pub(crate) fn focus_when_drawn(id: &'static str) {
    request_animation_frame(move || focus_on(id));
}

/// Moves the focus to the element with this `id`, if there is one.
pub(crate) fn focus_on(id: &str) {
    focus(document().get_element_by_id(id));
}

/// Moves the focus to the first element that matches the CSS selector, if there is one.
pub(crate) fn focus_first(selector: &str) {
    focus(document().query_selector(selector).ok().flatten());
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

//! Where the focus goes when what had it is gone.

use leptos::prelude::*;
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast as _};

/// Moves the focus to the heading of the page, once it is drawn: a screen reader begins there.
pub(crate) fn focus_heading() {
    request_animation_frame(|| focus(document().query_selector("main h1").ok().flatten()));
}

/// Moves the focus to the element with this `id`, when there is one.
pub(crate) fn focus_on(id: &str) {
    focus(document().get_element_by_id(id));
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

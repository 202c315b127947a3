//! Where the focus goes when what had it is gone.

use leptos::prelude::*;
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

/// Moves the focus to the heading of the page, once it is drawn: a screen reader begins there.
pub(crate) fn focus_heading() {
    request_animation_frame(|| {
        if let Ok(Some(heading)) = document().query_selector("main h1")
            && let Ok(heading) = heading.dyn_into::<HtmlElement>()
        {
            let _ = heading.focus();
        }
    });
}

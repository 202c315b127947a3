//! The data of the server's shell, and the elements that it has painted.

use doorstep_contract::{password::DEFAULT_MIN, shell::id};
use leptos::{mount::mount_to, prelude::*};
use serde::de::DeserializeOwned;
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

use crate::{api::json, ui::focus::focus_first};

/// The minimum length of a password, in characters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PasswordMinLength(pub(crate) u32);

impl Default for PasswordMinLength {
    fn default() -> Self {
        Self(u32::try_from(DEFAULT_MIN).unwrap_or(u32::MAX))
    }
}

/// The JSON data block; `None` if it is missing or not of this type.
pub(crate) fn read<T: DeserializeOwned>() -> Option<T> {
    let text = document().get_element_by_id(id::DATA)?.text_content()?;
    json::from_str(&text)
}

/// An element to mount an app in.
pub(crate) fn place(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Draws the header in place of the painted one, and removes the painted outline of the page, which is drawn before the
/// next frame. A focused link keeps the focus.
pub(crate) fn mount_header<V: IntoView + 'static>(header: impl FnOnce() -> V + 'static) {
    let Some(place) = place(id::HEADER) else { return };
    let focused = focused_link();
    place.set_inner_html("");
    if let Some(outline) = self::place(id::OUTLINE) {
        outline.remove();
    }
    mount_to(place, header).forget();
    if let Some(selector) = focused {
        request_animation_frame(move || focus_first(&selector));
    }
}

/// A CSS selector for the focused link of the painted header, which finds it in the drawn one.
fn focused_link() -> Option<String> {
    let focused = document().active_element()?;
    let link = focused.get_attribute("href")?;
    let room = [id::HEADER, id::OUTLINE]
        .into_iter()
        .find(|room| place(room).is_some_and(|place| place.contains(Some(&focused))))?;
    let room = if room == id::OUTLINE { id::MAIN } else { room };
    Some(["#", room, " [href=\"", &link, "\"]"].concat())
}

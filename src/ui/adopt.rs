//! Adopting what the server has painted: the elements stay where they are, with what was typed, focus and autofill,
//! and get listeners. They are never drawn again, so there is one source of their markup.

use leptos::prelude::*;
use web_sys::{
    Element, Event, EventTarget, HtmlTemplateElement,
    wasm_bindgen::{JsCast, closure::Closure},
};

/// A screen that the server painted, or a copy of its template.
#[derive(Debug, Clone)]
pub(crate) struct Screen(Element);

impl Screen {
    /// The painted screen; when it was not painted, a copy of its template, put at the end of `parent`. It goes with
    /// the reactive owner that asked for it. `None` when the shell has neither.
    pub(crate) fn adopt(id: &str, template_id: &str, parent_id: &str) -> Option<Self> {
        let screen = document().get_element_by_id(id).or_else(|| copy(template_id, parent_id))?;
        let removed = send_wrapper::SendWrapper::new(screen.clone());
        on_cleanup(move || removed.remove());
        Some(Self(screen))
    }

    /// The element with this `id`, when it is in the screen and of this kind.
    pub(crate) fn find<T: JsCast>(&self, id: &str) -> Option<T> {
        self.find_first(&["#", id].concat())
    }

    /// The first element of this kind that the CSS selector names.
    pub(crate) fn find_first<T: JsCast>(&self, selector: &str) -> Option<T> {
        self.0.query_selector(selector).ok()??.dyn_into().ok()
    }
}

fn copy(template_id: &str, parent_id: &str) -> Option<Element> {
    let template: HtmlTemplateElement = document().get_element_by_id(template_id)?.dyn_into().ok()?;
    let copy = template.content().first_element_child()?.clone_node_with_deep(true).ok()?;
    document().get_element_by_id(parent_id)?.append_child(&copy).ok()?.dyn_into().ok()
}

/// Calls `handle` for each event. The listener lives as long as the element.
pub(crate) fn listen<E: JsCast + 'static>(target: &EventTarget, event: &str, handle: impl Fn(E) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| handle(event.unchecked_into()));
    // Refused only for a target that is none.
    let _ = target.add_event_listener_with_callback(event, closure.into_js_value().unchecked_ref());
}

/// What keeps something at what it says. Boxed: each type of its own would be compiled anew.
type Keep = Box<dyn Fn()>;

/// Does it now, and whenever something that it has read has changed.
fn keep(keep: Keep) {
    Effect::new(move |_: Option<()>| keep());
}

/// Keeps the text of an element at what the function says.
pub(crate) fn bind_text(element: &Element, text: impl Fn() -> String + 'static) {
    let element = element.clone();
    keep(Box::new(move || {
        let text = text();
        // The same text again would be announced again.
        if element.text_content().as_ref() != Some(&text) {
            element.set_text_content(Some(&text));
        }
    }));
}

/// Keeps a true-or-absent attribute at what the function says: `name="true"`, or no attribute.
pub(crate) fn bind_flag(element: &Element, name: &'static str, is_set: impl Fn() -> bool + 'static) {
    let element = element.clone();
    keep(Box::new(move || {
        // Refused only for a name that is not well formed.
        let _ = if is_set() { element.set_attribute(name, "true") } else { element.remove_attribute(name) };
    }));
}

//! Adopts elements that the server has painted: they keep typed text, focus and autofill, and get listeners. They are
//! never redrawn, so their markup has one source.

use leptos::prelude::*;
use web_sys::{
    Element, Event, EventTarget, HtmlTemplateElement,
    wasm_bindgen::{JsCast, closure::Closure},
};

/// A screen that the server painted, or a copy of its template.
#[derive(Debug, Clone)]
pub(crate) struct Screen(Element);

impl Screen {
    /// The painted screen; if it was not painted, a copy of its template, appended to `parent`. Removed with the
    /// current reactive owner. `None` if the shell has neither.
    pub(crate) fn adopt(id: &str, template_id: &str, parent_id: &str) -> Option<Self> {
        let screen = document().get_element_by_id(id).or_else(|| copy(template_id, parent_id))?;
        let removed = send_wrapper::SendWrapper::new(screen.clone());
        on_cleanup(move || removed.remove());
        Some(Self(screen))
    }

    /// The element with this `id` and type, if the screen has it.
    pub(crate) fn find<T: JsCast>(&self, id: &str) -> Option<T> {
        self.find_first(&["#", id].concat())
    }

    /// The first element of this type that matches the CSS selector.
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
    // Fails only for an invalid target.
    let _ = target.add_event_listener_with_callback(event, closure.into_js_value().unchecked_ref());
}

/// An effect. Boxed, because generic code would be compiled again for each type.
type Keep = Box<dyn Fn()>;

/// Runs it now, and whenever a signal that it read changes.
fn keep(keep: Keep) {
    Effect::new(move |_: Option<()>| keep());
}

/// Binds the text of an element.
pub(crate) fn bind_text(element: &Element, text: impl Fn() -> String + 'static) {
    let element = element.clone();
    keep(Box::new(move || {
        let text = text();
        // Setting the same text would announce it again.
        if element.text_content().as_ref() != Some(&text) {
            element.set_text_content(Some(&text));
        }
    }));
}

/// Binds a boolean attribute: `name="true"`, or absent.
pub(crate) fn bind_flag(element: &Element, name: &'static str, is_set: impl Fn() -> bool + 'static) {
    bind_attribute(element, name, Box::new(move || is_set().then(|| "true".to_owned())));
}

/// Binds an attribute; absent if there is no value. Boxed like the effect.
pub(crate) fn bind_attribute(element: &Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    let element = element.clone();
    keep(Box::new(move || set_attribute(&element, name, value())));
}

/// Sets an attribute, or removes it if there is no value.
pub(crate) fn set_attribute(element: &Element, name: &str, value: Option<String>) {
    // Fails only for an invalid name.
    let _ = match value {
        Some(value) => element.set_attribute(name, &value),
        None => element.remove_attribute(name),
    };
}

//! A menu button (ARIA Authoring Practices, "Menu Button"), over a native popover: the browser closes it on Esc and on
//! a press elsewhere, and gives the focus back.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

use super::icon::{Icon, Shape};

const ID: &str = "menu";
const ITEMS: &str = "[role=menuitem]";

/// The button and what it opens. One a page.
#[component]
pub(crate) fn Menu(
    /// What a screen reader says of the button.
    label: String,
    /// What stands on the button.
    button: String,
    children: Children,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    let toggled = move |_| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let is_open = list.matches(":popover-open").unwrap_or_default();
        open.set(is_open);
        if is_open {
            focus(&list, |_, _| 0);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let step: fn(usize, usize) -> usize = match event.key().as_str() {
            "ArrowDown" => |at, count| (at + 1) % count,
            "ArrowUp" => |at, count| (at + count - 1) % count,
            "Home" => |_, _| 0,
            "End" => |_, count| count - 1,
            _ => return,
        };
        event.prevent_default();
        focus(&list, step);
    };
    view! {
        <button
            type="button"
            class="button menu-button"
            aria-label=label
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            popovertarget=ID
        >
            {button}
            <Icon shape=Shape::Down />
        </button>
        <div id=ID class="menu" popover="auto" node_ref=list on:toggle=toggled on:keydown=pressed>
            {children()}
        </div>
    }
}

/// Something to choose. It stays in place while it works.
#[component]
pub(crate) fn MenuItem(
    /// What to do.
    on_choose: impl Fn() + 'static,
    /// Whether it works.
    #[prop(into)]
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            class="menu-item"
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |_| on_choose()
        >
            {children()}
        </button>
    }
}

/// Focuses the item that `step` gives for the place of the focused one and the number of items.
fn focus(list: &HtmlElement, step: impl Fn(usize, usize) -> usize) {
    let Ok(found) = list.query_selector_all(ITEMS) else {
        return;
    };
    let items: Vec<HtmlElement> = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    if items.is_empty() {
        return;
    }
    let focused = document().active_element();
    let at = items.iter().position(|item| focused.as_ref() == Some(item)).unwrap_or_default();
    if let Some(item) = items.get(step(at, items.len())) {
        let _ = item.focus();
    }
}

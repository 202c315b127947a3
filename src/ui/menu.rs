//! A menu button (ARIA Authoring Practices, "Menu Button") with a native popover: the browser closes it on Esc and on a
//! press elsewhere, and restores the focus.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use leptos_router::{components::A, hooks::use_location};
use web_sys::{HtmlElement, wasm_bindgen::JsCast as _};

use super::icon::{Icon, Shape};

const ID: &str = "menu";
/// The `id` of the description of the button's warning.
const ALERT: &str = "menu-alert";
const RIGHT: &str = "ArrowRight";
const LEFT: &str = "ArrowLeft";
/// The first item.
const FIRST: Step = |_, _| 0;
/// The last item.
const LAST: Step = |_, count| count - 1;
/// Maps the index of the focused item and the number of items to the index to focus.
type Step = fn(usize, usize) -> usize;
/// Menu items and menu radio items.
const ITEMS: &str = "[role^=menuitem]";

/// The button and its menu. One for each page.
#[component]
pub(crate) fn Menu(
    /// The accessible name of the button.
    label: String,
    /// The text on the button and above the items.
    button: String,
    /// The text below that.
    note: &'static str,
    /// A warning: a dot on the button, with this as its description.
    alert: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let menu_label = label.clone();
    let initial = button.chars().next().map(|first| first.to_uppercase().to_string());
    let list = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    // The item that gets the focus when the menu opens.
    let entry = StoredValue::new(FIRST);
    let toggled = move |_| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let is_open = list.matches(":popover-open").unwrap_or_default();
        open.set(is_open);
        if is_open {
            focus(&list, entry.get_value());
            entry.set_value(FIRST);
        }
    };
    let path = use_location().pathname;
    Effect::new(move |earlier: Option<()>| {
        path.track();
        if earlier.is_some()
            && let Some(list) = list.get_untracked()
        {
            // Fails only if it is closed already.
            let _ = list.hide_popover();
        }
    });
    // The arrow keys open the menu too, Down at the first item, Up at the last. The toggle event comes a moment after
    // it has opened: keys in between move the focus already.
    let pressed_on_button = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let is_open = list.matches(":popover-open").unwrap_or_default();
        let step: Step = match (event.key().as_str(), is_open) {
            ("ArrowDown", _) | ("Home", true) => FIRST,
            ("ArrowUp", _) | ("End", true) => LAST,
            _ => return,
        };
        event.prevent_default();
        entry.set_value(step);
        if is_open {
            focus(&list, step);
        } else {
            // Fails only if it is open already.
            let _ = list.show_popover();
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        if event.key() == "Tab" {
            // The focus moves on from the button to the next element.
            let _ = list.hide_popover();
            return;
        }
        // In a horizontal group of choices, the left and right arrows move along them.
        let (forwards, backwards) =
            if list.matches(":dir(rtl)").unwrap_or_default() { (LEFT, RIGHT) } else { (RIGHT, LEFT) };
        let step: Step = match event.key().as_str() {
            key if key == "ArrowDown" || key == forwards => |at, count| (at + 1) % count,
            key if key == "ArrowUp" || key == backwards => |at, count| (at + count - 1) % count,
            "Home" => FIRST,
            "End" => LAST,
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
            aria-describedby=alert.map(|_| ALERT)
            popovertarget=ID
            on:keydown=pressed_on_button
        >
            <span class="initial" aria-hidden="true" data-initial=initial>
                {alert.map(|alert| view! { <span class="warn-dot" title=alert></span> })}
            </span>
            <span class="menu-name">{button.clone()}</span>
            <Icon shape=Shape::Down />
        </button>
        {alert.map(|alert| view! { <span id=ALERT hidden>{alert}</span> })}
        <div id=ID class="menu" popover="auto" node_ref=list on:toggle=toggled on:keydown=pressed>
            <p class="menu-who">
                <strong>{button}</strong>
                <span>{note}</span>
            </p>
            <div role="menu" aria-label=menu_label>
                {children()}
            </div>
        </div>
    }
}

/// A link to a page. The menu closes when it is followed.
#[component]
pub(crate) fn MenuLink(
    /// The page's address.
    href: &'static str,
    children: Children,
) -> impl IntoView {
    let close = |_| {
        let menu = document().get_element_by_id(ID).and_then(|menu| menu.dyn_into::<HtmlElement>().ok());
        if let Some(menu) = menu {
            // Fails only if it is closed already.
            let _ = menu.hide_popover();
        }
    };
    view! {
        <A href exact=true attr:role="menuitem" attr:class="menu-item" on:click=close>
            {children()}
        </A>
    }
}

/// An action.
#[component]
pub(crate) fn MenuItem(
    /// The action.
    on_choose: Box<dyn Fn()>,
    /// Whether it leads to another page, so that a `DiscardGuard` (widgets/discard_guard.rs) asks first.
    leaves: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="menuitem"
            class="menu-item"
            data-leaves=leaves
            on:click=move |_| on_choose()
        >
            {children()}
        </button>
    }
}

/// A labelled group of choices, side by side.
#[component]
pub(crate) fn MenuGroup(
    /// The label.
    label: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div role="group" aria-label=label class="menu-group">
            <p aria-hidden="true">{label}</p>
            <div class="segments">{children()}</div>
        </div>
    }
}

/// A choice of a [`MenuGroup`].
#[component]
pub(crate) fn MenuChoice(
    /// The action.
    on_choose: Box<dyn Fn()>,
    /// Whether it is the current choice.
    checked: Signal<bool>,
    /// Whether it reloads the page, so that a `DiscardGuard` asks first.
    #[prop(optional)]
    leaves: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="menuitemradio"
            class="menu-item"
            data-leaves=leaves
            aria-checked=move || checked.get().to_string()
            on:click=move |_| on_choose()
        >
            {children()}
        </button>
    }
}

/// Focuses the item whose index `step` returns for the index of the focused one and the number of items.
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

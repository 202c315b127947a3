//! Asks before something is lost, such as codes that can't be shown again: by a dialog when a link, Back or signing out leads to
//! another page of the app; by the browser when the document is unloaded.
//!
//! ```text
//! drawn -> a second history entry for the page, so that Back does not leave it
//! link, Back -> dialog -> Cancel: nothing changes | leave: in place of the second entry, or to before both
//! button that leaves -> dialog -> Cancel | leave: it is pressed again, and passes
//! skip link, link to this page, Back with nothing before the page -> the page stays: no question
//! ```

use doorstep_locales::Word;
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::{
    Element, Event, HtmlElement, MouseEvent,
    wasm_bindgen::{JsCast as _, closure::Closure},
};

use crate::{
    address::{current_address, current_mark, fragment, go_back, history_length, path, push_entry, replace_address},
    i18n::t,
    ui::{
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
    },
};

/// Links that the router handles: those to pages of the app.
const LINKS: &str = "a[href]:not([rel], [download])";
/// Buttons that lead to another page.
const LEAVING: &str = "[data-leaves]";
/// The mark of the second history entry.
const SECOND: &str = "unsaved";

/// Where the user was about to go.
#[derive(Clone)]
enum Target {
    To(String),
    Back,
    Press(HtmlElement),
}

/// The dialog; it blocks navigation while it is mounted.
#[component]
pub(crate) fn DiscardGuard(
    title: Word,
    /// What is lost.
    meaning: Word,
    /// The label of the button that leaves.
    label: Word,
    /// Set to whether the user has chosen to leave.
    #[prop(default = StoredValue::new(false))]
    allowed: StoredValue<bool>,
) -> impl IntoView {
    let dialog = DialogState::new("discard");
    let way = StoredValue::new_local(Target::Back);
    allowed.set_value(false);
    let ask = move |wanted: Target| {
        way.set_value(wanted);
        dialog.open();
    };
    // The skip link adds an entry that differs in its fragment only.
    if !fragment().is_empty() {
        replace_address(current_address().as_str());
    }
    if !is_at_second() {
        push_entry(SECOND);
    }
    let clicks = Clicks::listen(move |event| {
        let wanted = link_of(event).map(Target::To).or_else(|| button_of(event).map(Target::Press));
        if let Some(wanted) = wanted.filter(|_| !allowed.get_value()) {
            event.prevent_default();
            event.stop_propagation();
            ask(wanted);
        }
    });
    let went_back = window_event_listener(ev::popstate, move |_| {
        if !allowed.get_value() && fragment().is_empty() && !is_at_second() {
            push_entry(SECOND);
            // Otherwise there is no page to go back to.
            if history_length() > 2 {
                ask(Target::Back);
            }
        }
    });
    let unloading = window_event_listener(ev::beforeunload, move |event| {
        if !allowed.get_value() {
            event.prevent_default();
        }
    });
    let clicks = send_wrapper::SendWrapper::new(clicks);
    on_cleanup(move || {
        drop(clicks);
        went_back.remove();
        unloading.remove();
    });
    let navigate = StoredValue::new_local(use_navigate());
    let go_on = move || {
        allowed.set_value(true);
        dialog.close();
        match way.get_value() {
            Target::To(address) => {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate.with_value(|go| go(&address, options));
            }
            Target::Back => go_back(2),
            Target::Press(button) => button.click(),
        }
    };
    view! {
        <Dialog state=dialog title=t(title)>
            <p>{t(meaning)}</p>
            <div class="buttons">
                <Cancel on_press=move || dialog.close() />
                <Button look=Look::Danger on_press=go_on>
                    {t(label)}
                </Button>
            </div>
        </Dialog>
    }
}

/// Nothing can be lost any more, and the page stays: removes the second entry.
pub(crate) fn lift() {
    if is_at_second() {
        go_back(1);
    }
}

fn is_at_second() -> bool {
    current_mark().as_deref() == Some(SECOND)
}

/// The address of a clicked link that leads to another page in this tab.
fn link_of(event: &Event) -> Option<String> {
    let click = event.dyn_ref::<MouseEvent>()?;
    if click.button() != 0 || click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest(LINKS).ok()??;
    link.get_attribute("href").filter(|address| *address != path())
}

/// The pressed button that leads to another page.
fn button_of(event: &Event) -> Option<HtmlElement> {
    event.target()?.dyn_into::<Element>().ok()?.closest(LEAVING).ok()??.dyn_into().ok()
}

/// A click listener in the capture phase of the window, until it is dropped.
struct Clicks(Closure<dyn Fn(Event)>);

impl Clicks {
    const EVENT: &str = "click";

    fn listen(handle: impl Fn(&Event) + 'static) -> Self {
        let handle = Closure::<dyn Fn(Event)>::new(move |event: Event| handle(&event));
        // Fails only for an invalid target.
        let _ = window().add_event_listener_with_callback_and_bool(Self::EVENT, handle.as_ref().unchecked_ref(), true);
        Self(handle)
    }
}

impl Drop for Clicks {
    fn drop(&mut self) {
        let handle = self.0.as_ref().unchecked_ref();
        let _ = window().remove_event_listener_with_callback_and_bool(Self::EVENT, handle, true);
    }
}

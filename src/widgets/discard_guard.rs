//! Asks before something goes with the page that can't be shown again: by a dialog, when a link or Back leads to another page
//! of the app; by the browser itself, when the document goes.

use doorstep_locales::Word;
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use web_sys::{
    Element, Event, MouseEvent,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};

use crate::{
    address,
    i18n::t,
    ui::{
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
    },
};

/// Links that the router takes: those to pages of the app.
const LINKS: &str = "a[href]:not([rel], [download])";

/// Where the user was about to go.
#[derive(Clone)]
enum Way {
    To(String),
    Back,
}

/// The dialog, and what it holds up for as long as it is drawn.
#[component]
pub(crate) fn DiscardGuard(
    title: Word,
    /// What is lost.
    meaning: Word,
    /// On the button that goes on all the same.
    label: Word,
) -> impl IntoView {
    let dialog = DialogState::new("discard");
    let way = StoredValue::new(None::<Way>);
    let allowed = StoredValue::new(false);
    let here = address::here();
    let clicked = First::listen("click", move |event| {
        let Some(link) = link_of(event).filter(|_| !allowed.get_value()) else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        way.set_value(Some(Way::To(link)));
        dialog.open();
    });
    let went_back = First::listen("popstate", move |event| {
        if allowed.get_value() {
            return;
        }
        // The router does not hear of it, and the address is this page's again.
        event.stop_immediate_propagation();
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(here.as_str()));
        }
        way.set_value(Some(Way::Back));
        dialog.open();
    });
    let unloading = window_event_listener(ev::beforeunload, |event| event.prevent_default());
    let listeners = send_wrapper::SendWrapper::new((clicked, went_back));
    on_cleanup(move || {
        drop(listeners);
        unloading.remove();
    });
    let navigate = StoredValue::new_local(use_navigate());
    let go_on = move || {
        allowed.set_value(true);
        dialog.close();
        match way.get_value() {
            Some(Way::To(address)) => navigate.with_value(|go| go(&address, leptos_router::NavigateOptions::default())),
            Some(Way::Back) => {
                let _ = window().history().and_then(|history| history.back());
            }
            None => {}
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

/// The address of the link that is followed in this tab.
fn link_of(event: &Event) -> Option<String> {
    let click = event.dyn_ref::<MouseEvent>()?;
    if click.button() != 0 || click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest(LINKS).ok()??;
    link.get_attribute("href")
}

/// A listener of the window that hears an event before all others, until it is dropped.
struct First {
    event: &'static str,
    handle: Closure<dyn Fn(Event)>,
}

impl First {
    fn listen(event: &'static str, handle: impl Fn(&Event) + 'static) -> Self {
        let handle = Closure::<dyn Fn(Event)>::new(move |event: Event| handle(&event));
        // Refused only for a target that is none.
        let _ = window().add_event_listener_with_callback_and_bool(event, handle.as_ref().unchecked_ref(), true);
        Self { event, handle }
    }
}

impl Drop for First {
    fn drop(&mut self) {
        let handle = self.handle.as_ref().unchecked_ref();
        let _ = window().remove_event_listener_with_callback_and_bool(self.event, handle, true);
    }
}

//! The address bar: which page it names, how to go elsewhere, and links followed without loading the page anew.
//!
//! `leptos_router` would do this for 9 kB more, and leaves two things undone without its `Routes` (docs/decisions.md).

mod scroll;

use doorstep_contract::{return_url::ReturnUrl, route::ClientRoute};
use leptos::{ev, prelude::*};
use web_sys::{
    Element, HtmlAnchorElement, MouseEvent, NavigationType, PerformanceNavigationTiming,
    wasm_bindgen::{JsCast as _, JsValue},
};

/// The context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Router {
    route: RwSignal<Option<ClientRoute>>,
    /// The query of the address, as it stands there.
    search: RwSignal<String>,
    /// Whether a page is in this app; the others are got from the server.
    has: fn(ClientRoute) -> bool,
}

impl Router {
    /// Begins with the address of the page, follows links and the Back button from now on, and makes itself known.
    pub(crate) fn provide(has: fn(ClientRoute) -> bool) -> Self {
        let router = Self { route: RwSignal::new(current()), search: RwSignal::new(current_search()), has };
        provide_context(router);
        scroll::restore();
        for listener in [
            window_event_listener(ev::pagehide, move |_| scroll::note()),
            window_event_listener(ev::popstate, move |_| {
                router.settle();
                scroll::restore();
            }),
            window_event_listener(ev::click, move |event| router.follow(&event)),
        ] {
            on_cleanup(move || listener.remove());
        }
        router
    }

    /// The context of the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self::provide(|_| false))
    }

    /// The page that the address names; `None` when there is none.
    pub(crate) fn route(self) -> Option<ClientRoute> {
        self.route.get()
    }

    /// The query of the address: empty, or from the question mark on.
    pub(crate) fn search(self) -> String {
        self.search.get()
    }

    /// Goes elsewhere, in place of this page: Back does not return to it.
    pub(crate) fn replace(self, address: &str) {
        if self.has_page_at(address.split(['?', '#']).next().unwrap_or_default()) {
            replace_address(address);
            self.settle();
        } else {
            // A refusal leaves the person here.
            let _ = window().location().replace(address);
        }
    }

    fn has_page_at(self, path: &str) -> bool {
        ClientRoute::parse(path).is_some_and(self.has)
    }

    /// Goes to another page of this app.
    pub(crate) fn go(self, address: &str) {
        scroll::note();
        if let Ok(history) = window().history() {
            // Refused only for another origin, which no address of ours names, and which `follow` leaves to the browser.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.settle();
    }

    fn settle(self) {
        let now = current();
        if self.route.get_untracked() != now {
            self.route.set(now);
        }
        let search = current_search();
        if self.search.get_untracked() != search {
            self.search.set(search);
        }
    }

    /// Follows a link to a page of the app; leaves everything else to the browser: other origins, downloads, other
    /// windows, `rel="external"`, and a press with any key or any button but the first.
    fn follow(self, event: &MouseEvent) {
        let special = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || special {
            return;
        }
        let Some(link) = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("a[href]").ok().flatten()?.dyn_into::<HtmlAnchorElement>().ok())
        else {
            return;
        };
        let ours = window().location().origin().is_ok_and(|origin| origin == link.origin())
            && self.has_page_at(&link.pathname());
        if ours && link.target().is_empty() && !link.has_attribute("download") && link.rel() != "external" {
            event.prevent_default();
            self.go(&link.href());
        }
    }
}

/// Writes an address into the address bar, in place of the one that is there.
pub(crate) fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        // Refused only for another origin, which no address of ours names.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Takes the slash from the end of the address: a page has one address.
pub(crate) fn settle_slash() {
    let here = path();
    if let Some(route) = ClientRoute::parse(&here).filter(|route| route.address() != here) {
        replace_address(&[&route.address(), current_search().as_str(), &fragment()].concat());
    }
}

/// The fragment of the address: empty, or from the `#` on.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Whether the browser has come here anew: not by a reload, and not by Back.
pub(crate) fn is_new_visit() -> bool {
    let visit = window().performance().and_then(|performance| {
        performance.get_entries_by_type("navigation").get(0).dyn_into::<PerformanceNavigationTiming>().ok()
    });
    visit.is_none_or(|visit| visit.type_() == NavigationType::Navigate)
}

/// Notes something at this address, in the history of the browser: a reload finds it again, another visit does not.
pub(crate) fn mark_address(mark: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(mark), "", None);
    }
}

/// What was noted at this address.
pub(crate) fn address_mark() -> Option<String> {
    let noted = noted()?;
    Some(noted.split_once(scroll::MARK).map_or(noted.as_str(), |(mark, _)| mark).to_owned())
        .filter(|mark| !mark.is_empty())
}

/// All that was noted at this address: a mark, and how far down the page was.
fn noted() -> Option<String> {
    window().history().and_then(|history| history.state()).ok()?.as_string()
}

/// The address of the page, to come back to.
pub(crate) fn here() -> ReturnUrl {
    let location = window().location();
    let address = location.pathname().and_then(|path| Ok(path + &location.search()?));
    ReturnUrl::parse_or_home(address.ok().as_deref())
}

/// The path of the page.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

fn current() -> Option<ClientRoute> {
    ClientRoute::parse(&path())
}

fn current_search() -> String {
    window().location().search().unwrap_or_default()
}

//! The address bar and the browser's history, beside `leptos_router`: the current page, replacing the address, state of
//! history entries. Links, the Back button and navigation are handled by the router.

use doorstep_contract::{paths, return_url::ReturnUrl, route::ClientRoute, uuid::Uuid};
use leptos::{Params, prelude::*};
use leptos_router::{
    hooks::{use_location, use_params},
    location::Location,
    params::Params,
};
use web_sys::{
    NavigationType, PerformanceNavigationTiming,
    wasm_bindgen::{JsCast as _, JsValue},
};

/// The page of the current path; `None` if no page has it.
pub(crate) fn use_route() -> Memo<Option<ClientRoute>> {
    let pathname = use_location().pathname;
    Memo::new(move |_| ClientRoute::parse(&pathname.read()))
}

/// The parameters in the path of a detail page.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
struct IdParam {
    id: Option<Uuid>,
}

/// The id in the path of a detail page. The router keeps the page's view when only the id changes.
pub(crate) fn use_id() -> Memo<Option<Uuid>> {
    let params = use_params::<IdParam>();
    Memo::new(move |_| params.with(|params| params.as_ref().ok()?.id))
}

/// The address of the router, as a return URL. The address bar has the same one a moment later.
pub(crate) fn router_address(location: &Location) -> ReturnUrl {
    let (path, search) = (location.pathname.read_untracked(), location.search.read_untracked());
    ReturnUrl::parse_or_home(Some(&join(&path, &search)))
}

/// Joins path and query. The router's query has no question mark.
fn join(path: &str, search: &str) -> String {
    [path, if search.is_empty() { "" } else { "?" }, search].concat()
}

/// Writes the router's address into the address bar where the router does not. It skips a link to the page that it
/// pushed to the history last, as if that page was still shown, also after Back and Forward (`complete_navigation` of
/// `leptos_router` 0.8). Fragments are left alone: one that holds a secret is removed at once.
pub(crate) fn sync_address_bar() {
    let location = use_location();
    let wanted = Memo::new(move |_| join(&location.pathname.read(), &location.search.read()));
    Effect::new(move |earlier: Option<()>| {
        let address = wanted.get();
        // The router writes it once the page is drawn, which is before the next frame.
        let look = move || {
            let is_still_there = wanted.try_get_untracked().as_ref() == Some(&address);
            if is_still_there
                && path_and_query() != address
                && let Ok(entries) = window().history()
            {
                let _ = entries.push_state_with_url(&JsValue::NULL, "", Some(&address));
            }
        };
        if earlier.is_some() {
            request_animation_frame(look);
        }
    });
}

/// The address of the page, as a return URL.
pub(crate) fn current_address() -> ReturnUrl {
    let location = window().location();
    let address = location.pathname().and_then(|path| Ok(path + &location.search()?));
    ReturnUrl::parse_or_home(address.ok().as_deref())
}

/// Replaces the address in the address bar, without loading anything.
pub(crate) fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        // Fails only for another origin, which is never passed.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Removes a trailing slash from the address: a page has one address.
pub(crate) fn remove_trailing_slash() {
    let here = path();
    if let Some(route) = ClientRoute::parse(&here).filter(|route| route.address() != here) {
        let search = window().location().search().unwrap_or_default();
        replace_address(&[route.address(), search, fragment()].concat());
    }
}

/// Removes from the address that an access link has just been opened: after a reload it has not.
pub(crate) fn remove_entry() {
    if path_and_query() == paths::PORTAL_ENTERED {
        replace_address(paths::PORTAL);
    }
}

/// The path of the page.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The path and the query of the address bar.
fn path_and_query() -> String {
    path() + &window().location().search().unwrap_or_default()
}

/// The fragment of the address with its `#`, or an empty string.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Whether the page was loaded by a navigation, not by a reload, Back or Forward.
pub(crate) fn is_new_visit() -> bool {
    let visit = window().performance().and_then(|performance| {
        performance.get_entries_by_type("navigation").get(0).dyn_into::<PerformanceNavigationTiming>().ok()
    });
    visit.is_none_or(|visit| visit.type_() == NavigationType::Navigate)
}

/// The mark of a history entry that is loaded right after a sign-in.
const SIGNED_IN: &str = "signed-in";

/// Loads an address in place of this page, right after a sign-in. The loaded page finds the mark ([`take_signed_in_mark`]) and
/// so knows without a request whether the session cookie came back. The mark is part of the history entry, which
/// survives the reload.
pub(crate) fn load_signed_in(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(SIGNED_IN), "", Some(address));
    }
    let _ = window().location().reload();
}

/// Whether the page was loaded right after a sign-in. Removes the mark.
pub(crate) fn take_signed_in_mark() -> bool {
    let is_noted = current_mark().as_deref() == Some(SIGNED_IN);
    if is_noted {
        set_mark("");
    }
    is_noted
}

/// Sets the mark of the current history entry: a reload finds it again, another visit does not.
pub(crate) fn set_mark(mark: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(mark), "", None);
    }
}

/// Pushes an entry with the same address and this mark to the history.
pub(crate) fn push_entry(mark: &str) {
    if let Ok(history) = window().history() {
        // Fails only when there are too many entries.
        let _ = history.push_state_with_url(&JsValue::from_str(mark), "", None);
    }
}

/// The number of entries in the history of the tab.
pub(crate) fn history_length() -> u32 {
    window().history().and_then(|history| history.length()).unwrap_or_default()
}

/// Goes back by this many entries.
pub(crate) fn go_back(entries: i32) {
    if let Ok(history) = window().history() {
        let _ = history.go_with_delta(-entries);
    }
}

/// The mark of the current history entry.
pub(crate) fn current_mark() -> Option<String> {
    let state = entry_state()?;
    Some(state.split_once(SEPARATOR).map_or(state.as_str(), |(mark, _)| mark).to_owned())
        .filter(|mark| !mark.is_empty())
}

/// Stores the scroll position, in pixels, beside the mark of the current history entry.
pub(crate) fn store_scroll_position(down: f64) {
    // A whole number: formatting and parsing floats costs 20 kB.
    #[expect(clippy::cast_possible_truncation, reason = "a page is not that long, and would be gone down to its end")]
    let down = down.round() as i32;
    let mut noted = current_mark().unwrap_or_default();
    noted.push(SEPARATOR);
    noted.push_str(&down.to_string());
    set_mark(&noted);
}

/// The stored scroll position of the current history entry, in pixels.
pub(crate) fn stored_scroll_position() -> Option<f64> {
    entry_state()?.rsplit_once(SEPARATOR)?.1.parse::<i32>().ok().map(f64::from)
}

/// Separates the mark from the scroll position.
const SEPARATOR: char = '\u{1f}';

/// The state of the current history entry: mark and scroll position.
fn entry_state() -> Option<String> {
    window().history().and_then(|history| history.state()).ok()?.as_string()
}

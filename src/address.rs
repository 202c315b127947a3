//! The address bar, as far as `leptos_router` leaves it to the app: which page of the contract's table it names, and what is
//! taken out of it, or noted in it, without going anywhere. Links, the Back button and navigation are the router's.

use doorstep_contract::{return_url::ReturnUrl, route::ClientRoute, uuid::Uuid};
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

/// The page that the address names; `None` when there is none.
pub(crate) fn use_route() -> Memo<Option<ClientRoute>> {
    let pathname = use_location().pathname;
    Memo::new(move |_| ClientRoute::parse(&pathname.read()))
}

/// What the path of a page of one thing says beside its page.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
struct OfOne {
    id: Option<Uuid>,
}

/// The id in the path of a page of one thing. The router keeps a page's view when only this changes.
pub(crate) fn use_id() -> Memo<Option<Uuid>> {
    let params = use_params::<OfOne>();
    Memo::new(move |_| params.with(|params| params.as_ref().ok()?.id))
}

/// The address that the router is at, to come back to. The address bar says the same a moment later.
pub(crate) fn there(location: &Location) -> ReturnUrl {
    let (path, search) = (location.pathname.read_untracked(), location.search.read_untracked());
    ReturnUrl::parse_or_home(Some(&full(&path, &search)))
}

/// An address of its path and query as the router has them: the query without its question mark.
fn full(path: &str, search: &str) -> String {
    [path, if search.is_empty() { "" } else { "?" }, search].concat()
}

/// Writes where the router is into the address bar, where the router does not. It takes a link to the page that it added to the
/// history last for a link to the page that is shown, also after Back and Forward (`complete_navigation` of `leptos_router`
/// 0.8). Fragments are left alone: one that is a secret is taken out of the address as soon as it is there.
pub(crate) fn keep_up() {
    let location = use_location();
    let wanted = Memo::new(move |_| full(&location.pathname.read(), &location.search.read()));
    Effect::new(move |earlier: Option<()>| {
        let address = wanted.get();
        // The router writes it once the page is drawn, which is before the next frame.
        let look = move || {
            let is_still_there = wanted.try_get_untracked().as_ref() == Some(&address);
            if is_still_there
                && shown() != address
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

/// The address of the page, to come back to.
pub(crate) fn here() -> ReturnUrl {
    let location = window().location();
    let address = location.pathname().and_then(|path| Ok(path + &location.search()?));
    ReturnUrl::parse_or_home(address.ok().as_deref())
}

/// Writes an address of this page into the address bar, in place of the one that is there: without what must not stay in it.
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
        let search = window().location().search().unwrap_or_default();
        replace_address(&[route.address(), search, fragment()].concat());
    }
}

/// The path of the page.
pub(crate) fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The path and the query of the address bar.
fn shown() -> String {
    path() + &window().location().search().unwrap_or_default()
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

/// What is noted at the address that a user goes to who has just signed in.
const SIGNED_IN: &str = "signed-in";

/// Loads another page in place of this one, for a user who has just signed in: whether the session came along is seen by the
/// page that is loaded ([`take_sign_in`]), without a request that asks for it. The note is in the entry of the history, which
/// survives loading its address anew.
pub(crate) fn load_signed_in(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(SIGNED_IN), "", Some(address));
    }
    let _ = window().location().reload();
}

/// Whether a user has just signed in and was sent here. Says so once.
pub(crate) fn take_sign_in() -> bool {
    let is_noted = address_mark().as_deref() == Some(SIGNED_IN);
    if is_noted {
        mark_address("");
    }
    is_noted
}

/// Notes something at this address, in the history of the browser: a reload finds it again, another visit does not.
pub(crate) fn mark_address(mark: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::from_str(mark), "", None);
    }
}

/// Adds an entry of the same address to the history, with a mark.
pub(crate) fn add_entry(mark: &str) {
    if let Ok(history) = window().history() {
        // Refused only when there are too many.
        let _ = history.push_state_with_url(&JsValue::from_str(mark), "", None);
    }
}

/// How many entries the history of the tab has.
pub(crate) fn entries() -> u32 {
    window().history().and_then(|history| history.length()).unwrap_or_default()
}

/// Goes back by so many entries of the history.
pub(crate) fn go_back(entries: i32) {
    if let Ok(history) = window().history() {
        let _ = history.go_with_delta(-entries);
    }
}

/// What was noted at this address.
pub(crate) fn address_mark() -> Option<String> {
    let noted = noted()?;
    Some(noted.split_once(PLACE).map_or(noted.as_str(), |(mark, _)| mark).to_owned()).filter(|mark| !mark.is_empty())
}

/// Notes how far down its page is, in pixels, beside its mark.
pub(crate) fn note_place(down: f64) {
    // As a whole number: to write and read the others weighs 20 kB.
    #[expect(clippy::cast_possible_truncation, reason = "a page is not that long, and would be gone down to its end")]
    let down = down.round() as i32;
    let mut noted = address_mark().unwrap_or_default();
    noted.push(PLACE);
    noted.push_str(&down.to_string());
    mark_address(&noted);
}

/// How far down its page was.
pub(crate) fn noted_place() -> Option<f64> {
    noted()?.rsplit_once(PLACE)?.1.parse::<i32>().ok().map(f64::from)
}

/// Stands between the mark of an address and how far down its page was.
const PLACE: char = '\u{1f}';

/// All that was noted at this address: a mark, and how far down the page was.
fn noted() -> Option<String> {
    window().history().and_then(|history| history.state()).ok()?.as_string()
}

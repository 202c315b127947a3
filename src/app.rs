//! The app: the router around one match on the typed route, and what stands around every page.

mod header;

use doorstep_contract::{
    route::ClientRoute,
    shell::{ShellData, id},
};
use doorstep_locales::words::{home, not_found};
use leptos::{mount::mount_to, prelude::*};
use web_sys::wasm_bindgen::JsCast as _;

use crate::{
    pages,
    router::{self, Router},
    session::{Departure, Session},
    shell::PasswordMinLength,
    title,
    ui::focus::focus_heading,
};

/// Puts the sign-in page into the address bar before the app runs, when the page that was asked for needs a session
/// and there is none that may be used. The form is on the screen already: the server painted it at the first address.
pub(crate) fn settle_address(ready: bool) {
    let path = window().location().pathname().unwrap_or_default();
    if !ready && ClientRoute::parse(&path).is_some_and(ClientRoute::needs_session) {
        router::replace_address(&router::here().via_login());
    }
}

/// The whole app: the page of the route, with its title, and the header in its own place.
#[component]
pub(crate) fn App(shell: ShellData) -> impl IntoView {
    let session = Session::provide(shell.me);
    provide_context(PasswordMinLength(shell.password_min_length));
    provide_context(shell.setup_status.branding.clone());
    provide_context(shell.setup_status);
    let router = Router::provide();
    guard(session, router);
    keep_title(router);
    move_focus(router);
    mount_header();
    view! {
        <pages::connection_notice::ConnectionNotice />
        <pages::logout_notice::LogoutNotice />
        {move || match router.route() {
            Some(ClientRoute::Home) => session.is_ready().then(|| view! { <pages::home::HomePage /> }).into_any(),
            Some(ClientRoute::Login) => view! { <pages::login::LoginPage /> }.into_any(),
            None => view! { <pages::not_found::NotFoundPage /> }.into_any(),
        }}
    }
}

/// Whoever is on a page that needs a session and has none, or must choose a new password first, goes to the sign-in
/// page, and comes back after; whoever logged out wanted to leave, and does not come back.
fn guard(session: Session, router: Router) {
    Effect::new(move |_| {
        let ready = session.is_ready();
        if ready || !router.route().is_some_and(ClientRoute::needs_session) {
            return;
        }
        match session.departure() {
            Some(Departure::LoggedOut | Departure::Unfinished | Departure::Finished) => {
                router.replace(ClientRoute::Login.path());
            }
            Some(Departure::NeverArrived | Departure::Ended) | None => router.replace(&router::here().via_login()),
        }
    });
}

/// The window's title follows the page. The sign-in page has one a stage, and sees to it itself.
fn keep_title(router: Router) {
    Effect::new(move |_| match router.route() {
        Some(ClientRoute::Home) => title::show(home::TITLE),
        Some(ClientRoute::Login) => {}
        None => title::show(not_found::TITLE),
    });
}

/// A change of page moves the focus to its heading, so that a screen reader begins there. Not on first load: the
/// focus may be in a field that somebody types into.
fn move_focus(router: Router) {
    Effect::new(move |earlier: Option<Option<ClientRoute>>| {
        let now = router.route();
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_heading();
        }
        now
    });
}

/// The header is outside `main`, which holds painted screens and must not be drawn again.
fn mount_header() {
    if let Some(place) = document().get_element_by_id(id::HEADER).and_then(|place| place.dyn_into().ok()) {
        mount_to(place, || view! { <header::Header /> }).forget();
    }
}

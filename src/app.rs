//! The app: the router around one match on the typed route, and what stands around every page.

mod header;

use doorstep_contract::{
    auth::Branding,
    return_url::ReturnUrl,
    route::ClientRoute,
    shell::{ShellData, id},
};
use doorstep_locales::words::{app, home, login, not_found};
use leptos::{mount::mount_to, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::Router,
    hooks::{use_location, use_navigate},
    location::{BrowserUrl, LocationProvider as _},
};
use web_sys::wasm_bindgen::{JsCast as _, JsValue};

use crate::{
    i18n::{t, t_with},
    pages,
    session::{Departure, Session},
    shell::PasswordMinLength,
    ui::focus::focus_heading,
};

/// Puts the sign-in page into the address bar before the app runs, when the page that was asked for needs a session
/// and there is none that may be used. The form is on the screen already: the server painted it at the first address.
pub(crate) fn settle_address(ready: bool) {
    let location = window().location();
    let (Ok(path), Ok(query)) = (location.pathname(), location.search()) else {
        return;
    };
    if !ready
        && ClientRoute::parse(&path).is_some_and(ClientRoute::needs_session)
        && let Ok(history) = window().history()
    {
        let address = ReturnUrl::parse_or_home(Some(&[path, query].concat())).via_login();
        // Refused only for another origin, which a return URL never names.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// The whole app.
#[component]
pub(crate) fn App(shell: ShellData) -> impl IntoView {
    Session::provide(shell.me);
    provide_context(PasswordMinLength(shell.password_min_length));
    provide_context(shell.setup_status.branding.clone());
    provide_context(shell.setup_status);
    view! {
        <Router>
            <Screens />
        </Router>
    }
}

/// The page of the route, with its title, and the header in its own place.
#[component]
fn Screens() -> impl IntoView {
    let session = Session::expect();
    let location = use_location();
    let route = Memo::new(move |_| location.pathname.with(|path| ClientRoute::parse(path)));
    guard(session, route);
    keep_title(route);
    move_focus(route);
    finish_navigation();
    mount_header();
    view! {
        <pages::connection_notice::ConnectionNotice />
        <pages::logout_notice::LogoutNotice />
        {move || match route.get() {
            Some(ClientRoute::Home) => {
                session.is_ready().then(|| view! { <pages::home::HomePage /> }).into_any()
            }
            Some(ClientRoute::Login) => view! { <pages::login::LoginPage /> }.into_any(),
            None => view! { <pages::not_found::NotFoundPage /> }.into_any(),
        }}
    }
}

/// Whoever is on a page that needs a session and has none, or must choose a new password first, goes to the sign-in
/// page, and comes back after; whoever logged out wanted to leave, and does not come back.
fn guard(session: Session, route: Memo<Option<ClientRoute>>) {
    let navigate = use_navigate();
    let location = use_location();
    Effect::new(move |_| {
        let ready = session.is_ready();
        if ready || !route.get().is_some_and(ClientRoute::needs_session) {
            return;
        }
        let address = match session.departure() {
            Some(Departure::LoggedOut | Departure::Unfinished) => ClientRoute::Login.path().to_owned(),
            Some(Departure::NeverArrived) | None => {
                let query = location.search.get_untracked();
                let here = location.pathname.get_untracked() + if query.is_empty() { "" } else { "?" } + &query;
                ReturnUrl::parse_or_home(Some(&here)).via_login()
            }
        };
        navigate(&address, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
}

/// The window's title: the page first, then the installation.
fn keep_title(route: Memo<Option<ClientRoute>>) {
    let installation = use_context::<Branding>().unwrap_or_default().name;
    Effect::new(move |_| {
        let page = match route.get() {
            Some(ClientRoute::Home) => home::TITLE,
            Some(ClientRoute::Login) => login::TITLE,
            None => not_found::TITLE,
        };
        let title = t_with(app::TITLE, "page", t(page));
        document().set_title(&doorstep_locales::fill(&title, "installation", &installation));
    });
}

/// A change of page moves the focus to its heading, so that a screen reader begins there. Not on first load: the
/// focus may be in a field that somebody types into.
fn move_focus(route: Memo<Option<ClientRoute>>) {
    Effect::new(move |earlier: Option<Option<ClientRoute>>| {
        let now = route.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            focus_heading();
        }
        now
    });
}

/// The router holds the address bar back until the new page is there, and leaves it to `Routes`, which we do without, to
/// say so. A page of ours is there as soon as its route is.
fn finish_navigation() {
    let provider = use_context::<BrowserUrl>();
    let pathname = use_location().pathname;
    Effect::new(move |_| {
        pathname.track();
        if let Some(provider) = &provider {
            provider.ready_to_complete();
        }
    });
}

/// The header is outside `main`, which holds painted screens and must not be drawn again.
fn mount_header() {
    if let Some(place) = document().get_element_by_id(id::HEADER).and_then(|place| place.dyn_into().ok()) {
        mount_to(place, || view! { <header::Header /> }).forget();
    }
}

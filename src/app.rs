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
};
use web_sys::{
    HtmlElement,
    wasm_bindgen::{JsCast as _, JsValue},
};

use crate::{
    i18n::{t, t_with},
    pages,
    session::{Departure, Session},
};

/// Puts the sign-in page into the address bar before the app runs, when the page that was asked for needs a session
/// and there is none. The form is on the screen already: the server painted it at the first address.
pub(crate) fn settle_address(signed_in: bool) {
    let location = window().location();
    let (Ok(path), Ok(query)) = (location.pathname(), location.search()) else {
        return;
    };
    if !signed_in
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
    provide_context(shell.setup_status.branding);
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
    mount_header();
    view! {
        <pages::logout_notice::LogoutNotice />
        {move || match route.get() {
            Some(ClientRoute::Home) => {
                session.is_signed_in().then(|| view! { <pages::home::HomePage /> }).into_any()
            }
            Some(ClientRoute::Login) => view! { <pages::login::LoginPage /> }.into_any(),
            None => view! { <pages::not_found::NotFoundPage /> }.into_any(),
        }}
    }
}

/// Whoever is on a page that needs a session and has none goes to sign in, and comes back after; whoever logged out
/// wanted to leave, and does not come back.
fn guard(session: Session, route: Memo<Option<ClientRoute>>) {
    let navigate = use_navigate();
    let location = use_location();
    Effect::new(move |_| {
        let (Some(route), Some(departure)) = (route.get(), session.departure()) else {
            return;
        };
        if route.needs_session() {
            let here = [location.pathname.get_untracked(), location.search.get_untracked()].join("?");
            let address = match departure {
                Departure::NeverArrived => ReturnUrl::parse_or_home(Some(here.trim_end_matches('?'))).via_login(),
                Departure::LoggedOut | Departure::Unfinished => ClientRoute::Login.path().to_owned(),
            };
            navigate(&address, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
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
            request_animation_frame(|| {
                if let Ok(Some(heading)) = document().query_selector("main h1")
                    && let Ok(heading) = heading.dyn_into::<HtmlElement>()
                {
                    let _ = heading.focus();
                }
            });
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

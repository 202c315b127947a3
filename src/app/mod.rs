//! The app: the router around the routes of its screens, and what stands around every page.

mod header;
mod nav;
mod scroll;

use std::future;

use doorstep_contract::{
    route::{Audience, ClientRoute},
    shell::ShellData,
};
use doorstep_locales::words::not_found;
use leptos::{mount::mount_to, prelude::*, task::spawn_local};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    NavigateOptions,
    components::{FlatRoutes, Router},
    hooks::{use_location, use_navigate},
};
use web_sys::HtmlElement;

use self::header::Header;
use crate::{
    address::{self, use_route},
    api::{connection::probe, fresh_proof},
    document::Document,
    i18n::t,
    pages::{account::EmailToken, device::Brought, not_found::NotFoundPage, password_reset::ResetToken},
    preferences::listen_to_choices,
    routes::{Screen, ScreenRoutes, ScreenView, Screens},
    session::{Departure, Session, proof::Proof},
    shell::{self, PasswordMinLength},
    ui::{focus::focus_heading, link::InApp},
    widgets::{
        address_notice::AddressNotice,
        announcement::{Announcement, AnnouncementPlace},
        connection_notice::ConnectionNotice,
        logout_notice::LogoutNotice,
        proof_dialog::ProofDialog,
    },
};

/// Mounts an app in `main`; `None` when the shell does not say what it needs.
pub(crate) fn mount(app: App, main: HtmlElement) -> Option<()> {
    let shell: ShellData = shell::read()?;
    let (email, reset) = (EmailToken::take(), ResetToken::take());
    let has_signed_in = address::take_sign_in();
    address::settle_slash();
    settle_address(shell.me.as_ref().is_some_and(|me| !me.change_pwd_hint));
    mount_to(main, move || view! { <Root app shell has_signed_in email reset /> }).forget();
    Some(())
}

/// Puts the sign-in page into the address bar before the app runs, when the page that was asked for needs a session
/// and there is none that may be used. The form is on the screen already: the server painted it at the first address.
fn settle_address(ready: bool) {
    let path = window().location().pathname().unwrap_or_default();
    if !ready && ClientRoute::parse(&path).is_some_and(ClientRoute::needs_session) {
        address::replace_address(&with_fragment(&address::here().via_login(), &address::fragment()));
    }
}

/// An address with the fragment of the page's: what stands there is not sent to servers, and survives a sign-in.
fn with_fragment(address: &str, fragment: &str) -> String {
    [address, fragment].concat()
}

/// One of the apps for users with an account. What refers to one of them decides what is in the module that a browser loads.
#[derive(Clone, Copy)]
pub(crate) struct App {
    /// Its pages.
    pub(crate) screens: Screens,
    /// What is beside the page, whichever it is.
    pub(crate) around: fn() -> AnyView,
}

/// What is beside the pages of the sign-in app: nothing that is drawn.
pub(crate) fn around_sign_in() -> AnyView {
    prove_in_dashboard();
    listen_to_choices();
    ().into_any()
}

/// What is beside the pages of the dashboard.
pub(crate) fn around_dashboard() -> AnyView {
    view! { <AroundDashboard /> }.into_any()
}

/// Who is signed in and must prove it again needs the dashboard, which has the dialog for that: the server sends it for the
/// session that there is now. Where the user was, the page finds again.
fn prove_in_dashboard() {
    fresh_proof::ask_by(|_| {
        let _ = window().location().reload();
        // The page goes.
        Box::pin(future::pending())
    });
}

/// The header, in its own place, and the dialog that a page may need.
#[component]
fn AroundDashboard() -> impl IntoView {
    Proof::provide();
    scroll::keep_places();
    listen_to_choices();
    mount_header();
    view! { <ProofDialog /> }
}

/// The whole app: the page of the route, with its title, and what is around it.
#[component]
fn Root(app: App, shell: ShellData, has_signed_in: bool, email: EmailToken, reset: ResetToken) -> impl IntoView {
    provide_meta_context();
    let session = Session::provide(shell.me, has_signed_in);
    provide_context(PasswordMinLength(shell.password_min_length));
    provide_context(shell.setup_status.branding.clone());
    provide_context(shell.setup_status);
    Announcement::provide();
    email.provide();
    provide_context(reset);
    Brought::provide(shell.user_code.as_ref());
    provide_context(InApp(app.screens.has));
    view! {
        <Document />
        <Router>
            <Frame app session origin=shell.origin />
        </Router>
    }
}

/// What is inside the router.
#[component]
fn Frame(app: App, session: Session, origin: String) -> impl IntoView {
    guard(session);
    move_focus();
    address::keep_up();
    view! {
        <AddressNotice origin />
        <ConnectionNotice probe=|| spawn_local(probe()) />
        <LogoutNotice />
        <AnnouncementPlace />
        {(app.around)()}
        <FlatRoutes fallback=|| view! { <Elsewhere /> }>
            <ScreenRoutes screens=app.screens.all show=|screen| view! { <GuardedScreen screen /> }.into_any() />
        </FlatRoutes>
    }
}

/// A screen; nothing while its page needs a session that may go on, and there is none.
#[component]
fn GuardedScreen(screen: &'static Screen) -> impl IntoView {
    let session = Session::expect();
    match screen.page.audience() {
        Audience::Anyone | Audience::Client => view! { <ScreenView screen /> }.into_any(),
        // It is drawn anew when the condition changes, not whenever something is learned about the account.
        Audience::Account => view! {
            <Show when=move || session.is_ready()>
                <ScreenView screen />
            </Show>
        }
        .into_any(),
    }
}

/// There is no page at the address in this app.
#[component]
fn Elsewhere() -> impl IntoView {
    let is_in_other_app = use_route().get_untracked().is_some_and(|route| !route.is_portal());
    if is_in_other_app {
        // The server sends the other app for this page: the browser had kept this one.
        let _ = window().location().reload();
    }
    // Inside a closure, as in `ScreenView`.
    (!is_in_other_app).then_some(|| {
        #[cfg(debug_assertions)]
        if address::path() == "/ui" {
            return view! { <crate::ui::gallery::Gallery /> }.into_any();
        }
        view! {
            <Title text=t(not_found::TITLE) />
            <NotFoundPage home=ClientRoute::Home />
        }
        .into_any()
    })
}

/// A user who is on a page that needs a session and has none, or must choose a new password first, goes to the sign-in
/// page, and comes back after; one who logged out wanted to leave, and does not come back.
fn guard(session: Session) {
    let (route, location, navigate) = (use_route(), use_location(), use_navigate());
    Effect::new(move |_| {
        let ready = session.is_ready();
        if ready || !route.get().is_some_and(ClientRoute::needs_session) {
            return;
        }
        let login = match session.departure() {
            Some(Departure::LoggedOut | Departure::Unfinished | Departure::Finished) => {
                ClientRoute::Login.path().to_owned()
            }
            Some(Departure::NeverArrived | Departure::CookieLost | Departure::Ended) | None => {
                with_fragment(&address::there(&location).via_login(), &location.hash.read_untracked())
            }
        };
        // The page that is left has an entry in the history, unless a link to it was followed: then the entry is that of
        // the page with the link, because the router writes an address when its page is drawn.
        let replace = address::path() == location.pathname.get_untracked();
        navigate(&login, NavigateOptions { replace, ..NavigateOptions::default() });
    });
}

/// A change of page moves the focus to its heading, so that a screen reader begins there. Not on first load: the
/// focus may be in a field that the user types into.
fn move_focus() {
    let route = use_route();
    let announcement = Announcement::expect();
    Effect::new(move |earlier: Option<Option<ClientRoute>>| {
        let now = route.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            announcement.turn();
            focus_heading();
        }
        now
    });
}

/// The header is outside `main`, which holds painted screens and must not be drawn again.
fn mount_header() {
    shell::mount_header(|| view! { <Header /> });
}

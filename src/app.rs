//! The app: the router around one match on the typed route, and what stands around every page.

mod header;

use doorstep_contract::{
    route::ClientRoute,
    shell::{ShellData, id},
};
use doorstep_locales::words::{audit, clients, forgot, home, not_found, projects, reset};
use leptos::{mount::mount_to, prelude::*, task::spawn_local};
use web_sys::HtmlElement;

use crate::{
    announcement::{Announcement, announcement_place},
    api::connection::probe,
    pages::{self, account::EmailToken, password_reset::ResetToken},
    router::{self, Router},
    session::{Departure, Session, proof::Proof},
    shell::{self, PasswordMinLength},
    title,
    ui::{focus::focus_heading, part::nothing},
};

/// Mounts an app in `main`; `None` when the shell does not say what it needs.
pub(crate) fn mount(app: App, main: HtmlElement) -> Option<()> {
    let shell: ShellData = shell::read()?;
    let tokens = (EmailToken::take(), ResetToken::take());
    router::settle_slash();
    settle_address(shell.me.as_ref().is_some_and(|me| !me.change_pwd_hint));
    mount_to(main, move || view(app, shell, tokens)).forget();
    Some(())
}

/// Puts the sign-in page into the address bar before the app runs, when the page that was asked for needs a session
/// and there is none that may be used. The form is on the screen already: the server painted it at the first address.
fn settle_address(ready: bool) {
    let path = window().location().pathname().unwrap_or_default();
    if !ready && ClientRoute::parse(&path).is_some_and(ClientRoute::needs_session) {
        router::replace_address(&with_fragment(&router::here().via_login()));
    }
}

/// An address with the fragment of the page's: what stands there is not sent to servers, and survives a sign-in.
fn with_fragment(address: &str) -> String {
    [address, &router::fragment()].concat()
}

/// One of the apps for people with an account: which pages it has, and what stands around them. Whoever links them together decides what is in
/// the module that a browser loads.
#[derive(Clone, Copy)]
pub struct App {
    /// Whether it has the page of a route.
    has: fn(ClientRoute) -> bool,
    /// The page of a route; what there is in place of one, when there is none.
    page: fn(Option<ClientRoute>) -> AnyView,
    /// What is beside the page, whichever it is.
    around: fn() -> AnyView,
}

/// What a stranger needs: as little as possible, because strangers have to load it first.
pub const SIGN_IN: App = App { has: of_strangers, page: sign_in_page, around: nothing };

/// Every page: so that whoever signs out and in again stays in one app.
pub const DASHBOARD: App = App { has: |_| true, page: dashboard_page, around: dashboard_around };

/// The pages that need no session.
const fn of_strangers(route: ClientRoute) -> bool {
    !route.needs_session() && !route.is_portal()
}

fn sign_in_page(route: Option<ClientRoute>) -> AnyView {
    match route {
        Some(ClientRoute::Login) => pages::login::login_page(),
        Some(ClientRoute::ForgotPassword) => pages::password_reset::forgot_page(),
        Some(ClientRoute::ResetPassword) => pages::password_reset::reset_page(),
        Some(ClientRoute::Device) => pages::device::device_page(),
        // The server sends the other app for these: the browser had kept this one.
        Some(_) => {
            let _ = window().location().reload();
            nothing()
        }
        None => pages::not_found::not_found_page(ClientRoute::Home),
    }
}

fn dashboard_page(route: Option<ClientRoute>) -> AnyView {
    match route {
        Some(ClientRoute::Home) => pages::home::home_page(),
        Some(
            route @ (ClientRoute::Account
            | ClientRoute::AccountSecurity
            | ClientRoute::AccountSessions
            | ClientRoute::AccountDevices
            | ClientRoute::AccountIdentities),
        ) => pages::account::account_page(route),
        Some(ClientRoute::Projects) => pages::projects::projects_page(),
        Some(ClientRoute::Project(id)) => pages::projects::project_page(id),
        Some(ClientRoute::Clients) => pages::clients::clients_page(),
        Some(ClientRoute::Client(id)) => pages::clients::client_page(id),
        Some(ClientRoute::Audit) => pages::audit::audit_page(),
        Some(route) if of_strangers(route) => sign_in_page(Some(route)),
        _ => pages::not_found::not_found_page(ClientRoute::Home),
    }
}

fn dashboard_around() -> AnyView {
    mount_header();
    pages::proof_dialog::proof_dialog()
}

/// The whole app: the page of the route, with its title, and the header in its own place.
fn view(app: App, shell: ShellData, (email, reset): (EmailToken, ResetToken)) -> AnyView {
    let session = Session::provide(shell.me);
    provide_context(PasswordMinLength(shell.password_min_length));
    provide_context(shell.setup_status.branding.clone());
    provide_context(shell.setup_status);
    Proof::provide();
    Announcement::provide();
    email.provide();
    provide_context(reset);
    pages::device::Brought::provide(shell.user_code.as_ref());
    let origin = shell.origin;
    let router = Router::provide(app.has);
    guard(session, router);
    keep_title(router);
    move_focus(router);
    // A page is drawn anew when this changes, not whenever something is learned about the account.
    let ready = Memo::new(move |_| session.is_ready());
    let probe = Callback::new(|()| spawn_local(probe()));
    view! {
        {pages::address_notice::address_notice(&origin)} {pages::connection_notice::connection_notice(probe)} {pages::logout_notice::logout_notice()} {announcement_place()}
        {(app.around)()}
        {move || match router.route() {
            Some(route) if route.needs_session() && !ready.get() => nothing(),
            route => (app.page)(route),
        }}
    }
    .into_any()
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
            Some(Departure::NeverArrived | Departure::Ended) | None => {
                router.replace(&with_fragment(&router::here().via_login()));
            }
        }
    });
}

/// The window's title follows the page. The sign-in page has one a stage, and sees to it itself.
fn keep_title(router: Router) {
    Effect::new(move |_| match router.route() {
        Some(ClientRoute::Home) => title::show(home::TITLE),
        Some(ClientRoute::Login | ClientRoute::Device) => {}
        Some(ClientRoute::ForgotPassword) => title::show(forgot::TITLE),
        Some(ClientRoute::ResetPassword) => title::show(reset::TITLE),
        // A page of one thing shows its name as soon as it knows it.
        Some(ClientRoute::Projects | ClientRoute::Project(_)) => title::show(projects::TITLE),
        Some(ClientRoute::Clients | ClientRoute::Client(_)) => title::show(clients::TITLE),
        Some(ClientRoute::Audit) => title::show(audit::TITLE),
        Some(route) => title::show(pages::account::title(route)),
        None => title::show(not_found::TITLE),
    });
}

/// A change of page moves the focus to its heading, so that a screen reader begins there. Not on first load: the
/// focus may be in a field that somebody types into.
fn move_focus(router: Router) {
    Effect::new(move |earlier: Option<Option<ClientRoute>>| {
        let now = router.route();
        if earlier.is_some_and(|earlier| earlier != now) {
            Announcement::expect().clear();
            focus_heading();
        }
        now
    });
}

/// The header is outside `main`, which holds painted screens and must not be drawn again.
fn mount_header() {
    if let Some(place) = shell::place(id::HEADER) {
        mount_to(place, || view! { <header::Header /> }).forget();
    }
}

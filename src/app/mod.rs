//! The app: the router with the routes of its screens, and what surrounds every page.

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
    api::{connection::probe, reauth},
    document::Document,
    i18n::t,
    pages::{account::EmailToken, device::Arrival, not_found::NotFoundPage, password_reset::ResetToken},
    preferences::listen_to_choices,
    routes::{Screen, ScreenRoutes, ScreenView, Screens},
    session::{Session, SignedOutReason, reauth::Reauth},
    shell::{self, PasswordMinLength},
    ui::{focus::focus_heading, link::InApp},
    widgets::{
        address_notice::AddressNotice,
        announcement::{Announcement, AnnouncementPlace},
        connection_notice::ConnectionNotice,
        logout_notice::LogoutNotice,
        reauth_dialog::ReauthDialog,
        unsaved::UnsavedGuard,
    },
};

/// Mounts an app in `main`; `None` if the shell lacks required data.
pub(crate) fn mount(app: App, main: HtmlElement) -> Option<()> {
    let shell: ShellData = shell::read()?;
    let (email, reset) = (EmailToken::take(), ResetToken::take());
    let has_signed_in = address::take_signed_in_mark();
    address::remove_trailing_slash();
    settle_address(shell.me.as_ref().is_some_and(|me| !me.change_pwd_hint));
    mount_to(main, move || view! { <Root app shell has_signed_in email reset /> }).forget();
    Some(())
}

/// Sets the address bar to the sign-in page before the app starts, if the requested page needs a session and there is
/// no usable one. The server has painted the form at the requested address.
fn settle_address(ready: bool) {
    let path = window().location().pathname().unwrap_or_default();
    if !ready && ClientRoute::parse(&path).is_some_and(ClientRoute::needs_session) {
        address::replace_address(&with_fragment(&address::current_address().via_login(), &address::fragment()));
    }
}

/// Appends the page's fragment to an address: it is not sent to the server, and survives the sign-in.
fn with_fragment(address: &str, fragment: &str) -> String {
    [address, fragment].concat()
}

/// An app for users with an account. The linker keeps only the pages that its screens refer to.
#[derive(Clone, Copy)]
pub(crate) struct App {
    /// Its pages.
    pub(crate) screens: Screens,
    /// Views and effects beside the page.
    pub(crate) around: fn() -> AnyView,
}

/// Effects of the sign-in app; it draws nothing beside the page.
pub(crate) fn around_sign_in() -> AnyView {
    reauth_in_dashboard();
    listen_to_choices();
    ().into_any()
}

/// Views of the dashboard beside the page.
pub(crate) fn around_dashboard() -> AnyView {
    view! { <AroundDashboard /> }.into_any()
}

/// Re-authentication needs the dialog of the dashboard. A reload makes the server send the dashboard, at the same
/// address.
fn reauth_in_dashboard() {
    reauth::set_prompt(|_| {
        let _ = window().location().reload();
        // The reload ends this page.
        Box::pin(future::pending())
    });
}

/// The header, which has its own root element, and the dialogs for re-authentication and unsaved text.
#[component]
fn AroundDashboard() -> impl IntoView {
    Reauth::provide();
    scroll::keep_scroll_positions();
    listen_to_choices();
    mount_header();
    view! {
        <ReauthDialog />
        <UnsavedGuard />
    }
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
    Arrival::provide(shell.user_code.as_ref());
    provide_context(InApp(app.screens.has));
    view! {
        <Document />
        <Router>
            <Frame app session origin=shell.origin />
        </Router>
    }
}

/// The content of the router.
#[component]
fn Frame(app: App, session: Session, origin: String) -> impl IntoView {
    guard(session);
    move_focus();
    address::sync_address_bar();
    view! {
        <AddressNotice origin />
        <ConnectionNotice probe=|| spawn_local(probe()) />
        <LogoutNotice />
        <AnnouncementPlace />
        {(app.around)()}
        <FlatRoutes fallback=|| view! { <NotInThisApp /> }>
            <ScreenRoutes screens=app.screens.all show=|screen| view! { <GuardedScreen screen /> }.into_any() />
        </FlatRoutes>
    }
}

/// A screen; nothing while its page needs a session and there is no usable one.
#[component]
fn GuardedScreen(screen: &'static Screen) -> impl IntoView {
    let session = Session::expect();
    match screen.page.audience() {
        Audience::Anyone | Audience::Client => view! { <ScreenView screen /> }.into_any(),
        // Redrawn when the condition changes, not on every change of the account.
        Audience::Account => view! {
            <Show when=move || session.is_ready()>
                <ScreenView screen />
            </Show>
        }
        .into_any(),
    }
}

/// The fallback for an address without a page in this app.
#[component]
fn NotInThisApp() -> impl IntoView {
    let is_in_other_app = use_route().get_untracked().is_some_and(|route| !route.is_portal());
    if is_in_other_app {
        // The server sends the app that has the page; the browser had this one cached.
        let _ = window().location().reload();
    }
    // In a closure, as in `ScreenView`.
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

/// Sends a user without a usable session from a page that needs one to the sign-in page, with the page as return URL,
/// unless the user signed out.
fn guard(session: Session) {
    let (route, location, navigate) = (use_route(), use_location(), use_navigate());
    Effect::new(move |_| {
        let ready = session.is_ready();
        if ready || !route.get().is_some_and(ClientRoute::needs_session) {
            return;
        }
        let login = match session.signed_out_reason() {
            Some(SignedOutReason::SignedOut | SignedOutReason::SignOutFailed | SignedOutReason::SignOutRepeated) => {
                ClientRoute::Login.path().to_owned()
            }
            Some(SignedOutReason::NeverSignedIn | SignedOutReason::CookieLost | SignedOutReason::Ended) | None => {
                with_fragment(&address::router_address(&location).via_login(), &location.hash.read_untracked())
            }
        };
        // Replace the history entry of the page that is left. When a link to it was followed, the router has not
        // written its address yet: the current entry is that of the page with the link.
        let replace = address::path() == location.pathname.get_untracked();
        navigate(&login, NavigateOptions { replace, ..NavigateOptions::default() });
    });
}

/// Moves the focus to the heading on each change of page, so that a screen reader starts there; not on first load, when
/// the user may be typing in a field.
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

/// Mounts the header. It is outside `main`, whose painted content must not be redrawn.
fn mount_header() {
    shell::mount_header(|| view! { <Header /> });
}

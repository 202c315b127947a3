//! The screens: what shows each page of the contract's table, and which of them each app has.
//!
//! A page needs its title and its view here, and its path and audience in the contract, or nothing compiles.

use doorstep_contract::route::{Audience, ClientRoute, Page};
use doorstep_locales::{
    Word,
    words::{account, audit, clients, device, forgot, home, login, portal, projects, reset, two_factor},
};
use leptos::prelude::*;

use crate::{
    pages::{
        account::{DevicesPage, EnrolmentPage, IdentitiesPage, ProfilePage, SecurityPage, SessionsPage},
        audit::AuditPage,
        clients::{ClientPage, ClientsPage},
        device::DevicePage,
        home::HomePage,
        login::LoginPage,
        password_reset::{ForgotPage, ResetPage},
        projects::{ProjectPage, ProjectsPage},
    },
    portal::pages::PortalPage,
    routes::{Screen, Screens},
};

const STRANGERS: Audiences = Audiences { anyone: true, account: false, client: false };
const USERS: Audiences = Audiences { anyone: true, account: true, client: false };
const CLIENTS: Audiences = Audiences { anyone: false, account: false, client: true };

/// What a stranger needs: as little as possible, because strangers have to load it first.
pub(crate) const SIGN_IN: Screens =
    Screens { all: const { &STRANGERS.screens::<{ STRANGERS.count() }>() }, has: |path| STRANGERS.have(path) };

/// What users have, and what strangers need: so that a user who signs out and in again stays in one app.
pub(crate) const DASHBOARD: Screens =
    Screens { all: const { &USERS.screens::<{ USERS.count() }>() }, has: |path| USERS.have(path) };

/// What a client sees.
pub(crate) const PORTAL: Screens =
    Screens { all: const { &CLIENTS.screens::<{ CLIENTS.count() }>() }, has: |path| CLIENTS.have(path) };

/// The one table of screens.
const fn screen(page: Page) -> Screen {
    let (title, view): (Word, fn() -> AnyView) = match page {
        Page::Home => (home::TITLE, || view! { <HomePage /> }.into_any()),
        Page::Login => (login::TITLE, || view! { <LoginPage /> }.into_any()),
        Page::ForgotPassword => (forgot::TITLE, || view! { <ForgotPage /> }.into_any()),
        Page::ResetPassword => (reset::TITLE, || view! { <ResetPage /> }.into_any()),
        Page::Device => (device::TITLE, || view! { <DevicePage /> }.into_any()),
        Page::Account => (account::PROFILE, || view! { <ProfilePage /> }.into_any()),
        Page::AccountSecurity => (account::SECURITY, || view! { <SecurityPage /> }.into_any()),
        Page::AccountTwoFactor => (two_factor::SET_UP, || view! { <EnrolmentPage /> }.into_any()),
        Page::AccountSessions => (account::SESSIONS, || view! { <SessionsPage /> }.into_any()),
        Page::AccountDevices => (account::DEVICES, || view! { <DevicesPage /> }.into_any()),
        Page::AccountIdentities => (account::IDENTITIES, || view! { <IdentitiesPage /> }.into_any()),
        Page::Projects => (projects::TITLE, || view! { <ProjectsPage /> }.into_any()),
        Page::Project => (projects::TITLE, || view! { <ProjectPage /> }.into_any()),
        Page::Clients => (clients::TITLE, || view! { <ClientsPage /> }.into_any()),
        Page::Client => (clients::TITLE, || view! { <ClientPage /> }.into_any()),
        Page::Audit => (audit::TITLE, || view! { <AuditPage /> }.into_any()),
        Page::Portal | Page::PortalProject => (portal::PROJECTS, || view! { <PortalPage /> }.into_any()),
    };
    Screen { page, title, view }
}

/// Who an app is for.
#[derive(Clone, Copy)]
struct Audiences {
    anyone: bool,
    account: bool,
    client: bool,
}

impl Audiences {
    /// Whether a page is for them.
    const fn has(self, page: Page) -> bool {
        match page.audience() {
            Audience::Anyone => self.anyone,
            Audience::Account => self.account,
            Audience::Client => self.client,
        }
    }

    /// Whether the page at a path is for them.
    fn have(self, path: &str) -> bool {
        ClientRoute::parse(path).is_some_and(|route| self.has(route.page()))
    }

    /// How many pages they have.
    const fn count(self) -> usize {
        let (mut count, mut pages) = (0, Page::ALL);
        while let [page, rest @ ..] = pages {
            if self.has(*page) {
                count += 1;
            }
            pages = rest;
        }
        count
    }

    /// The screens of their pages, which are [`count`](Self::count). Constant, so that an app has nothing of the others'.
    #[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile in a constant")]
    const fn screens<const COUNT: usize>(self) -> [Screen; COUNT] {
        let mut screens = [screen(Page::Home); COUNT];
        let (mut at, mut pages) = (0, Page::ALL);
        while let [page, rest @ ..] = pages {
            if self.has(*page) {
                screens[at] = screen(*page);
                at += 1;
            }
            pages = rest;
        }
        screens
    }
}

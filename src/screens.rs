//! The screens: the view of each page of the contract's table, and the pages of each app.
//!
//! A page needs its view here, its title in `crates/locales/src/titles.rs`, and its path and audience in the contract,
//! or nothing compiles.

use doorstep_contract::route::{Audience, ClientRoute, Page};
use doorstep_locales::title;
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

/// The pages that need no session: as few as possible, because a first visit has to load them.
pub(crate) const SIGN_IN: Screens =
    Screens { all: const { &STRANGERS.screens::<{ STRANGERS.count() }>() }, has: |path| STRANGERS.have(path) };

/// All pages for accounts and those of [`SIGN_IN`], so that signing out and in again stays in one app.
pub(crate) const DASHBOARD: Screens =
    Screens { all: const { &USERS.screens::<{ USERS.count() }>() }, has: |path| USERS.have(path) };

/// The pages for a client.
pub(crate) const PORTAL: Screens =
    Screens { all: const { &CLIENTS.screens::<{ CLIENTS.count() }>() }, has: |path| CLIENTS.have(path) };

/// The table of screens.
const fn screen(page: Page) -> Screen {
    let view: fn() -> AnyView = match page {
        Page::Home => || view! { <HomePage /> }.into_any(),
        Page::Login => || view! { <LoginPage /> }.into_any(),
        Page::ForgotPassword => || view! { <ForgotPage /> }.into_any(),
        Page::ResetPassword => || view! { <ResetPage /> }.into_any(),
        Page::Device => || view! { <DevicePage /> }.into_any(),
        Page::Account => || view! { <ProfilePage /> }.into_any(),
        Page::AccountSecurity => || view! { <SecurityPage /> }.into_any(),
        Page::AccountTwoFactor => || view! { <EnrolmentPage /> }.into_any(),
        Page::AccountSessions => || view! { <SessionsPage /> }.into_any(),
        Page::AccountDevices => || view! { <DevicesPage /> }.into_any(),
        Page::AccountIdentities => || view! { <IdentitiesPage /> }.into_any(),
        Page::Projects => || view! { <ProjectsPage /> }.into_any(),
        Page::Project => || view! { <ProjectPage /> }.into_any(),
        Page::Clients => || view! { <ClientsPage /> }.into_any(),
        Page::Client => || view! { <ClientPage /> }.into_any(),
        Page::Audit => || view! { <AuditPage /> }.into_any(),
        Page::Portal | Page::PortalProject => || view! { <PortalPage /> }.into_any(),
    };
    Screen { page, title: title(page), view }
}

/// The audiences of an app.
#[derive(Clone, Copy)]
struct Audiences {
    anyone: bool,
    account: bool,
    client: bool,
}

impl Audiences {
    /// Whether a page has one of these audiences.
    const fn has(self, page: Page) -> bool {
        match page.audience() {
            Audience::Anyone => self.anyone,
            Audience::Account => self.account,
            Audience::Client => self.client,
        }
    }

    /// Whether the page at a path has one of these audiences.
    fn have(self, path: &str) -> bool {
        ClientRoute::parse(path).is_some_and(|route| self.has(route.page()))
    }

    /// The number of their pages.
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

    /// The screens of their pages, as a constant, so that an app links nothing of the others.
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

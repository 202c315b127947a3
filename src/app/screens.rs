//! The screens: what shows each page of the contract's table, and the routes that an app makes of them.
//!
//! A page needs its title and its view here, and its path and audience in the contract, or nothing compiles.

use doorstep_contract::route::{Audience, ClientRoute, Page};
use doorstep_locales::{
    Word,
    words::{account, audit, clients, device, forgot, home, login, projects, reset},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    GeneratedRouteData, MatchNestedRoutes, NestedRoute, PartialPathMatch, PathSegment, PossibleRouteMatch, RouteMatchId,
};

use crate::{
    i18n::t,
    pages::{
        account::{DevicesPage, IdentitiesPage, ProfilePage, SecurityPage, SessionsPage},
        audit::AuditPage,
        clients::{ClientPage, ClientsPage},
        device::DevicePage,
        home::HomePage,
        login::LoginPage,
        password_reset::{ForgotPage, ResetPage},
        projects::{ProjectPage, ProjectsPage},
    },
    portal::pages::PortalPage,
};

/// What shows a page.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    /// The page.
    pub(crate) page: Page,
    /// The window's title, for as long as the view shows no other one.
    title: Word,
    view: fn() -> AnyView,
}

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
        Page::AccountSessions => (account::SESSIONS, || view! { <SessionsPage /> }.into_any()),
        Page::AccountDevices => (account::DEVICES, || view! { <DevicesPage /> }.into_any()),
        Page::AccountIdentities => (account::IDENTITIES, || view! { <IdentitiesPage /> }.into_any()),
        Page::Projects => (projects::TITLE, || view! { <ProjectsPage /> }.into_any()),
        Page::Project => (projects::TITLE, || view! { <ProjectPage /> }.into_any()),
        Page::Clients => (clients::TITLE, || view! { <ClientsPage /> }.into_any()),
        Page::Client => (clients::TITLE, || view! { <ClientPage /> }.into_any()),
        Page::Audit => (audit::TITLE, || view! { <AuditPage /> }.into_any()),
        Page::Portal | Page::PortalProject => (projects::TITLE, || view! { <PortalPage /> }.into_any()),
    };
    Screen { page, title, view }
}

/// Who an app is for.
#[derive(Clone, Copy)]
pub(crate) struct Audiences {
    pub(crate) anyone: bool,
    pub(crate) account: bool,
    pub(crate) client: bool,
}

impl Audiences {
    /// Whether a page is for them.
    pub(crate) const fn has(self, page: Page) -> bool {
        match page.audience() {
            Audience::Anyone => self.anyone,
            Audience::Account => self.account,
            Audience::Client => self.client,
        }
    }

    /// How many pages they have.
    pub(crate) const fn count(self) -> usize {
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
    pub(crate) const fn screens<const COUNT: usize>(self) -> [Screen; COUNT] {
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

/// A screen, with its title.
#[component]
pub(crate) fn ScreenView(screen: &'static Screen) -> impl IntoView {
    // Inside a closure, because leptos_meta takes a `Title` for a second one when it is drawn in place of another.
    move || {
        view! {
            <Title text=t(screen.title) />
            {(screen.view)()}
        }
    }
}

/// A page as the path of a route.
#[derive(Debug, Clone, Copy)]
struct At(Page);

impl PossibleRouteMatch for At {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let route = ClientRoute::parse(path).filter(|route| route.page() == self.0)?;
        let id = route.id().map(|id| ("id".into(), id.as_str().to_owned()));
        Some(PartialPathMatch::new("", id.into_iter().collect(), path))
    }

    /// For a server that renders, which ours does not.
    fn generate_path(&self, _: &mut Vec<PathSegment>) {}
}

/// The routes of an app.
#[derive(Debug, Clone)]
pub(crate) struct Routes<R>(Vec<R>);

/// One route a screen.
#[component(transparent)]
pub(crate) fn ScreenRoutes(
    /// The screens of the app.
    screens: &'static [Screen],
    /// Draws one of them.
    show: fn(&'static Screen) -> AnyView,
) -> Routes<impl MatchNestedRoutes + Clone + Send + 'static> {
    Routes(screens.iter().map(|screen| NestedRoute::new(At(screen.page), move || show(screen))).collect())
}

impl<R: MatchNestedRoutes> MatchNestedRoutes for Routes<R> {
    type Data = R::Data;
    type Match = R::Match;

    fn match_nested<'a>(&'a self, path: &'a str) -> (Option<(RouteMatchId, R::Match)>, &'a str) {
        let matches = |route: &'a R| Some(route.match_nested(path)).filter(|(found, _)| found.is_some());
        self.0.iter().find_map(matches).unwrap_or((None, path))
    }

    fn generate_routes(&self) -> impl IntoIterator<Item = GeneratedRouteData> + '_ {
        self.0.iter().flat_map(MatchNestedRoutes::generate_routes)
    }

    fn optional(&self) -> bool {
        false
    }
}

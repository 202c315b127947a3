//! The client routes: what the app shows at which path.
//!
//! One enum for three readers: the app matches on it, the server chooses the shell and the status by it, and a
//! [`ReturnUrl`](crate::return_url::ReturnUrl) is opened by it. Routing is by path alone, never by headers.

use crate::{
    paths::{PORTAL, PREVIEWED, RESET_PASSWORD_PAGE},
    uuid::Uuid,
};

/// A page of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRoute {
    /// `/`: the start page.
    Home,
    /// `/login`: every way of signing in.
    Login,
    /// `/forgot-password`: asks for a mail that resets a password.
    ForgotPassword,
    /// `/reset-password`: where the link in that mail leads.
    ResetPassword,
    /// `/device`: where a device is let in (RFC 8628 §3.3).
    Device,
    /// `/account`: who one is here.
    Account,
    /// `/account/security`: password and second factor.
    AccountSecurity,
    /// `/account/sessions`: the browsers that are signed in or trusted.
    AccountSessions,
    /// `/account/devices`: the devices that have been let in.
    AccountDevices,
    /// `/account/identities`: the identities of other systems that open the account.
    AccountIdentities,
    /// `/projects`: what is worked on.
    Projects,
    /// `/projects/{id}`: one of them.
    Project(Uuid),
    /// `/clients`: whom it is for.
    Clients,
    /// `/clients/{id}`: one of them.
    Client(Uuid),
    /// `/audit`: who did what.
    Audit,
    /// `/portal`: what a client sees.
    Portal,
    /// `/portal/projects/{id}`: one of its projects.
    PortalProject(Uuid),
}

impl ClientRoute {
    /// Every page that there is one of.
    const SINGLE: [Self; 14] = [
        Self::Home,
        Self::Login,
        Self::ForgotPassword,
        Self::ResetPassword,
        Self::Device,
        Self::Account,
        Self::AccountSecurity,
        Self::AccountSessions,
        Self::AccountDevices,
        Self::AccountIdentities,
        Self::Projects,
        Self::Clients,
        Self::Audit,
        Self::Portal,
    ];

    /// Every page of one thing among many.
    const OF_ONE: [fn(Uuid) -> Self; 3] = [Self::Project, Self::Client, Self::PortalProject];

    /// The page at a path (without query and fragment), or `None` when there is none. One slash at the end is
    /// forgiven.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        // The start page is a slash and nothing else.
        let single = || Self::SINGLE.into_iter().find(|route| route.path().trim_end_matches('/') == path);
        let of_one = || {
            let (list, id) = path.rsplit_once('/')?;
            let id = Uuid::parse(id)?;
            Self::OF_ONE.into_iter().map(|route| route(id)).find(|route| route.path() == list)
        };
        single().or_else(of_one)
    }

    /// The path of the page; of a page of one thing, what stands before the slash and its id.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Login => "/login",
            Self::ForgotPassword => "/forgot-password",
            Self::ResetPassword => RESET_PASSWORD_PAGE,
            Self::Device => "/device",
            Self::Account => "/account",
            Self::AccountSecurity => "/account/security",
            Self::AccountSessions => "/account/sessions",
            Self::AccountDevices => "/account/devices",
            Self::AccountIdentities => "/account/identities",
            Self::Projects | Self::Project(_) => PREVIEWED,
            Self::Clients | Self::Client(_) => "/clients",
            Self::Audit => "/audit",
            Self::Portal => PORTAL,
            Self::PortalProject(_) => "/portal/projects",
        }
    }

    /// The whole path of the page.
    #[must_use]
    pub fn address(self) -> String {
        match self {
            Self::Project(id) | Self::Client(id) | Self::PortalProject(id) => [self.path(), "/", id.as_str()].concat(),
            _ => self.path().to_owned(),
        }
    }

    /// Whether the page belongs to the portal, which has an app and a session of its own.
    #[must_use]
    pub const fn is_portal(self) -> bool {
        matches!(self, Self::Portal | Self::PortalProject(_))
    }

    /// Whether the page is for people who are signed in to the dashboard.
    #[must_use]
    pub const fn needs_session(self) -> bool {
        match self {
            Self::Home
            | Self::Account
            | Self::AccountSecurity
            | Self::AccountSessions
            | Self::AccountDevices
            | Self::AccountIdentities
            | Self::Projects
            | Self::Project(_)
            | Self::Clients
            | Self::Client(_)
            | Self::Audit => true,
            Self::Login
            | Self::ForgotPassword
            | Self::ResetPassword
            | Self::Device
            | Self::Portal
            | Self::PortalProject(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_at_its_own_path() {
        let id = Uuid::parse("0198c2a5-7b1e-7c3f-9a44-0123456789ab").expect("is one");
        let of_one = ClientRoute::OF_ONE.into_iter().map(|route| route(id));
        for route in ClientRoute::SINGLE.into_iter().chain(of_one) {
            assert_eq!(ClientRoute::parse(&route.address()), Some(route));
        }
    }

    #[test]
    fn a_slash_at_the_end_is_forgiven_once() {
        assert_eq!(ClientRoute::parse("/login/"), Some(ClientRoute::Login));
        assert_eq!(ClientRoute::parse("/login//"), None);
        assert_eq!(ClientRoute::parse("//"), None);
    }

    #[test]
    fn other_paths_are_no_routes() {
        for path in ["/logi", "/login/x", "/LOGIN", "/assets/app.js", "/api/auth/me", "/projects/1"] {
            assert_eq!(ClientRoute::parse(path), None, "{path}");
        }
    }
}

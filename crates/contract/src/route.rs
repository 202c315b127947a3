//! The client routes: what the app shows at which path.
//!
//! One enum for three readers: the app matches on it, the server chooses the shell and the status by it, and a
//! [`ReturnUrl`](crate::return_url::ReturnUrl) is opened by it. Routing is by path alone, never by headers.

use crate::paths::RESET_PASSWORD_PAGE;

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
}

impl ClientRoute {
    /// Every page there is.
    pub const ALL: [Self; 10] = [
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
    ];

    /// The page at a path (without query and fragment), or `None` when there is none. One slash at the end is
    /// forgiven.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        // The start page is a slash and nothing else.
        Self::ALL.into_iter().find(|route| route.path().trim_end_matches('/') == path)
    }

    /// The path of the page.
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
        }
    }

    /// Whether the page is for people who are signed in.
    #[must_use]
    pub const fn needs_session(self) -> bool {
        match self {
            Self::Home
            | Self::Account
            | Self::AccountSecurity
            | Self::AccountSessions
            | Self::AccountDevices
            | Self::AccountIdentities => true,
            Self::Login | Self::ForgotPassword | Self::ResetPassword | Self::Device => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_at_its_own_path() {
        for route in ClientRoute::ALL {
            assert_eq!(ClientRoute::parse(route.path()), Some(route));
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
        for path in ["/logi", "/login/x", "/LOGIN", "/assets/app.js", "/api/auth/me"] {
            assert_eq!(ClientRoute::parse(path), None, "{path}");
        }
    }
}

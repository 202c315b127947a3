//! The client routes: the pages of the app and their paths.
//!
//! One table for three uses: the app's router, the server's choice of shell and status, and the parser of
//! [`ReturnUrl`](crate::return_url::ReturnUrl). Routing is by path only, never by headers.

use crate::{
    paths::{PORTAL, PREVIEWED, RESET_PASSWORD_PAGE},
    uuid::Uuid,
};

/// The audience of a page. It decides which session the page needs, and which apps have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everyone, signed in or not: in the sign-in app and in the dashboard.
    Anyone,
    /// Signed-in users: in the dashboard.
    Account,
    /// Clients, who have their own kind of session: in the portal.
    Client,
}

/// Declares the pages: name (with the id of a detail page), path without the id, audience.
macro_rules! pages {
    ( $( $(#[$meta:meta])* $name:ident $(($id:ident: $type:ty))? = $path:expr, $audience:ident; )+ ) => {
        /// A page of the app, with the id of a detail page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ClientRoute {
            $( $(#[$meta])* $name $(($type))?, )+
        }

        /// A page of the app, without an id.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Page {
            $( $(#[$meta])* $name, )+
        }

        impl Page {
            /// Every page.
            pub const ALL: &[Self] = &[$( Self::$name, )+];

            /// The path of the page; for a detail page, without the slash and the id.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self {
                    $( Self::$name => $path, )+
                }
            }

            /// The audience of the page.
            #[must_use]
            pub const fn audience(self) -> Audience {
                match self {
                    $( Self::$name => Audience::$audience, )+
                }
            }

            /// The page, if `rest` can follow its path.
            fn followed_by(self, rest: &str) -> Option<ClientRoute> {
                match self {
                    $( Self::$name => followed_by!(ClientRoute::$name, rest $(, $type)?), )+
                }
            }
        }

        impl ClientRoute {
            /// The page without its id.
            #[must_use]
            pub const fn page(self) -> Page {
                match self {
                    $( Self::$name { .. } => Page::$name, )+
                }
            }

            /// The id of a detail page.
            #[must_use]
            pub const fn id(self) -> Option<Uuid> {
                match self {
                    $( Self::$name $(($id))? => first_of!($($id)?), )+
                }
            }

            /// The whole path of the page.
            #[must_use]
            pub fn address(self) -> String {
                match self {
                    $( Self::$name $(($id))? => [$path, $( "/", $id.as_str(), )?].concat(), )+
                }
            }
        }
    };
}

macro_rules! first_of {
    () => {
        None
    };
    ($id:ident) => {
        Some($id)
    };
}

macro_rules! followed_by {
    ($route:path, $rest:ident) => {
        $rest.is_empty().then_some($route)
    };
    ($route:path, $rest:ident, $type:ty) => {
        <$type>::parse($rest.strip_prefix('/')?).map($route)
    };
}

pages! {
    /// `/`: the home page.
    Home = "/", Account;
    /// `/login`: all ways to sign in.
    Login = "/login", Anyone;
    /// `/forgot-password`: requests a mail to reset the password.
    ForgotPassword = "/forgot-password", Anyone;
    /// `/reset-password`: the link in that mail.
    ResetPassword = RESET_PASSWORD_PAGE, Anyone;
    /// `/device`: authorizes a device (RFC 8628 §3.3).
    Device = "/device", Anyone;
    /// `/account`: the profile.
    Account = "/account", Account;
    /// `/account/security`: password and two-factor authentication.
    AccountSecurity = "/account/security", Account;
    /// `/account/security/two-factor`: turns two-factor authentication on.
    AccountTwoFactor = "/account/security/two-factor", Account;
    /// `/account/sessions`: sessions and trusted browsers.
    AccountSessions = "/account/sessions", Account;
    /// `/account/devices`: the authorized devices.
    AccountDevices = "/account/devices", Account;
    /// `/account/identities`: the linked accounts.
    AccountIdentities = "/account/identities", Account;
    /// `/projects`: the projects.
    Projects = PREVIEWED, Account;
    /// `/projects/{id}`: a project.
    Project(id: Uuid) = PREVIEWED, Account;
    /// `/clients`: the clients.
    Clients = "/clients", Account;
    /// `/clients/{id}`: a client.
    Client(id: Uuid) = "/clients", Account;
    /// `/audit`: the audit log.
    Audit = "/audit", Account;
    /// `/portal`: the projects of a client.
    Portal = PORTAL, Client;
    /// `/portal/projects/{id}`: a project of a client.
    PortalProject(id: Uuid) = "/portal/projects", Client;
}

/// The sections of the dashboard, in the order of its navigation.
pub const SECTIONS: [Page; 3] = [Page::Projects, Page::Clients, Page::Audit];

/// The pages of the account settings, in the order of their links.
pub const ACCOUNT_PAGES: [Page; 5] =
    [Page::Account, Page::AccountSecurity, Page::AccountSessions, Page::AccountDevices, Page::AccountIdentities];

impl Page {
    /// Whether the page is for operators only: other users see a refusal.
    #[must_use]
    pub const fn is_for_operators(self) -> bool {
        match self {
            Self::Clients | Self::Client | Self::Audit => true,
            Self::Home
            | Self::Login
            | Self::ForgotPassword
            | Self::ResetPassword
            | Self::Device
            | Self::Account
            | Self::AccountSecurity
            | Self::AccountTwoFactor
            | Self::AccountSessions
            | Self::AccountDevices
            | Self::AccountIdentities
            | Self::Projects
            | Self::Project
            | Self::Portal
            | Self::PortalProject => false,
        }
    }
}

impl ClientRoute {
    /// The page at a path (without query and fragment), or `None`. One trailing slash is ignored.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = match path.strip_suffix('/') {
            // Not the home page's only slash, and not the last of several.
            Some(shorter) if !shorter.is_empty() && !shorter.ends_with('/') => shorter,
            _ => path,
        };
        Page::ALL.iter().find_map(|page| page.followed_by(path.strip_prefix(page.path())?))
    }

    /// The path of the page; for a detail page, without the slash and the id.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.page().path()
    }

    /// Whether the page belongs to the portal, which has its own app and session.
    #[must_use]
    pub const fn is_portal(self) -> bool {
        matches!(self.page().audience(), Audience::Client)
    }

    /// Whether the page needs a session of the dashboard.
    #[must_use]
    pub const fn needs_session(self) -> bool {
        matches!(self.page().audience(), Audience::Account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_at_its_own_path() {
        let id = "0198c2a5-7b1e-7c3f-9a44-0123456789ab";
        for page in Page::ALL {
            let of_one = [page.path(), "/", id].concat();
            let route = [page.path(), &of_one].into_iter().filter_map(ClientRoute::parse).find(|it| it.page() == *page);
            let route = route.unwrap_or_else(|| panic!("{page:?} is at no path"));
            assert_eq!(ClientRoute::parse(&route.address()), Some(route));
        }
    }

    #[test]
    fn one_trailing_slash_is_ignored() {
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

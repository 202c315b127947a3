//! The client routes: what the app shows at which path.
//!
//! One table for three readers: the app's router matches by it, the server chooses the shell and the status by it, and a
//! [`ReturnUrl`](crate::return_url::ReturnUrl) is opened by it. Routing is by path alone, never by headers.

use crate::{
    paths::{PORTAL, PREVIEWED, RESET_PASSWORD_PAGE},
    uuid::Uuid,
};

/// Who a page is for. That decides the session that it needs, and the apps that have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everyone, signed in or not: the page is in the sign-in app and in the dashboard.
    Anyone,
    /// Users who are signed in: the page is in the dashboard.
    Account,
    /// Clients, who have a session of their own: the page is in the portal.
    Client,
}

/// Declares the pages: name (with the id of what it shows, where there are many), path before that id, audience.
macro_rules! pages {
    ( $( $(#[$meta:meta])* $name:ident $(($id:ident: $type:ty))? = $path:expr, $audience:ident; )+ ) => {
        /// A page of the app, and which thing it shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ClientRoute {
            $( $(#[$meta])* $name $(($type))?, )+
        }

        /// A page of the app, whichever thing it shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Page {
            $( $(#[$meta])* $name, )+
        }

        impl Page {
            /// Every page.
            pub const ALL: &[Self] = &[$( Self::$name, )+];

            /// The path of the page; of a page of one thing, what stands before the slash and its id.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self {
                    $( Self::$name => $path, )+
                }
            }

            /// Who it is for.
            #[must_use]
            pub const fn audience(self) -> Audience {
                match self {
                    $( Self::$name => Audience::$audience, )+
                }
            }

            /// The page, when this is what follows its path.
            fn followed_by(self, rest: &str) -> Option<ClientRoute> {
                match self {
                    $( Self::$name => followed_by!(ClientRoute::$name, rest $(, $type)?), )+
                }
            }
        }

        impl ClientRoute {
            /// Which page it is.
            #[must_use]
            pub const fn page(self) -> Page {
                match self {
                    $( Self::$name { .. } => Page::$name, )+
                }
            }

            /// The id of what it shows, where there are many.
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
    /// `/`: the start page.
    Home = "/", Account;
    /// `/login`: every way of signing in.
    Login = "/login", Anyone;
    /// `/forgot-password`: asks for a mail that resets a password.
    ForgotPassword = "/forgot-password", Anyone;
    /// `/reset-password`: where the link in that mail leads.
    ResetPassword = RESET_PASSWORD_PAGE, Anyone;
    /// `/device`: where a device is authorized (RFC 8628 §3.3).
    Device = "/device", Anyone;
    /// `/account`: the profile of the user.
    Account = "/account", Account;
    /// `/account/security`: password and second factor.
    AccountSecurity = "/account/security", Account;
    /// `/account/security/two-factor`: sets up the second factor.
    AccountTwoFactor = "/account/security/two-factor", Account;
    /// `/account/sessions`: the browsers that are signed in or trusted.
    AccountSessions = "/account/sessions", Account;
    /// `/account/devices`: the authorized devices.
    AccountDevices = "/account/devices", Account;
    /// `/account/identities`: the identities of other systems that open the account.
    AccountIdentities = "/account/identities", Account;
    /// `/projects`: what is worked on.
    Projects = PREVIEWED, Account;
    /// `/projects/{id}`: one of them.
    Project(id: Uuid) = PREVIEWED, Account;
    /// `/clients`: whom it is for.
    Clients = "/clients", Account;
    /// `/clients/{id}`: one of them.
    Client(id: Uuid) = "/clients", Account;
    /// `/audit`: who did what.
    Audit = "/audit", Account;
    /// `/portal`: what a client sees.
    Portal = PORTAL, Client;
    /// `/portal/projects/{id}`: one of its projects.
    PortalProject(id: Uuid) = "/portal/projects", Client;
}

/// The sections of the dashboard, in the order of its navigation.
pub const SECTIONS: [Page; 3] = [Page::Projects, Page::Clients, Page::Audit];

/// The pages of the account settings, in the order of their links.
pub const ACCOUNT_PAGES: [Page; 5] =
    [Page::Account, Page::AccountSecurity, Page::AccountSessions, Page::AccountDevices, Page::AccountIdentities];

impl Page {
    /// Whether it is for operators alone: other users get a refusal in place of what is on it.
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
    /// The page at a path (without query and fragment), or `None` when there is none. One slash at the end is
    /// forgiven.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = match path.strip_suffix('/') {
            // Not the one that the start page is, and not the last of several.
            Some(shorter) if !shorter.is_empty() && !shorter.ends_with('/') => shorter,
            _ => path,
        };
        Page::ALL.iter().find_map(|page| page.followed_by(path.strip_prefix(page.path())?))
    }

    /// The path of the page; of a page of one thing, what stands before the slash and its id.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.page().path()
    }

    /// Whether the page belongs to the portal, which has an app and a session of its own.
    #[must_use]
    pub const fn is_portal(self) -> bool {
        matches!(self.page().audience(), Audience::Client)
    }

    /// Whether the page is for people who are signed in to the dashboard.
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

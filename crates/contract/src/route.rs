//! The client routes: what the app shows at which path.
//!
//! One enum for three readers: the app matches on it, the server chooses the shell and the status by it, and a
//! [`ReturnUrl`](crate::return_url::ReturnUrl) is opened by it. Routing is by path alone, never by headers.

/// A page of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRoute {
    /// `/`: the start page.
    Home,
    /// `/login`: every way of signing in.
    Login,
}

impl ClientRoute {
    /// Every page there is.
    pub const ALL: [Self; 2] = [Self::Home, Self::Login];

    /// The page at a path (without query and fragment), or `None` when there is none. One slash at the end is
    /// forgiven.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        match path.strip_suffix('/').unwrap_or(path) {
            "" => Some(Self::Home),
            "/login" => Some(Self::Login),
            _ => None,
        }
    }

    /// The path of the page.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Login => "/login",
        }
    }

    /// Whether the page is for people who are signed in.
    #[must_use]
    pub const fn needs_session(self) -> bool {
        match self {
            Self::Home => true,
            Self::Login => false,
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

//! The table of routes. Each endpoint is recorded when it is mounted, with its surface and its requirements; there
//! is no other way to mount one.
//!
//! The requirements are enforced by the handlers and the services. The tests hold them to this table: they iterate
//! over it, so that rules for all endpoints are tried on new ones too, and they compare the behaviour of every
//! request in every test with the table.

use axum::{Router, handler::Handler, http::Method, routing};

use super::AppState;
use crate::domain::quota::Quota;

/// An endpoint: a method at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The method. GET includes HEAD.
    pub method: Method,
    /// The path in axum's notation: `/api/projects/{id}`.
    pub path: String,
    /// The surface, which determines the format of errors.
    pub surface: Surface,
    /// Its requirements.
    pub needs: Needs,
}

/// The groups of endpoints, each with its own format of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// `/api/*`: JSON in an envelope.
    Dashboard,
    /// `/auth/*`, `/users/me*` and `/graphql/system`: the formats of Directus.
    Tokens,
    /// The device flow: OAuth errors.
    Device,
    /// `/portal/api/*`.
    Portal,
    /// Pages, files, and health checks.
    Pages,
}

/// The requirements of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// How the request is authenticated.
    pub authentication: Authentication,
    /// Whether the last proof of identity must be recent, or the request must contain one.
    pub fresh: bool,
    /// Whether the session of a temporary token may use this write before a password was set in it.
    pub allow_temporary: bool,
    /// The limits that are checked first, in this order.
    pub limits: &'static [Limit],
}

/// How a request is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all, or by fields of the request itself.
    Anyone,
    /// A browser session, including one that must choose a new password first.
    AnySession,
    /// A browser session.
    Session,
    /// A browser session of an operator.
    Operator,
    /// An access token, in `Authorization` or in the cookie of the token surface.
    AccessToken,
    /// A device token.
    DeviceToken,
    /// A device token, or a browser session.
    DeviceTokenOrSession,
    /// The approval grant of an SSO user, in a cookie.
    ApprovalGrant,
    /// The portal's cookie.
    PortalSession,
}

/// A limit that is checked before the work it protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The token buckets for passwords and one-time codes.
    SignIn,
    /// A number of requests within a window.
    Times(Quota),
}

impl Needs {
    /// No requirements.
    pub const NOTHING: Self = Self::authenticated_by(Authentication::Anyone);
    /// A browser session.
    pub const SESSION: Self = Self::authenticated_by(Authentication::Session);
    /// A browser session of an operator.
    pub const OPERATOR: Self = Self::authenticated_by(Authentication::Operator);

    /// This authentication, and no other requirement.
    #[must_use]
    pub const fn authenticated_by(authentication: Authentication) -> Self {
        Self { authentication, fresh: false, allow_temporary: false, limits: &[] }
    }

    /// Also requires a recent proof of identity.
    #[must_use]
    pub const fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// Also allowed in the session of a temporary token.
    #[must_use]
    pub const fn allow_temporary(self) -> Self {
        Self { allow_temporary: true, ..self }
    }

    /// Also subject to these limits.
    #[must_use]
    pub const fn limited(self, limits: &'static [Limit]) -> Self {
        Self { limits, ..self }
    }
}

/// A router with the table of its endpoints.
#[derive(Debug)]
pub struct Routes {
    surface: Surface,
    router: Router<AppState>,
    endpoints: Vec<Endpoint>,
}

impl Routes {
    /// An empty table of a surface.
    #[must_use]
    pub fn of(surface: Surface) -> Self {
        Self { surface, router: Router::new(), endpoints: Vec::new() }
    }

    /// GET, and HEAD with it.
    #[must_use]
    pub fn get<H: Handler<T, AppState>, T: 'static>(self, path: &str, needs: Needs, handler: H) -> Self {
        self.mount(Method::GET, path, needs, routing::get(handler))
    }

    /// POST.
    #[must_use]
    pub fn post<H: Handler<T, AppState>, T: 'static>(self, path: &str, needs: Needs, handler: H) -> Self {
        self.mount(Method::POST, path, needs, routing::post(handler))
    }

    /// PATCH.
    #[must_use]
    pub fn patch<H: Handler<T, AppState>, T: 'static>(self, path: &str, needs: Needs, handler: H) -> Self {
        self.mount(Method::PATCH, path, needs, routing::patch(handler))
    }

    /// DELETE.
    #[must_use]
    pub fn delete<H: Handler<T, AppState>, T: 'static>(self, path: &str, needs: Needs, handler: H) -> Self {
        self.mount(Method::DELETE, path, needs, routing::delete(handler))
    }

    fn mount(mut self, method: Method, path: &str, needs: Needs, handler: routing::MethodRouter<AppState>) -> Self {
        self.router = self.router.route(path, handler);
        self.endpoints.push(Endpoint { method, path: path.to_owned(), surface: self.surface, needs });
        self
    }

    /// The handler for unknown paths, for all methods.
    #[must_use]
    pub fn unknown<H: Handler<T, AppState>, T: 'static>(
        self,
        paths: impl IntoIterator<Item: AsRef<str>>,
        handler: &H,
    ) -> Self {
        self.wrap(|mut router| {
            for path in paths {
                router = router.route(path.as_ref(), routing::any(handler.clone()));
            }
            router
        })
    }

    /// Adds the endpoints of another table.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.endpoints.extend(other.endpoints);
        self
    }

    /// Wraps the endpoints mounted so far in middleware; it must not mount any.
    #[must_use]
    pub fn wrap(mut self, around: impl FnOnce(Router<AppState>) -> Router<AppState>) -> Self {
        self.router = around(self.router);
        self
    }

    /// All endpoints.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The router.
    pub fn into_router(self) -> Router<AppState> {
        self.router
    }
}

//! The table of routes: each endpoint is noted as it is mounted, with its surface and what it needs. There is no other way
//! to mount one.
//!
//! What an endpoint needs is checked by its handler and the services. The tests hold both to this table: they walk it, so
//! that what holds for all endpoints is tried on a new one too, and they compare what each request of each test does with
//! what the table says of its endpoint.

use axum::{Router, handler::Handler, http::Method, routing};

use super::AppState;
use crate::domain::quota::Quota;

/// An endpoint: a method at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// How it is asked. HEAD goes with GET.
    pub method: Method,
    /// Where, in axum's notation: `/api/projects/{id}`.
    pub path: String,
    /// Whose dialect it speaks.
    pub surface: Surface,
    /// What it needs.
    pub needs: Needs,
}

/// The groups of endpoints, each with a dialect of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// `/api/*`, in the envelope.
    Dashboard,
    /// `/auth/*`, `/users/me*` and `/graphql/system`, in the dialect of Directus.
    Tokens,
    /// The device flow, in the dialect of OAuth.
    Device,
    /// `/portal/api/*`.
    Portal,
    /// What browsers go to, files, and health checks.
    Pages,
}

/// What an endpoint needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// What opens it.
    pub opener: Opener,
    /// Whether the session's last proof must be recent, or a proof comes along.
    pub fresh: bool,
    /// Whether it is a write that the session of a temporary token may do before a password has been set in it.
    pub for_now: bool,
    /// The limits that it asks before it does anything else, in this order.
    pub limits: &'static [Limit],
}

/// What opens an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// Nothing, or what the request itself says.
    Anyone,
    /// A browser session, also one in which a new password must be chosen first.
    AnySession,
    /// A browser session.
    Session,
    /// A browser session of an operator.
    Operator,
    /// An access token, in a header or in the cookie of the token surface.
    AccessToken,
    /// The token of a device.
    DeviceToken,
    /// The token of a device, or a browser session.
    DeviceTokenOrSession,
    /// The grant of a user of another identity system, in a cookie.
    ApprovalGrant,
    /// The portal's cookie.
    PortalSession,
}

/// A limit that is asked before the work that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The buckets of passwords and codes.
    SignIn,
    /// So many times within a window.
    Times(Quota),
}

impl Needs {
    /// Nothing: any request is taken.
    pub const NOTHING: Self = Self::opened_by(Opener::Anyone);
    /// A browser session.
    pub const SESSION: Self = Self::opened_by(Opener::Session);
    /// A browser session of an operator.
    pub const OPERATOR: Self = Self::opened_by(Opener::Operator);

    /// What opens it, and nothing else.
    #[must_use]
    pub const fn opened_by(opener: Opener) -> Self {
        Self { opener, fresh: false, for_now: false, limits: &[] }
    }

    /// A recent proof too.
    #[must_use]
    pub const fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// No more than the session of a temporary token.
    #[must_use]
    pub const fn for_now(self) -> Self {
        Self { for_now: true, ..self }
    }

    /// These limits too.
    #[must_use]
    pub const fn limited(self, limits: &'static [Limit]) -> Self {
        Self { limits, ..self }
    }
}

/// A router, and the table of its endpoints.
#[derive(Debug)]
pub struct Routes {
    surface: Surface,
    router: Router<AppState>,
    endpoints: Vec<Endpoint>,
}

impl Routes {
    /// No endpoint of a surface yet.
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

    /// The answer for paths that are no endpoint, whatever the method.
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

    /// The endpoints of another table beside these.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.endpoints.extend(other.endpoints);
        self
    }

    /// What stands around the endpoints so far; it mounts none.
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

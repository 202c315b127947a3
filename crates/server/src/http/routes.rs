//! The routes of the server, each noted as it is mounted: what holds for all of them is tested by their list.

use axum::{Router, handler::Handler, http::Method, routing};

use super::AppState;

/// An endpoint: a method at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// How it is asked. HEAD goes with GET.
    pub method: Method,
    /// Where, in axum's notation: `/api/projects/{id}`.
    pub path: String,
}

/// A router, and the list of its endpoints.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<AppState>,
    endpoints: Vec<Endpoint>,
}

impl Routes {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// GET, and HEAD with it.
    #[must_use]
    pub fn get<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.mount(Method::GET, path, routing::get(handler))
    }

    /// POST.
    #[must_use]
    pub fn post<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.mount(Method::POST, path, routing::post(handler))
    }

    /// PATCH.
    #[must_use]
    pub fn patch<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.mount(Method::PATCH, path, routing::patch(handler))
    }

    /// DELETE.
    #[must_use]
    pub fn delete<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.mount(Method::DELETE, path, routing::delete(handler))
    }

    fn mount(mut self, method: Method, path: &str, handler: routing::MethodRouter<AppState>) -> Self {
        self.router = self.router.route(path, handler);
        self.endpoints.push(Endpoint { method, path: path.to_owned() });
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

    /// The endpoints of another list beside these.
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

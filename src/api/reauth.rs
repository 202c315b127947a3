//! Re-authentication. When the server refuses a request with `reauth_required`, the user is asked to verify who they
//! are, and the request is sent again. Pages need not handle it.
//!
//! ```text
//! api::send -> reauth_required -> is_verified -> the dialog (session/reauth.rs) -> api::auth::reauthenticate
//!           -> the same request again
//! ```

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use super::Method;

/// A request that requires re-authentication.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PendingRequest<'a> {
    pub(super) method: Method,
    /// The path of the request, without its query.
    pub(crate) path: &'a str,
}

impl PendingRequest<'_> {
    /// Whether the request deletes something.
    pub(crate) fn removes(self) -> bool {
        self.method == Method::Delete
    }
}

/// Resolves to whether the user was verified.
pub(crate) type Verification = Pin<Box<dyn Future<Output = bool>>>;

/// A function that asks the user.
type Ask = Rc<dyn Fn(PendingRequest<'_>) -> Verification>;

thread_local! {
    /// Set by an app that can ask.
    static ASK: RefCell<Option<Ask>> = const { RefCell::new(None) };
}

/// Sets the function that asks the user.
pub(crate) fn set_prompt(ask: impl Fn(PendingRequest<'_>) -> Verification + 'static) {
    ASK.with_borrow_mut(|asked_by| *asked_by = Some(Rc::new(ask)));
}

/// Asks the user, for this request; false in an app that can't ask.
pub(super) async fn is_verified(request: PendingRequest<'_>) -> bool {
    match ASK.with_borrow(Clone::clone) {
        Some(ask) => ask(request).await,
        None => false,
    }
}

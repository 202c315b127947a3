//! What needs a fresh proof of who the user is. The pages need not know what does: when the server wants a proof for a request,
//! the app asks for it, and the request is sent again.
//!
//! ```text
//! api::send -> reauth_required -> is_given -> the dialog (session/proof.rs) -> api::auth::prove_again -> the same request
//! ```

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use super::Method;

/// A request that waits for a proof.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(super) method: Method,
    /// Its path, with what stands below it.
    pub(crate) path: &'a str,
}

impl Wanted<'_> {
    /// Whether it removes what it names.
    pub(crate) fn removes(self) -> bool {
        self.method == Method::Delete
    }
}

/// Whether the user proves who they are.
pub(crate) type Asking = Pin<Box<dyn Future<Output = bool>>>;

/// How a user is asked, for a request.
type Ask = Rc<dyn Fn(Wanted<'_>) -> Asking>;

thread_local! {
    /// How the user is asked, in an app that can ask.
    static ASK: RefCell<Option<Ask>> = const { RefCell::new(None) };
}

/// Has the user asked in this way from now on.
pub(crate) fn ask_by(ask: impl Fn(Wanted<'_>) -> Asking + 'static) {
    ASK.with_borrow_mut(|asked_by| *asked_by = Some(Rc::new(ask)));
}

/// Asks, for this request. An app that can't ask has none.
pub(super) async fn is_given(wanted: Wanted<'_>) -> bool {
    match ASK.with_borrow(Clone::clone) {
        Some(ask) => ask(wanted).await,
        None => false,
    }
}

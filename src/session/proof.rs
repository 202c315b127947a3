//! What needs a fresh proof of who is asking: the request is tried, and when the server wants a proof, the dialog asks
//! for it and the request is tried again.
//!
//! ```text
//! page -> proof.with(request) -> reauth_required -> ProofDialog -> api::auth::prove_again -> the request again
//! ```

use doorstep_contract::envelope::ErrorCode;
use futures_channel::oneshot;
use leptos::prelude::*;

use crate::{api::ApiError, ui::dialog::Dialog};

/// The context.
#[derive(Clone, Copy)]
pub(crate) struct Proof {
    /// The dialog that asks.
    pub(crate) dialog: Dialog,
    /// Who waits for its outcome.
    waiting: StoredValue<Option<oneshot::Sender<()>>>,
}

impl Proof {
    /// Makes itself known to the pages.
    pub(crate) fn provide() -> Self {
        let proof = Self { dialog: Dialog::new("proof"), waiting: StoredValue::new(None) };
        provide_context(proof);
        proof
    }

    /// The context of the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// The answer of a request, after a fresh proof if the server wants one. Who closes the dialog gets the refusal.
    pub(crate) async fn with<T>(self, request: impl AsyncFn() -> Result<T, ApiError>) -> Result<T, ApiError> {
        match request().await {
            Err(ApiError::Refused(ErrorCode::ReauthRequired)) if self.ask().await => request().await,
            answer => answer,
        }
    }

    /// Whether the person has proved who they are.
    async fn ask(self) -> bool {
        let (given, outcome) = oneshot::channel();
        let _ = self.waiting.try_update_value(|waiting| *waiting = Some(given));
        self.dialog.open();
        outcome.await.is_ok()
    }

    /// They have.
    pub(crate) fn given(self) {
        if let Some(waiting) = self.waiting.try_update_value(Option::take).flatten() {
            // Nobody waits any more when the page has gone.
            let _ = waiting.send(());
        }
        self.dialog.close();
    }

    /// They would not.
    pub(crate) fn refused(self) {
        let _ = self.waiting.try_update_value(Option::take);
    }
}

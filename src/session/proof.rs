//! How the user is asked for a fresh proof of who they are, whichever page needs it (`api/fresh_proof.rs`): by a dialog.

use std::mem;

use futures_channel::oneshot;
use leptos::prelude::*;

use crate::{api::fresh_proof, ui::dialog::DialogState};

/// The dialog, and who waits for it.
#[derive(Clone, Copy)]
pub(crate) struct Proof {
    /// The dialog that asks.
    pub(crate) dialog: DialogState,
    /// The requests that wait for its outcome.
    waiting: StoredValue<Vec<oneshot::Sender<()>>>,
}

impl Proof {
    /// Asks by a dialog from now on, which the app draws.
    pub(crate) fn provide() -> Self {
        let proof = Self { dialog: DialogState::new("proof"), waiting: StoredValue::new(Vec::new()) };
        fresh_proof::ask_by(move || Box::pin(proof.ask()));
        provide_context(proof);
        proof
    }

    /// The context of the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Whether the user has proved who they are.
    async fn ask(self) -> bool {
        let (given, outcome) = oneshot::channel();
        let _ = self.waiting.try_update_value(|waiting| waiting.push(given));
        self.dialog.open();
        outcome.await.is_ok()
    }

    /// They have.
    pub(crate) fn given(self) {
        for waiting in self.waiting.try_update_value(mem::take).unwrap_or_default() {
            // Nothing waits any more when the page has gone.
            let _ = waiting.send(());
        }
        self.dialog.close();
    }

    /// They would not.
    pub(crate) fn refused(self) {
        let _ = self.waiting.try_update_value(Vec::clear);
    }
}

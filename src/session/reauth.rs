//! The re-authentication dialog, for any request that requires it (`api/reauth.rs`).

use std::mem;

use doorstep_contract::paths;
use doorstep_locales::{Word, words::proof as words};
use futures_channel::oneshot;
use leptos::prelude::*;

use crate::{
    api::reauth::{self, PendingRequest},
    ui::dialog::DialogState,
};

/// The dialog, and the requests that wait for it.
#[derive(Clone, Copy)]
pub(crate) struct Reauth {
    /// The dialog that asks.
    pub(crate) dialog: DialogState,
    /// The reason that the dialog shows.
    pub(crate) reason: RwSignal<Word>,
    /// The requests that wait for its outcome.
    waiting: StoredValue<Vec<oneshot::Sender<()>>>,
}

impl Reauth {
    /// Registers the dialog, which the app draws.
    pub(crate) fn provide() -> Self {
        let reauth = Self {
            dialog: DialogState::new("proof"),
            reason: RwSignal::new(words::TEXT),
            waiting: StoredValue::new(Vec::new()),
        };
        reauth::set_prompt(move |request| Box::pin(reauth.ask(reason(request))));
        provide_context(reauth);
        reauth
    }

    /// The context of the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Asks the user; whether they were verified.
    async fn ask(self, reason: Word) -> bool {
        let _ = self.reason.try_set(reason);
        let (verified, outcome) = oneshot::channel();
        let _ = self.waiting.try_update_value(|waiting| waiting.push(verified));
        self.dialog.open();
        outcome.await.is_ok()
    }

    /// The user was verified: resumes the requests.
    pub(crate) fn confirm(self) {
        for waiting in self.waiting.try_update_value(mem::take).unwrap_or_default() {
            // The receiver is gone if its page is.
            let _ = waiting.send(());
        }
        self.dialog.close();
    }

    /// The user cancelled: refuses the requests.
    pub(crate) fn cancel(self) {
        let _ = self.waiting.try_update_value(Vec::clear);
    }
}

/// The reason by the path of the request; the first matching prefix wins.
const REASONS: [(&str, Word); 8] = [
    (paths::ACCOUNT_EDIT, words::TEXT_ACCOUNT),
    (paths::TOTP_SETUP, words::TEXT_TURN_ON),
    (paths::TOTP_DISABLE, words::TEXT_TURN_OFF),
    (paths::TOTP_RECOVERY, words::TEXT_CODES),
    (paths::TRUSTED_DEVICES, words::TEXT_TRUSTED),
    (paths::IDENTITIES, words::TEXT_LINK),
    (paths::DEVICE_APPROVE, words::TEXT_APPROVE),
    (paths::DEVICE_DENY, words::TEXT_DENY),
];

/// The reason to show for a request.
fn reason(request: PendingRequest<'_>) -> Word {
    if request.removes() && request.path.starts_with(paths::IDENTITIES) {
        return words::TEXT_UNLINK;
    }
    REASONS.iter().find(|(path, _)| request.path.starts_with(path)).map_or(words::TEXT, |(_, reason)| *reason)
}

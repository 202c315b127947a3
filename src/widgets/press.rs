//! Buttons that send a request: one at a time, with an error message.

use doorstep_locales::Word;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{ApiError, Coming, coming},
    problem::sentence,
};

/// The state that the buttons share.
#[derive(Clone, Copy)]
pub(crate) struct Press {
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
}

impl Press {
    pub(crate) fn new() -> Self {
        Self { busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// Whether a request is in progress.
    pub(crate) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// Why the last request failed.
    pub(crate) fn error(self) -> Signal<Option<Word>> {
        Signal::derive(move || self.problem.get().map(sentence))
    }

    /// Sends a request, unless one is in progress.
    pub(crate) fn run(self, work: impl AsyncFnOnce() -> Result<(), ApiError> + 'static) {
        self.erased(coming(async move { work().await }));
    }

    fn erased(self, work: Coming<()>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let outcome = work.await;
            let _ = self.busy.try_set(false);
            let _ = self.problem.try_set(outcome.err());
        });
    }
}

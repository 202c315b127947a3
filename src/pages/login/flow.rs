//! The state of a sign-in: its stage, the data kept between stages, and where it leads.

use doorstep_contract::{
    auth::{LoginRequest, SignedIn},
    secret::Secret,
};
use doorstep_locales::Word;
use leptos::prelude::*;

use super::stage::Stage;
use crate::{
    address::{current_mark, go_back, load_signed_in, push_entry},
    api::{
        ApiError,
        auth::{Login, login},
    },
    session::Session,
    ui::link::Replace,
};

/// The mark of the history entry of a stage that comes after the first one.
const LATER: &str = "step";

/// Shared by all stages.
#[derive(Clone, Copy)]
pub(super) struct LoginFlow {
    stage: RwSignal<Stage>,
    session: Session,
    /// The return URL.
    destination: Callback<(), String>,
    replace: Replace,
    /// The challenge of the pending second step.
    challenge: StoredValue<Option<Secret>>,
    /// The username that was typed, for when the user returns to the first stage.
    username: StoredValue<String>,
    /// The message that the first stage shows when the user is sent back to it.
    message: StoredValue<Option<Word>>,
    /// Whether the user is signed in, and the history entry of the later stage is being left.
    leaving: StoredValue<bool>,
}

impl LoginFlow {
    /// Starts at a stage.
    pub(super) fn new(first: Stage, session: Session, destination: Callback<(), String>) -> Self {
        Self {
            stage: RwSignal::new(first),
            session,
            destination,
            replace: Replace::expect(),
            challenge: StoredValue::new(None),
            username: StoredValue::new(String::new()),
            message: StoredValue::new(None),
            leaving: StoredValue::new(false),
        }
    }

    /// The current stage; tracked.
    pub(super) fn stage(self) -> Stage {
        self.stage.get()
    }

    /// The current stage; untracked.
    pub(super) fn stage_untracked(self) -> Stage {
        self.stage.get_untracked()
    }

    /// Changes the stage. Fields are dropped with their view; the challenge is kept only for the second step. Stages to
    /// go back from share a second history entry.
    pub(super) fn go_to(self, stage: Stage) {
        if !matches!(stage, Stage::Totp | Stage::Recovery) {
            self.challenge.set_value(None);
        }
        match (stage.is_later(), is_at_later()) {
            (true, false) => push_entry(LATER),
            (false, true) if stage == Stage::Account => go_back(1),
            _ => {}
        }
        self.stage.set(stage);
    }

    /// After Back or Forward: returns from a later stage to the first one.
    pub(super) fn went_back(self) {
        if is_at_later() {
            return;
        }
        if self.leaving.get_value() {
            self.leave();
        } else if self.stage_untracked().is_later() {
            self.go_to(Stage::Account);
        }
    }

    /// Signs in. If a second step is required, shows it; otherwise call [`signed_in`](Self::signed_in).
    pub(super) async fn sign_in(self, request: &LoginRequest) -> Result<(), ApiError> {
        match login(request).await? {
            Login::SignedIn(SignedIn { change_pwd_hint, session, .. }) => {
                self.arrive(Stage::after_sign_in(change_pwd_hint, session.temporary).is_some()).await
            }
            Login::SecondStep(challenge) => {
                self.second_step(challenge);
                Ok(())
            }
        }
    }

    /// The server has begun a session. Loads the user if another stage or a page of this app follows; a page of another
    /// app has the user in its shell.
    pub(super) async fn arrive(self, is_more_to_do: bool) -> Result<(), ApiError> {
        self.session.signed_in();
        if is_more_to_do || self.replace.is_in_app(&self.destination.run(())) {
            self.session.confirm_sign_in().await?;
        }
        Ok(())
    }

    /// The user is signed in: shows the next stage, or leaves.
    pub(super) fn signed_in(self) {
        let me = untrack(|| self.session.me());
        match me.and_then(|me| Stage::after_sign_in(me.change_pwd_hint, me.session.temporary)) {
            Some(next) => self.go_to(next),
            None => self.leave(),
        }
    }

    /// Navigates to the return URL, in place of the page with all its history entries.
    pub(super) fn leave(self) {
        if is_at_later() {
            self.leaving.set_value(true);
            return go_back(1);
        }
        let destination = self.destination.run(());
        if untrack(|| self.session.is_signed_in()) {
            self.replace.go(&destination);
        } else {
            load_signed_in(&destination);
        }
    }

    /// The password was right, and a second step is required.
    pub(super) fn second_step(self, challenge: Secret) {
        self.challenge.set_value(Some(challenge));
        self.go_to(Stage::Totp);
    }

    /// The challenge of the pending second step.
    pub(super) fn challenge(self) -> Option<Secret> {
        self.challenge.try_get_value().flatten()
    }

    /// Keeps the typed username.
    pub(super) fn keep_username(self, username: String) {
        self.username.set_value(username);
    }

    /// The typed username.
    pub(super) fn username(self) -> String {
        self.username.get_value()
    }

    /// Sets the message of the first stage.
    pub(super) fn tell(self, message: Word) {
        self.message.set_value(Some(message));
    }

    /// Returns to the first stage with a message.
    pub(super) fn start_again(self, message: Word) {
        self.tell(message);
        self.go_to(Stage::Account);
    }

    /// Takes the message of the first stage.
    pub(super) fn take_message(self) -> Option<Word> {
        self.message.try_update_value(Option::take).flatten()
    }
}

fn is_at_later() -> bool {
    current_mark().as_deref() == Some(LATER)
}

//! The way in: which stage it is at, what it takes along, and where it leads.

use doorstep_contract::secret::Secret;
use doorstep_locales::Word;
use leptos::prelude::*;

use super::stage::Stage;
use crate::session::Session;

/// Shared by all stages.
#[derive(Clone, Copy)]
pub(super) struct Way {
    stage: RwSignal<Stage>,
    session: Session,
    /// Leaves for where the user wanted to go.
    leave: Callback<()>,
    /// Names the sign-in that waits for its second step.
    challenge: StoredValue<Option<Secret>>,
    /// The name that was typed, for when the user comes back to that stage.
    username: StoredValue<String>,
    /// What the first stage has to say when the user is sent back to it.
    message: StoredValue<Option<Word>>,
}

impl Way {
    /// Begins at a stage.
    pub(super) fn new(first: Stage, session: Session, leave: Callback<()>) -> Self {
        Self {
            stage: RwSignal::new(first),
            session,
            leave,
            challenge: StoredValue::new(None),
            username: StoredValue::new(String::new()),
            message: StoredValue::new(None),
        }
    }

    /// Where the user is, to be watched.
    pub(super) fn stage(self) -> Stage {
        self.stage.get()
    }

    /// Where the user is.
    pub(super) fn stage_untracked(self) -> Stage {
        self.stage.get_untracked()
    }

    /// Goes to another stage. What a stage has asked for goes with its view; only the second step needs the challenge.
    pub(super) fn go_to(self, stage: Stage) {
        if !matches!(stage, Stage::Totp | Stage::Recovery) {
            self.challenge.set_value(None);
        }
        self.stage.set(stage);
    }

    /// The user is signed in: on to what must be done first, or out.
    pub(super) fn signed_in(self) {
        match Stage::after_sign_in(untrack(|| self.session.me()).as_ref()) {
            Some(next) => self.go_to(next),
            None => self.leave(),
        }
    }

    /// Leaves for where the user wanted to go.
    pub(super) fn leave(self) {
        self.leave.run(());
    }

    /// The password was right, and a second step is wanted.
    pub(super) fn second_step(self, challenge: Secret) {
        self.challenge.set_value(Some(challenge));
        self.stage.set(Stage::Totp);
    }

    /// Names the sign-in that waits for its second step.
    pub(super) fn challenge(self) -> Option<Secret> {
        self.challenge.try_get_value().flatten()
    }

    /// Keeps the name that was typed.
    pub(super) fn keep_username(self, username: String) {
        self.username.set_value(username);
    }

    /// The name that was typed.
    pub(super) fn username(self) -> String {
        self.username.get_value()
    }

    /// Has the first stage say something when it is shown.
    pub(super) fn tell(self, message: Word) {
        self.message.set_value(Some(message));
    }

    /// Back to the first stage, which says why.
    pub(super) fn start_again(self, message: Word) {
        self.tell(message);
        self.go_to(Stage::Account);
    }

    /// What the first stage has to say, once.
    pub(super) fn take_message(self) -> Option<Word> {
        self.message.try_update_value(Option::take).flatten()
    }
}

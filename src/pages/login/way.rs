//! The way in: which stage it is at, what it takes along, and where it leads.

use doorstep_contract::{
    auth::{LoginRequest, SignedIn},
    secret::Secret,
};
use doorstep_locales::Word;
use leptos::prelude::*;

use super::stage::Stage;
use crate::{
    address::load_signed_in,
    api::{
        ApiError,
        auth::{Login, login},
    },
    session::Session,
    ui::link::Replace,
};

/// Shared by all stages.
#[derive(Clone, Copy)]
pub(super) struct Way {
    stage: RwSignal<Stage>,
    session: Session,
    /// Where the user wanted to go.
    destination: Callback<(), String>,
    replace: Replace,
    /// Names the sign-in that waits for its second step.
    challenge: StoredValue<Option<Secret>>,
    /// The name that was typed, for when the user comes back to that stage.
    username: StoredValue<String>,
    /// What the first stage has to say when the user is sent back to it.
    message: StoredValue<Option<Word>>,
}

impl Way {
    /// Begins at a stage.
    pub(super) fn new(first: Stage, session: Session, destination: Callback<(), String>) -> Self {
        Self {
            stage: RwSignal::new(first),
            session,
            destination,
            replace: Replace::expect(),
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

    /// Signs in. A second step may be wanted; otherwise [`signed_in`](Self::signed_in) says what comes next.
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

    /// The server has begun a session. Who the user is, is asked for here when something is still to be done or this app
    /// shows the next page; another app is loaded for its page, and learns it from the shell.
    pub(super) async fn arrive(self, is_more_to_do: bool) -> Result<(), ApiError> {
        self.session.signed_in();
        if is_more_to_do || self.replace.is_in_app(&self.destination.run(())) {
            self.session.arrive().await?;
        }
        Ok(())
    }

    /// The user is signed in: on to what must be done first, or out.
    pub(super) fn signed_in(self) {
        let me = untrack(|| self.session.me());
        match me.and_then(|me| Stage::after_sign_in(me.change_pwd_hint, me.session.temporary)) {
            Some(next) => self.go_to(next),
            None => self.leave(),
        }
    }

    /// Leaves for where the user wanted to go.
    pub(super) fn leave(self) {
        let destination = self.destination.run(());
        if untrack(|| self.session.is_signed_in()) {
            self.replace.go(&destination);
        } else {
            load_signed_in(&destination);
        }
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

//! The second step of a sign-in: a code, whichever, for the sign-in that waits for it.

use doorstep_contract::{auth::LoginRequest, envelope::ErrorCode, secret::Secret};
use doorstep_locales::words::error;
use leptos::prelude::*;

use super::{stage::CODE, way::Way};
use crate::{
    api::ApiError,
    problem::blame,
    session::Session,
    ui::form::{FormState, Refusal},
};

/// What is asked for in the second step.
#[derive(Clone, Copy)]
pub(super) struct SecondStep {
    pub(super) form: FormState,
    /// What is typed.
    pub(super) code: RwSignal<String>,
    /// Whether this browser is to be asked no more, for a while.
    pub(super) trust: RwSignal<bool>,
    way: Way,
    session: Session,
}

impl SecondStep {
    pub(super) fn new(way: Way) -> Self {
        Self {
            form: FormState::new("second-step"),
            code: RwSignal::new(String::new()),
            trust: RwSignal::new(false),
            way,
            session: Session::expect(),
        }
    }

    /// Signs in with a code.
    pub(super) async fn sign_in(self, code: String) -> Result<(), Refusal> {
        let request = LoginRequest {
            challenge: self.way.challenge(),
            code: Some(Secret::new(code)),
            trust_device_flag: self.trust.try_get_untracked().filter(|trust| *trust),
            ..LoginRequest::default()
        };
        let answer = self.session.sign_in(&request).await.map(drop);
        if let Err(ApiError::Refused(code)) = answer {
            match code {
                ErrorCode::ChallengeExpired => self.way.start_again(error::CHALLENGE_EXPIRED),
                ErrorCode::InvalidCode => {
                    let _ = self.code.try_set(String::new());
                }
                _ => {}
            }
        }
        answer.map_err(blame(|code| (code == ErrorCode::InvalidCode).then_some(CODE)))
    }
}

//! Back from single sign-on without a session: an error, or a second step.

use doorstep_contract::sso::SsoReason;
use doorstep_locales::words::sso as words;
use leptos::task::spawn_local;

use super::flow::LoginFlow;
use crate::{
    api::auth::challenge,
    widgets::sso_reason::{sentence, take_reason},
};

/// Shows the reason in the address, and removes it from there.
pub(super) fn tell_reason(flow: LoginFlow) {
    match take_reason() {
        Some(SsoReason::InvalidOtp) => spawn_local(async move {
            match challenge().await {
                Ok(waiting) => flow.second_step(waiting.challenge),
                Err(_) => flow.start_again(words::STATE_EXPIRED),
            }
        }),
        Some(reason) => flow.tell(sentence(reason)),
        None => {}
    }
}

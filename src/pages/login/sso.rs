//! Coming back from another identity system without a session: why not, in a sentence, or a second step to take.

use doorstep_contract::sso::SsoReason;
use doorstep_locales::words::sso as words;
use leptos::task::spawn_local;

use super::way::Way;
use crate::{
    api::auth::challenge,
    widgets::sso_reason::{sentence, take_reason},
};

/// Tells the reason in the address, and takes it out.
pub(super) fn tell_reason(way: Way) {
    match take_reason() {
        Some(SsoReason::InvalidOtp) => spawn_local(async move {
            match challenge().await {
                Ok(waiting) => way.second_step(waiting.challenge),
                Err(_) => way.start_again(words::STATE_EXPIRED),
            }
        }),
        Some(reason) => way.tell(sentence(reason)),
        None => {}
    }
}

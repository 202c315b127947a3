//! The second step with a recovery code, in place of the authenticator app.

use doorstep_locales::words::recovery as words;
use leptos::prelude::*;

use super::{
    flow::LoginFlow,
    second_step::{SecondStep, SecondStepCard},
    stage::{CODE, Stage},
};
use crate::ui::{field::Kind, form::required};

/// The stage.
#[component]
pub(super) fn RecoveryStage(flow: LoginFlow) -> impl IntoView {
    let step = SecondStep::new(flow);
    let sign_in = async move || {
        let code = required(step.code, CODE, words::CODE_MISSING)?;
        step.sign_in(code, words::INVALID).await
    };
    view! {
        <SecondStepCard
            step
            title=words::TITLE
            text=words::TEXT
            code=(words::CODE, Kind::Code)
            on_submit=sign_in
            other=(words::USE_APP, Stage::Totp)
        />
    }
}

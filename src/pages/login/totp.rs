//! A verification code of the authenticator app (RFC 6238).

use doorstep_contract::typed;
use doorstep_locales::words::{error, recovery, totp as words};
use leptos::prelude::*;

use super::{
    flow::LoginFlow,
    second_step::{SecondStep, SecondStepCard},
    stage::{CODE, Stage},
};
use crate::{
    i18n::t,
    ui::{
        field::Kind,
        form::{Problem, Refusal},
    },
};

/// The stage.
#[component]
pub(super) fn TotpStage(flow: LoginFlow) -> impl IntoView {
    let step = SecondStep::new(flow);
    let form = step.form;
    // Submits a code once, as soon as it is complete.
    Effect::new(move |earlier: Option<bool>| {
        let is_complete = typed::one_time_code(&step.code.get()).is_some();
        if is_complete && earlier == Some(false) {
            form.submit(sign_in(step), move || flow.signed_in());
        }
        is_complete
    });
    view! {
        <SecondStepCard
            step
            title=words::TITLE
            text=words::TEXT
            code=(words::CODE, Kind::OneTimeCode)
            on_submit=move || sign_in(step)
            other=(recovery::TITLE, Stage::Recovery)
        >
            <TrustChoice trust=step.trust />
        </SecondStepCard>
    }
}

/// Signs in with the typed code.
async fn sign_in(step: SecondStep) -> Result<(), Refusal> {
    let missing = Problem { sentence: words::CODE_MISSING, field: Some(CODE) };
    let code = typed::one_time_code(&step.code.get_untracked()).ok_or(missing)?;
    step.sign_in(code, error::INVALID_CODE).await
}

/// The checkbox to trust this browser.
#[component]
fn TrustChoice(trust: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                name="trust"
                prop:checked=trust
                on:change=move |event| trust.set(event_target_checked(&event))
            />
            {t(words::TRUST)}
        </label>
    }
}

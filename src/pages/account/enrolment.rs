//! Turning one-time codes on: the secret as a picture and as text, and a first code that shows that the app has it.

use doorstep_contract::{
    account::{TotpPending, TotpSetup},
    envelope::ErrorCode,
    secret::Secret,
    typed,
};
use doorstep_locales::{
    Word, fill,
    words::{totp, two_factor as words},
};
use leptos::prelude::*;

use super::two_factor::TwoFactor;
use crate::{
    api::{ApiError, account::confirm_totp},
    i18n::{self, t, t_with},
    problem::blame,
    ui::{
        cancel::Cancel,
        copy::CopyButton,
        field::{Field, Kind},
        form::{Form, FormState, Problem},
        qr::QrPicture,
    },
};

const CODE: &str = "first-code";

/// The secret, and the form for the code.
#[component]
pub(super) fn Enrolment(two_factor: TwoFactor, pending: TotpPending) -> impl IntoView {
    let TotpPending { secret, qr: picture, .. } = pending;
    let form = FormState::new("enrolment");
    let code = RwSignal::new(String::new());
    let own_secret = secret.clone();
    let confirm = async move || {
        let typed = typed::code(&code.get_untracked());
        if typed.is_empty() {
            return Err(Problem { sentence: totp::CODE_MISSING, field: Some(CODE) }.into());
        }
        let setup = TotpSetup { password: None, secret: Some(own_secret.clone()), code: Some(Secret::new(typed)) };
        let confirmed = match confirm_totp(&setup).await {
            Ok(codes) => two_factor.enrolled(codes).await,
            Err(error) => Err(error),
        };
        if confirmed == Err(ApiError::Refused(ErrorCode::InvalidCode)) {
            let _ = code.try_set(String::new());
        }
        confirmed.map_err(blame(|code| (code == ErrorCode::InvalidCode).then_some(CODE)))
    };
    view! {
        <div class="stack">
            <Step number=1 title=words::STEP_SCAN />
            <p>{t(words::SCAN)}</p>
            <QrPicture code=picture label=t(words::QR) />
            <p>{t(words::TYPE)}</p>
            <p class="secret">
                <code>{grouped(secret.reveal())}</code>
                <CopyButton text=secret />
            </p>
            <Step number=2 title=words::STEP_VERIFY />
            <Form
                state=form
                submit=words::CONFIRM
                submitting=words::CONFIRMING
                on_submit=confirm
                cancel=move || view! { <Cancel on_press=move || two_factor.rest() /> }
            >
                <Field form id=CODE label=totp::CODE kind=Kind::OneTimeCode value=code />
            </Form>
        </div>
    }
}

/// So many steps there are. The last one is to save the recovery codes.
const STEPS: u32 = 3;

/// The heading of a step.
#[component]
pub(super) fn Step(number: u32, title: Word) -> impl IntoView {
    let place = fill(&t_with(words::STEP, "step", &i18n::number(number)), "count", &i18n::number(STEPS));
    view! {
        <h4 class="step">
            <span class="note">{place}</span>
            {t(title)}
        </h4>
    }
}

/// In groups of four, which are easier to type.
fn grouped(secret: &str) -> String {
    let mut grouped = String::with_capacity(secret.len() * 5 / 4);
    for (index, character) in secret.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(character);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(grouped("ABCD"), "ABCD");
    }
}

//! The second step of a sign-in: a verification or recovery code.

use doorstep_contract::{auth::LoginRequest, envelope::ErrorCode, secret::Secret};
use doorstep_locales::{
    Word,
    words::{error, login, totp},
};
use leptos::prelude::*;

use super::{
    flow::LoginFlow,
    stage::{CODE, STAGE_DESCRIPTION, STAGE_TEXT, Stage},
};
use crate::{
    api::ApiError,
    i18n::t,
    problem::blame_code,
    ui::{
        button::{Button, Look},
        field::{Field, Kind},
        form::{Form, FormState, Refusal},
        page::{Card, who},
    },
};

/// The state of the second step.
#[derive(Clone, Copy)]
pub(super) struct SecondStep {
    pub(super) form: FormState,
    /// The code that is typed.
    pub(super) code: RwSignal<String>,
    /// Whether to trust this browser: it skips the second step for a while.
    pub(super) trust: RwSignal<bool>,
    flow: LoginFlow,
}

impl SecondStep {
    pub(super) fn new(flow: LoginFlow) -> Self {
        Self {
            form: FormState::new("second-step"),
            code: RwSignal::new(String::new()),
            trust: RwSignal::new(false),
            flow,
        }
    }

    /// Signs in with a code; `invalid` is the message for a wrong one.
    pub(super) async fn sign_in(self, code: String, invalid: Word) -> Result<(), Refusal> {
        let request = LoginRequest {
            challenge: self.flow.challenge(),
            code: Some(Secret::new(code)),
            trust_device_flag: self.trust.try_get_untracked().filter(|trust| *trust),
            ..LoginRequest::default()
        };
        let answer = self.flow.sign_in(&request).await;
        if let Err(ApiError::Refused(code)) = answer {
            match code {
                ErrorCode::ChallengeExpired => self.flow.start_again(error::CHALLENGE_EXPIRED),
                ErrorCode::InvalidCode => {
                    let _ = self.code.try_set(String::new());
                }
                _ => {}
            }
        }
        answer.map_err(blame_code(invalid, CODE))
    }
}

/// The stage of a second step: a field for the code, and links to the other code and to the first stage.
#[component]
pub(super) fn SecondStepCard<F: AsyncFn() -> Result<(), Refusal> + Send + 'static>(
    step: SecondStep,
    title: Word,
    text: Word,
    /// Label and kind of the field.
    code: (Word, Kind),
    on_submit: F,
    /// The stage for the other code, and the label of the link to it.
    other: (Word, Stage),
    /// Content above the field, whose complete code is submitted by itself.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (flow, form) = (step.flow, step.form);
    let (label, kind) = code;
    let (lead, stage) = other;
    // Unknown after single sign-on.
    let username = flow.username();
    view! {
        <Card title>
            {who(totp::SIGNING_IN_AS, &username)}
            <p id=STAGE_TEXT class="note">
                {t(text)}
            </p>
            <Form
                state=form
                submit=login::SUBMIT
                submitting=login::SUBMITTING
                on_submit
                on_done=move || flow.signed_in()
            >
                {children.map(|children| children())}
                <Field form id=CODE label kind value=step.code hint=STAGE_DESCRIPTION />
            </Form>
            <Button look=Look::Quiet on_press=move || flow.go_to(stage)>
                {t(lead)}
            </Button>
            <Button look=Look::Quiet on_press=move || flow.go_to(Stage::Account)>
                {t(login::BACK)}
            </Button>
        </Card>
    }
}

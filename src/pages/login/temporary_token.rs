//! A temporary token, created on the server.

use doorstep_contract::{
    auth::{LoginRequest, LoginType},
    envelope::ErrorCode,
    secret::Secret,
};
use doorstep_locales::words::{error, login, token as words};
use leptos::prelude::*;

use super::{
    flow::LoginFlow,
    stage::{STAGE_DESCRIPTION, STAGE_TEXT, Stage, TOKEN},
};
use crate::{
    api::ApiError,
    i18n::t,
    ui::{
        button::{Button, Look},
        field::{Field, Kind},
        form::{Form, FormState, Problem, Refusal},
        page::Card,
    },
};

const COMMAND: &str = "doorstep login-token";

/// The stage.
#[component]
pub(super) fn TemporaryTokenStage(flow: LoginFlow) -> impl IntoView {
    let form = FormState::new("token");
    let token = RwSignal::new(String::new());
    let sign_in = async move || {
        let typed = token.get_untracked();
        if typed.trim().is_empty() {
            return Err(Problem { sentence: words::MISSING, field: Some(TOKEN) }.into());
        }
        let request = LoginRequest {
            login_type: Some(LoginType::TemporaryToken),
            temporary_token: Some(Secret::new(typed)),
            ..LoginRequest::default()
        };
        let answer = flow.sign_in(&request).await.map_err(refusal);
        // Keep a token that was not checked: nothing that was typed is lost.
        if matches!(answer, Ok(()) | Err(Refusal::Problem(Problem { field: Some(_), .. }))) {
            let _ = token.try_set(String::new());
        }
        answer
    };
    view! {
        <Card title=words::TITLE>
            <p id=STAGE_TEXT class="note">
                {t(words::TEXT)} " " <code>{COMMAND}</code>
            </p>
            <Form
                state=form
                submit=login::SUBMIT
                submitting=login::SUBMITTING
                on_submit=sign_in
                on_done=move || flow.signed_in()
            >
                <Field form id=TOKEN label=words::TOKEN kind=Kind::Token value=token hint=STAGE_DESCRIPTION />
            </Form>
            <Button look=Look::Quiet on_press=move || flow.go_to(Stage::Account)>
                {t(login::BACK)}
            </Button>
        </Card>
    }
}

/// Blames the field for a token that was checked and refused.
fn refusal(error: ApiError) -> Refusal {
    let sentence = match error {
        ApiError::Refused(ErrorCode::InvalidToken) => error::INVALID_TOKEN,
        ApiError::Refused(ErrorCode::TokenExpired) => words::EXPIRED,
        ApiError::Refused(ErrorCode::TokenUsed) => words::USED,
        other => return other.into(),
    };
    Problem { sentence, field: Some(TOKEN) }.into()
}

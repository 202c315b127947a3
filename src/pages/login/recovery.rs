//! A recovery code, in place of the authenticator app.

use doorstep_locales::words::{login, recovery as words};
use leptos::prelude::*;

use super::{
    second_step::SecondStep,
    stage::{CODE, STAGE_DESCRIPTION, STAGE_TEXT, Stage},
    way::Way,
};
use crate::{
    i18n::t,
    ui::{
        button::{Button, Look},
        field::{Field, Kind},
        form::{Form, Problem},
        page::Card,
    },
};

/// The stage.
#[component]
pub(super) fn RecoveryStage(way: Way) -> impl IntoView {
    let step = SecondStep::new(way);
    let form = step.form;
    let sign_in = async move || {
        let code = step.code.get_untracked().trim().to_owned();
        if code.is_empty() {
            return Err(Problem { sentence: words::CODE_MISSING, field: Some(CODE) }.into());
        }
        step.sign_in(code).await
    };
    view! {
        <Card title=words::TITLE>
            <p id=STAGE_TEXT class="note">
                {t(words::TEXT)}
            </p>
            <Form
                state=form
                submit=login::SUBMIT
                submitting=login::SUBMITTING
                on_submit=sign_in
                on_done=move || way.signed_in()
            >
                <Field form id=CODE label=words::CODE kind=Kind::Code value=step.code hint=STAGE_DESCRIPTION />
            </Form>
            <Button look=Look::Quiet on_press=move || way.go_to(Stage::Totp)>
                {t(words::USE_APP)}
            </Button>
            <Button look=Look::Quiet on_press=move || way.go_to(Stage::Account)>
                {t(login::BACK)}
            </Button>
        </Card>
    }
}

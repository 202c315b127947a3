//! The field for the code that a device shows.

use doorstep_contract::{auth::Branding, user_code};
use doorstep_locales::{Word, words::device as words};
use leptos::prelude::*;

use super::{
    Flow,
    arrival::Brought,
    card::{DeviceCard, Picture},
};
use crate::{
    i18n::{t, t_with},
    ui::{
        field::{Field, Kind},
        form::{Form, FormState, Problem, Refusal},
    },
};

/// The `id` of the field.
pub(super) const CODE: &str = "user-code";
/// The `id` of the text that says what it is for.
const TEXT: &str = "user-code-text";

/// The view.
#[component]
pub(super) fn Entry(flow: Flow) -> impl IntoView {
    let brought = Brought::expect();
    let form = FormState::new("device");
    let installation = use_context::<Branding>().unwrap_or_default().name;
    // What is typed or pasted is brought into the form that the device shows.
    Effect::new(move |_| {
        let (typed, shown) = flow.code.with(|typed| (typed.clone(), user_code::typed(typed)));
        if typed != shown {
            flow.code.set(shown);
        }
    });
    view! {
        <DeviceCard picture=Picture::Terminal title=t(words::TITLE)>
            <p id=TEXT class="note">
                {t(words::TEXT)} " " {t_with(words::NEVER_ASKED, "name", &installation)}
            </p>
            {move || brought.is_by_link().then(|| view! { <p>{t(words::COMPARE)}</p> })}
            <Form
                state=form
                submit=words::CONTINUE
                submitting=words::CONTINUING
                on_submit=move || look_up(flow)
                on_done=move || brought.typed()
            >
                <Field form id=CODE label=words::CODE kind=Kind::UserCode value=flow.code hint=TEXT />
            </Form>
        </DeviceCard>
    }
}

async fn look_up(flow: Flow) -> Result<(), Refusal> {
    if flow.whole_code().is_none() {
        return Err(code_problem(words::CODE_MISSING));
    }
    match flow.go_on().await {
        Ok(true) => Ok(()),
        Ok(false) => Err(code_problem(words::UNKNOWN_CODE)),
        Err(error) => flow.end(error).map_or(Ok(()), |error| Err(error.into())),
    }
}

fn code_problem(sentence: Word) -> Refusal {
    Problem { sentence, field: Some(CODE) }.into()
}

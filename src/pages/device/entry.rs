//! The field for the code that a device shows.

use doorstep_contract::user_code;
use doorstep_locales::words::device as words;
use leptos::prelude::*;

use super::{Flow, arrival::Brought};
use crate::{
    api::ApiError,
    i18n::t,
    problem::refusal,
    ui::{
        field::{Kind, field},
        form::{Form, Problem, Refusal, form_view},
        part::{card, dynamic, note, nothing, paragraph},
    },
};

const CODE: &str = "user-code";

/// The view.
pub(super) fn entry(flow: Flow) -> AnyView {
    let brought = Brought::expect();
    let form = Form::new("device");
    let problem = |sentence| Problem { sentence, field: Some(CODE) };
    // What is typed or pasted is brought into the form that the device shows.
    Effect::new(move |_| {
        let (typed, shown) = flow.code.with(|typed| (typed.clone(), user_code::typed(typed)));
        if typed != shown {
            flow.code.set(shown);
        }
    });
    let send = move || {
        let found = flow.whole_code().is_none().then(|| problem(words::CODE_MISSING));
        let send = move || {
            Box::pin(async move {
                match flow.go_on().await {
                    Ok(true) => Ok(()),
                    Ok(false) => Err(Refusal::Problem(problem(words::UNKNOWN_CODE))),
                    Err(error) => match flow.end(error) {
                        None => Ok(()),
                        Some(error @ ApiError::Device(_)) => Err(refusal(error, |_| Some(CODE))),
                        Some(error) => Err(refusal(error, |_| None)),
                    },
                }
            }) as _
        };
        form.submit(found, send, move || brought.compared());
    };
    let question = dynamic(move || if brought.is_by_link() { paragraph(t(words::COMPARE)) } else { nothing() });
    let fields = vec![field(form, CODE, words::CODE, Kind::UserCode, flow.code)];
    card(
        words::TITLE,
        vec![note(words::TEXT), question, form_view(form, words::CONTINUE, words::CONTINUING, fields, send)],
    )
}

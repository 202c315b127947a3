//! A recovery code, in place of the authenticator app.

use doorstep_locales::words::{login, recovery as words};
use leptos::prelude::*;

use super::{
    second_step::{CODE, SecondStep},
    stage::Stage,
    way::Way,
};
use crate::ui::{
    field::{Kind, field},
    form::{Problem, form_view},
    part::{button, card, note},
};

/// The stage.
pub(super) fn recovery_stage(way: Way) -> AnyView {
    let step = SecondStep::new(way);
    let send = move || {
        let code = step.code.get_untracked().trim().to_owned();
        let missing = code.is_empty();
        step.send(code, missing.then_some(Problem { sentence: words::CODE_MISSING, field: Some(CODE) }));
    };
    let fields = vec![field(step.form, CODE, words::CODE, Kind::Code, step.code)];
    card(
        words::TITLE,
        vec![
            note(words::TEXT),
            form_view(step.form, login::SUBMIT, login::SUBMITTING, fields, send),
            button("link", words::USE_APP, move || way.go_to(Stage::Totp)),
            button("link", login::BACK, move || way.go_to(Stage::Account)),
        ],
    )
}

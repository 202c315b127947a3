//! A one-time code of the authenticator app (RFC 6238).

use doorstep_contract::typed;
use doorstep_locales::words::{login, recovery, totp as words};
use leptos::prelude::*;

use super::{
    second_step::{CODE, SecondStep},
    stage::Stage,
    way::Way,
};
use crate::{
    i18n::t,
    ui::{
        field::{Kind, field},
        form::{Problem, form_view},
        part::{button, card, note},
    },
};

/// The stage.
pub(super) fn totp_stage(way: Way) -> AnyView {
    let step = SecondStep::new(way);
    let send = move || {
        let code = typed::one_time_code(&step.code.get_untracked());
        let missing = code.is_none().then_some(Problem { sentence: words::CODE_MISSING, field: Some(CODE) });
        step.send(code.unwrap_or_default(), missing);
    };
    // A code that has become complete sends itself, once.
    Effect::new(move |earlier: Option<bool>| {
        let complete = typed::one_time_code(&step.code.get()).is_some();
        if complete && earlier == Some(false) {
            send();
        }
        complete
    });
    let trust = view! {
        <label class="check">
            <input
                type="checkbox"
                name="trust"
                prop:checked=step.trust
                on:change=move |event| step.trust.set(event_target_checked(&event))
            />
            {t(words::TRUST)}
        </label>
    };
    let fields = vec![field(step.form, CODE, words::CODE, Kind::OneTimeCode, step.code), trust.into_any()];
    card(
        words::TITLE,
        vec![
            note(words::TEXT),
            form_view(step.form, login::SUBMIT, login::SUBMITTING, fields, send),
            button("link", recovery::TITLE, move || way.go_to(Stage::Recovery)),
            button("link", login::BACK, move || way.go_to(Stage::Account)),
        ],
    )
}

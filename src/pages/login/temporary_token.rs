//! A token that whoever runs the server has made on it.

use doorstep_contract::{
    auth::{LoginRequest, LoginType},
    envelope::ErrorCode,
    secret::Secret,
};
use doorstep_locales::words::{login, token as words};
use leptos::prelude::*;

use super::{stage::Stage, way::Way};
use crate::{
    i18n::t,
    problem::refusal,
    session::Session,
    ui::{
        field::{Kind, field},
        form::{Form, Problem, form_view},
        part::{block, button, card, text},
    },
};

const TOKEN: &str = "temporary-token";
const COMMAND: &str = "doorstep login-token";

/// The stage.
pub(super) fn temporary_token_stage(way: Way) -> AnyView {
    let session = Session::expect();
    let form = Form::new("token");
    let token = RwSignal::new(String::new());
    let send = move || {
        let typed = token.get_untracked().trim().to_owned();
        let found = typed.is_empty().then_some(Problem { sentence: words::MISSING, field: Some(TOKEN) });
        let send = move || {
            let request = LoginRequest {
                login_type: Some(LoginType::TemporaryToken),
                temporary_token: Some(Secret::new(typed)),
                ..LoginRequest::default()
            };
            Box::pin(async move {
                let answer =
                    session.sign_in(&request).await.map(drop).map_err(|error| (error, error.code().and_then(blame)));
                if matches!(answer, Ok(()) | Err((_, Some(_)))) {
                    let _ = token.try_set(String::new());
                }
                answer.map_err(|(error, _)| refusal(error, blame))
            }) as _
        };
        form.submit(found, send, move || way.signed_in());
    };
    let fields = vec![field(form, TOKEN, words::TOKEN, Kind::Token, token)];
    card(
        words::TITLE,
        vec![
            block("p", "note", vec![text(t(words::TEXT)), text(" "), block("code", "", vec![text(COMMAND)])]),
            form_view(form, login::SUBMIT, login::SUBMITTING, fields, send),
            button("link", login::BACK, move || way.go_to(Stage::Account)),
        ],
    )
}

/// A token that was judged and is no good.
fn blame(code: ErrorCode) -> Option<&'static str> {
    let judged = matches!(code, ErrorCode::InvalidToken | ErrorCode::TokenExpired | ErrorCode::TokenUsed);
    judged.then_some(TOKEN)
}

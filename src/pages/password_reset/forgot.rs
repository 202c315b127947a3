//! Asks for a mail that resets a password. One answer, whoever asks for whom.

use std::time::Duration;

use doorstep_contract::{account_name::is_email, envelope::ErrorCode, route::ClientRoute, tokens::PasswordRequest};
use doorstep_locales::words::{choose, error, forgot as words, login};
use leptos::prelude::*;

use crate::{
    api::tokens::request_reset,
    i18n::{t, t_with},
    problem::refusal,
    ui::{
        busy::busy_button,
        field::{Kind, field},
        focus::focus_heading,
        form::{Form, Problem, form_alert, form_view},
        part::{card, dynamic, link, note, nothing, paragraph},
    },
};

const EMAIL: &str = "email";
/// How long to wait for a mail before another is asked for.
const PAUSE: Duration = Duration::from_mins(1);

/// The page.
pub(crate) fn forgot_page() -> AnyView {
    let form = Form::new("forgot");
    let email = RwSignal::new(String::new());
    let done = RwSignal::new(false);
    let resting = RwSignal::new(false);
    let send = move || {
        let typed = email.get_untracked().trim().to_owned();
        let found = (!is_email(&typed)).then_some(Problem { sentence: error::EMAIL_INVALID, field: Some(EMAIL) });
        let send = move || {
            let request = PasswordRequest { email: typed, reset_url: None };
            Box::pin(async move {
                let answer = request_reset(&request).await;
                answer.map_err(|error| refusal(error, |code| (code == ErrorCode::EmailInvalid).then_some(EMAIL)))
            }) as _
        };
        let finish = move || {
            form.reset();
            resting.set(true);
            set_timeout(move || _ = resting.try_set(false), PAUSE);
            if !done.get_untracked() {
                done.set(true);
                focus_heading();
            }
        };
        form.submit(found, send, finish);
    };
    let content = dynamic(move || {
        if done.get() {
            let again = dynamic(move || {
                if resting.get() {
                    nothing()
                } else {
                    busy_button(words::AGAIN, Signal::derive(move || form.is_busy()), send)
                }
            });
            vec![
                paragraph(t_with(words::SENT, "email", email.get_untracked().trim())),
                paragraph(t(words::SENT_TEXT)),
                form_alert(form),
                again,
            ]
            .into_any()
        } else {
            let fields = vec![field(form, EMAIL, choose::EMAIL, Kind::Email, email)];
            vec![note(words::TEXT), form_view(form, words::SUBMIT, words::SUBMITTING, fields, send)].into_any()
        }
    });
    card(words::TITLE, vec![content, link("", ClientRoute::Login.path(), login::BACK)])
}

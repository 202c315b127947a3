//! Another password.

use doorstep_contract::{account::AccountEdit, envelope::ErrorCode, secret::Secret};
use doorstep_locales::words::{choose, login, password as words};
use leptos::prelude::*;

use crate::{
    announcement::Announcement,
    api::account::edit,
    i18n::t,
    pages::new_password::NewPassword,
    problem::refusal,
    session::Session,
    ui::{
        field::{Kind, field, username_for_managers},
        form::{Form, Problem, Refusal, form_view},
        part::{note, panel},
    },
};

const CURRENT: &str = "current-password";

/// The section. A temporary session sets one without knowing the old one.
pub(super) fn section() -> AnyView {
    let (session, announcement) = (Session::expect(), Announcement::expect());
    let me = untrack(|| session.me());
    let account = me.as_ref().map(|me| me.account.clone());
    let needs_current = me.as_ref().is_some_and(|me| me.account.has_password && !me.session.temporary);
    let names = account.map(|account| vec![account.username, account.email, account.name]).unwrap_or_default();
    let username = names.first().cloned().unwrap_or_default();
    let current = RwSignal::new(String::new());
    let password = NewPassword::new(Signal::stored(names));
    let form = Form::new("password");

    let send = move || {
        let missing = needs_current && current.get_untracked().is_empty();
        let found = missing.then_some(Problem { sentence: login::PASSWORD_MISSING, field: Some(CURRENT) });
        let send = move || {
            let (new_password, confirm_password) = password.secrets();
            let change = AccountEdit {
                password: needs_current.then(|| Secret::new(current.get_untracked())),
                new_password: Some(new_password),
                confirm_password: Some(confirm_password),
                ..AccountEdit::default()
            };
            Box::pin(async move {
                let saved = match edit(&change).await {
                    Ok(_) => session.refresh().await,
                    Err(error) => Err(error),
                };
                let saved = saved.map_err(|error| refusal(error, blame));
                if matches!(saved, Ok(()) | Err(Refusal::Problem(Problem { field: Some(CURRENT), .. }))) {
                    let _ = current.try_set(String::new());
                }
                saved
            }) as _
        };
        let done = move || {
            password.clear();
            announcement.tell(t(words::CHANGED).to_owned());
            form.reset();
        };
        form.submit(found.or_else(|| password.problem()), send, done);
    };
    let mut fields = vec![username_for_managers(username)];
    if needs_current {
        fields.push(field(form, CURRENT, words::CURRENT, Kind::CurrentPassword, current));
    }
    fields.extend(password.fields(form));
    panel(
        "password-heading",
        words::TITLE,
        vec![note(words::TEXT), form_view(form, words::SUBMIT, choose::SUBMITTING, fields, send)],
    )
}

fn blame(code: ErrorCode) -> Option<&'static str> {
    if code == ErrorCode::WrongPassword { Some(CURRENT) } else { NewPassword::blame(code) }
}

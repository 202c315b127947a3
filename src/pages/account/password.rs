//! Another password.

use doorstep_contract::{account::AccountEdit, envelope::ErrorCode, secret::Secret};
use doorstep_locales::words::{choose, login, password as words};
use leptos::prelude::*;

use super::save;
use crate::{
    api::ApiError,
    i18n::t,
    problem::blame,
    session::Session,
    ui::{
        field::{Field, Kind, UsernameForManagers},
        form::{Form, FormState, Problem},
        page::Panel,
    },
    widgets::{
        announcement::Announcement,
        new_password::{NewPassword, NewPasswordFields},
    },
};

const CURRENT: &str = "current-password";

/// The panel. A temporary session sets a password without knowing the old one.
#[component]
pub(super) fn PasswordPanel() -> impl IntoView {
    let (session, announcement) = (Session::expect(), Announcement::expect());
    let me = untrack(|| session.me());
    let needs_current = me.as_ref().is_some_and(|me| me.account.has_password && !me.session.temporary);
    let names = me.map(|me| vec![me.account.username, me.account.email, me.account.name]).unwrap_or_default();
    let username = names.first().cloned().unwrap_or_default();
    let current = RwSignal::new(String::new());
    let password = NewPassword::new(Signal::stored(names));
    let form = FormState::new("password");
    let change = async move || {
        let current_password = current.get_untracked();
        if needs_current && current_password.is_empty() {
            return Err(Problem { sentence: login::PASSWORD_MISSING, field: Some(CURRENT) }.into());
        }
        password.check()?;
        let (new_password, confirm_password) = password.secrets();
        let change = AccountEdit {
            password: needs_current.then(|| Secret::new(current_password)),
            new_password: Some(new_password),
            confirm_password: Some(confirm_password),
            ..AccountEdit::default()
        };
        let saved = save(&change, session).await;
        if matches!(saved, Ok(()) | Err(ApiError::Refused(ErrorCode::WrongPassword))) {
            let _ = current.try_set(String::new());
        }
        saved.map_err(blame(field_to_blame))
    };
    let changed = move || {
        password.clear();
        announcement.tell(t(words::CHANGED).to_owned());
        form.reset();
    };
    let current_field =
        move || view! { <Field form id=CURRENT label=words::CURRENT kind=Kind::CurrentPassword value=current /> };
    view! {
        <Panel heading_id="password-heading" title=words::TITLE>
            <p class="note">{t(words::TEXT)}</p>
            <Form
                state=form
                submit=words::SUBMIT
                submitting=choose::SUBMITTING
                on_submit=change
                on_done=changed
            >
                <UsernameForManagers username />
                {needs_current.then(current_field)}
                <NewPasswordFields form password />
            </Form>
        </Panel>
    }
}

const fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::WrongPassword => Some(CURRENT),
        _ => NewPassword::blame(code),
    }
}

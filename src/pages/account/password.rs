//! The password setting.

use doorstep_contract::{account::AccountEdit, envelope::ErrorCode, secret::Secret};
use doorstep_locales::words::{choose, login, password as words};
use leptos::prelude::*;

use super::{profile::PendingEmailEnds, save, setting::Setting};
use crate::{
    api::ApiError,
    i18n::t,
    problem::blame,
    session::Session,
    ui::{
        button::Button,
        cancel::Cancel,
        field::{Field, Kind, UsernameForManagers},
        focus::focus_when_drawn,
        form::{Form, FormState, Problem},
        time::TimeSentence,
    },
    widgets::{
        announcement::Announcement,
        new_password::{NEW_PASSWORD, NewPassword, NewPasswordField},
    },
};

const HEADING: &str = "password-heading";
/// The `id` of the button that opens the form.
const OPEN: &str = "password-open";
const CURRENT: &str = "current-password";

/// Whether a password is set, and the form that changes it. In a temporary session the form is open.
#[component]
pub(super) fn PasswordSetting() -> impl IntoView {
    let session = Session::expect();
    let is_set = Memo::new(move |_| session.me().is_some_and(|me| me.account.has_password));
    let open = RwSignal::new(untrack(|| session.me()).is_some_and(|me| me.session.temporary));
    let press = move || {
        open.set(true);
        focus_when_drawn(if needs_current(session) { CURRENT } else { NEW_PASSWORD });
    };
    let state = move || match session.me().and_then(|me| me.account.password_changed_at) {
        Some(at) => view! { <TimeSentence word=words::CHANGED_AT at /> }.into_any(),
        None => t(words::IS_NOT_SET).into_any(),
    };
    let action = move || {
        (!open.get()).then(|| {
            view! {
                <Button small=true on_press=press attr:id=OPEN attr:aria-describedby=HEADING>
                    {move || t(if is_set.get() { words::CHANGE } else { words::SET })}
                </Button>
            }
        })
    };
    view! {
        <Setting
            heading_id=HEADING
            title=words::TITLE
            state=state
            action=move || action
        >
            {move || open.get().then(|| view! { <PasswordForm open /> })}
        </Setting>
    }
}

/// Whether the current password is required.
fn needs_current(session: Session) -> bool {
    untrack(|| session.me()).is_some_and(|me| me.account.has_password && !me.session.temporary)
}

/// The form. A temporary session needs no current password.
#[component]
fn PasswordForm(open: RwSignal<bool>) -> impl IntoView {
    let (session, announcement) = (Session::expect(), Announcement::expect());
    let me = untrack(|| session.me());
    let needs_current = needs_current(session);
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
        let change = AccountEdit {
            password: needs_current.then(|| Secret::new(current_password)),
            new_password: Some(password.secret()),
            confirm_password: Some(password.secret()),
            ..AccountEdit::default()
        };
        let saved = save(&change, session).await;
        if matches!(saved, Ok(()) | Err(ApiError::Refused(ErrorCode::WrongPassword))) {
            let _ = current.try_set(String::new());
        }
        saved.map_err(blame(|code| field_to_blame(password, code)))
    };
    let changed = move || {
        announcement.tell(t(words::CHANGED).to_owned());
        // The form that had the focus is removed.
        open.set(false);
        focus_when_drawn(HEADING);
    };
    let cancel = move || {
        open.set(false);
        focus_when_drawn(OPEN);
    };
    let current_field =
        move || view! { <Field form id=CURRENT label=words::CURRENT kind=Kind::CurrentPassword value=current /> };
    view! {
        <p class="note">{t(words::TEXT)}</p>
        <PendingEmailEnds />
        <Form
            state=form
            submit=words::SUBMIT
            submitting=choose::SUBMITTING
            on_submit=change
            on_done=changed
            cancel=move || view! { <Cancel on_press=cancel /> }
            cancel_last=true
        >
            <UsernameForManagers username />
            {needs_current.then(current_field)}
            <NewPasswordField form password />
        </Form>
    }
}

fn field_to_blame(password: NewPassword, code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::WrongPassword => Some(CURRENT),
        _ => password.blame(code),
    }
}

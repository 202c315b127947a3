//! Display name, username and email.

use doorstep_contract::{
    account::AccountEdit,
    account_name::{is_email, is_username},
    auth::Account,
    envelope::ErrorCode,
};
use doorstep_locales::words::{choose, error, profile as words};
use leptos::prelude::*;

use super::save;
use crate::{
    i18n::{t, t_with},
    problem::blame,
    session::Session,
    ui::{
        button::Button,
        field::{Field, Kind},
        focus::focus_on,
        form::{Form, FormState, Problem, Refusal},
        page::Panel,
    },
    widgets::announcement::Announcement,
};

const NAME: &str = "name";
const USERNAME: &str = "username";
const EMAIL: &str = "email";

/// The panel.
#[component]
pub(super) fn ProfilePanel() -> impl IntoView {
    let (session, announcement) = (Session::expect(), Announcement::expect());
    let form = FormState::new("profile");
    let typed = Typed::of(untrack(|| session.me()).map(|me| me.account).as_ref());
    typed.follow(session);
    let submit = async move || {
        typed.check()?;
        let change = untrack(|| session.me()).and_then(|me| typed.change(&me.account));
        match change {
            Some(change) => send(change, session).await,
            None => Ok(()),
        }
    };
    let saved = move || {
        let pending = untrack(|| session.me()).map(|me| me.account).filter(|account| account.pending_email.is_some());
        // The notice above the form names the address.
        announcement.tell(t(if pending.is_some() { words::SAVED_PENDING } else { words::SAVED }).to_owned());
        // Until the new email is confirmed, the old one is valid.
        if let Some(account) = pending {
            typed.email.set(account.email);
        }
        form.reset();
    };
    view! {
        <Panel heading_id="profile-heading" title=words::TITLE>
            <PendingEmail form typed />
            <Form
                state=form
                submit=words::SUBMIT
                submitting=choose::SUBMITTING
                on_submit=submit
                on_done=saved
            >
                <Field form id=NAME label=words::NAME kind=Kind::Name value=typed.name />
                <Field form id=USERNAME label=choose::USERNAME kind=Kind::Username value=typed.username />
                <Field form id=EMAIL label=choose::EMAIL kind=Kind::Email value=typed.email />
            </Form>
        </Panel>
    }
}

/// The email that waits for confirmation, and the button that cancels the change; nothing if none is pending.
#[component]
fn PendingEmail(form: FormState, typed: Typed) -> impl IntoView {
    let (session, announcement) = (Session::expect(), Announcement::expect());
    let saved = move || {
        announcement.tell(t(words::SAVED).to_owned());
        form.reset();
    };
    let keep = move || {
        let Some(email) = untrack(|| session.me()).map(|me| me.account.email) else {
            return;
        };
        typed.email.set(email.clone());
        // The button disappears when the request succeeds.
        focus_on(EMAIL);
        let change = AccountEdit { new_email: Some(email), ..AccountEdit::default() };
        form.submit(send(change, session), saved);
    };
    move || {
        session.me().and_then(|me| me.account.pending_email).map(|email| {
            view! {
                <div class="notice">
                    <p>{t_with(words::PENDING, "email", &email)}</p>
                    <Button small=true on_press=keep>
                        {t(words::KEEP)}
                    </Button>
                </div>
            }
        })
    }
}

/// Says that a pending change ends, beside an action that ends it.
#[component]
pub(super) fn PendingEmailEnds() -> impl IntoView {
    let session = Session::expect();
    let is_pending = move || session.me().is_some_and(|me| me.account.pending_email.is_some());
    move || is_pending().then(|| view! { <p class="note">{t(words::PENDING_ENDS)}</p> })
}

/// Sends a change, and maps a refusal to its field.
async fn send(change: AccountEdit, session: Session) -> Result<(), Refusal> {
    save(&change, session).await.map_err(blame(|code| match code {
        ErrorCode::UsernameInvalid | ErrorCode::UsernameTaken => Some(USERNAME),
        ErrorCode::EmailInvalid => Some(EMAIL),
        ErrorCode::InvalidRequest => Some(NAME),
        _ => None,
    }))
}

/// The values of the fields.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    username: RwSignal<String>,
    email: RwSignal<String>,
}

impl Typed {
    fn of(account: Option<&Account>) -> Self {
        let signal = |text: fn(&Account) -> &String| RwSignal::new(account.map(text).cloned().unwrap_or_default());
        Self {
            name: signal(|account| &account.name),
            username: signal(|account| &account.username),
            email: signal(|account| &account.email),
        }
    }

    /// Follows changes of the account, except in fields that were edited.
    fn follow(self, session: Session) {
        Effect::new(move |known: Option<Option<Account>>| {
            let now = session.me().map(|me| me.account);
            if let (Some(Some(known)), Some(now)) = (known, &now) {
                for (typed, known, now) in [
                    (self.name, &known.name, &now.name),
                    (self.username, &known.username, &now.username),
                    (self.email, &known.email, &now.email),
                ] {
                    if typed.get_untracked() == *known && known != now {
                        typed.set(now.clone());
                    }
                }
            }
            now
        });
    }

    /// Validates what needs no server.
    fn check(self) -> Result<(), Problem> {
        let problem = |sentence, field| Err(Problem { sentence, field: Some(field) });
        if !is_username(self.username.get_untracked().trim()) {
            problem(error::USERNAME_INVALID, USERNAME)
        } else if !is_email(self.email.get_untracked().trim()) {
            problem(error::EMAIL_INVALID, EMAIL)
        } else {
            Ok(())
        }
    }

    /// The fields that differ from the account; `None` if none does.
    fn change(self, account: &Account) -> Option<AccountEdit> {
        let changed = |typed: RwSignal<String>, known: &str| {
            Some(typed.get_untracked().trim().to_owned()).filter(|typed| typed != known)
        };
        let edit = AccountEdit {
            new_name: changed(self.name, &account.name),
            new_username: changed(self.username, &account.username),
            new_email: changed(self.email, &account.email),
            ..AccountEdit::default()
        };
        Some(edit).filter(|edit| *edit != AccountEdit::default())
    }
}

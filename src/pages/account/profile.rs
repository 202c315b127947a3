//! Name, user name and email.

use doorstep_contract::{
    account::AccountEdit,
    account_name::{is_email, is_username},
    auth::Account,
    envelope::ErrorCode,
};
use doorstep_locales::words::{choose, error, profile as words};
use leptos::prelude::*;

use crate::{
    announcement::Announcement,
    api::account::edit,
    i18n::{t, t_with},
    problem::refusal,
    session::{Session, proof::Proof},
    ui::{
        field::{Kind, field},
        focus::focus_on,
        form::{Form, Problem, Refusal, form_view},
        part::{block, button, dynamic, nothing, panel, text},
    },
};

const NAME: &str = "name";
const USERNAME: &str = "username";
const EMAIL: &str = "email";

/// The section.
pub(super) fn section() -> AnyView {
    let (session, proof, announcement) = (Session::expect(), Proof::expect(), Announcement::expect());
    let typed = Typed::of(untrack(|| session.me()).map(|me| me.account).as_ref());
    typed.follow(session);
    let form = Form::new("profile");
    let send = move || {
        let found = typed.problem();
        let send = move || Box::pin(save(typed, session, proof)) as _;
        let done = move || {
            let me = session.me();
            let pending = me.as_ref().and_then(|me| me.account.pending_email.as_deref());
            announcement.tell(match pending {
                Some(email) => t_with(words::SAVED_PENDING, "email", email),
                None => t(words::SAVED).to_owned(),
            });
            form.reset();
        };
        form.submit(found, send, move || untrack(done));
    };
    let cancel = move || {
        let Some(email) = untrack(|| session.me()).map(|me| me.account.email) else {
            return;
        };
        typed.email.set(email.clone());
        // The button goes when it has worked.
        focus_on(EMAIL);
        let keep = AccountEdit { new_email: Some(email), ..AccountEdit::default() };
        let send = move || Box::pin(async move { carry_out(&keep, session, proof).await }) as _;
        form.submit(None, send, move || {
            announcement.tell(t(words::SAVED).to_owned());
            form.reset();
        });
    };
    let pending = dynamic(move || match session.me().and_then(|me| me.account.pending_email) {
        Some(email) => {
            let told = text(t_with(words::PENDING, "email", &email));
            block("div", "notice", vec![told, button("button", words::KEEP, cancel)])
        }
        None => nothing(),
    });
    let fields = vec![
        field(form, NAME, words::NAME, Kind::Name, typed.name),
        field(form, USERNAME, choose::USERNAME, Kind::Username, typed.username),
        field(form, EMAIL, choose::EMAIL, Kind::Email, typed.email),
    ];
    panel(
        "profile-heading",
        words::TITLE,
        vec![pending, form_view(form, words::SUBMIT, choose::SUBMITTING, fields, send)],
    )
}

/// What is being typed.
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

    /// What has changed at the server shows here, unless something else is being typed.
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

    /// What is wrong, as far as can be told here.
    fn problem(self) -> Option<Problem> {
        let problem = |sentence, field| Some(Problem { sentence, field: Some(field) });
        if !is_username(self.username.get_untracked().trim()) {
            problem(error::USERNAME_INVALID, USERNAME)
        } else if !is_email(self.email.get_untracked().trim()) {
            problem(error::EMAIL_INVALID, EMAIL)
        } else {
            None
        }
    }

    /// What differs from the account; the email also when another one waits to be confirmed.
    fn edit(self, account: &Account) -> AccountEdit {
        let changed = |typed: RwSignal<String>, known: &str| {
            Some(typed.get_untracked().trim().to_owned()).filter(|typed| typed != known)
        };
        let mut edit = AccountEdit {
            new_name: changed(self.name, &account.name),
            new_username: changed(self.username, &account.username),
            new_email: changed(self.email, &account.email),
            ..AccountEdit::default()
        };
        if edit.new_email.is_none() && account.pending_email.is_some() {
            edit.new_email = Some(account.email.clone());
        }
        edit
    }
}

async fn save(typed: Typed, session: Session, proof: Proof) -> Result<(), Refusal> {
    let Some(me) = untrack(|| session.me()) else {
        return Ok(());
    };
    let change = typed.edit(&me.account);
    if change == AccountEdit::default() {
        return Ok(());
    }
    carry_out(&change, session, proof).await
}

async fn carry_out(change: &AccountEdit, session: Session, proof: Proof) -> Result<(), Refusal> {
    let saved = match proof.with(async || edit(change).await).await {
        Ok(_) => session.refresh().await,
        Err(error) => Err(error),
    };
    saved.map_err(|error| {
        refusal(error, |code| match code {
            ErrorCode::UsernameInvalid | ErrorCode::UsernameTaken => Some(USERNAME),
            ErrorCode::EmailInvalid => Some(EMAIL),
            ErrorCode::InvalidRequest => Some(NAME),
            _ => None,
        })
    })
}

//! A new password (and name, and email) in place of those of the first start.

mod machine;

use doorstep_contract::{
    auth::SetupRequest,
    envelope::ErrorCode,
    password::{self, Weakness},
    secret::Secret,
};
use doorstep_locales::words::choose;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use self::machine::{Draft, Field, Problem, State};
use super::{Next, stage::Chooser};
use crate::{
    api::{self, ApiError},
    i18n::{t, t_with},
    problem::{sentence, weak},
    session::Session,
    shell::PasswordMinLength,
    ui::field::{Input, Kind, PasswordInput},
};

/// The stage.
#[component]
pub(super) fn ChoosePassword(
    /// Who chooses.
    who: Chooser,
    /// The new password is in force and somebody is signed in with it.
    on_signed_in: Next,
) -> impl IntoView {
    let session = Session::expect();
    let PasswordMinLength(min_chars) = use_context().unwrap_or_default();
    let account = untrack(|| session.me()).map(|me| me.account);
    let (username, email) = account.map(|account| (account.username, account.email)).unwrap_or_default();
    let typed = Typed {
        username: RwSignal::new(username),
        email: RwSignal::new(email),
        password: RwSignal::new(String::new()),
        confirmation: RwSignal::new(String::new()),
    };
    let state = RwSignal::new(State::Ready(None));
    let shown = RwSignal::new(false);

    let send = move |draft: Draft| {
        spawn_local(async move {
            let answer = match api::auth::set_up(&draft.into_request(), who == Chooser::SignedIn).await {
                Ok(_) => session.arrive().await,
                // The password may have been chosen already: in another tab, or here when the answer was lost. Or the
                // session has ended; then the page goes back to its beginning by itself.
                Err(error @ ApiError::Refused(ErrorCode::SetupNotAllowed | ErrorCode::Unauthenticated)) => {
                    let asked = session.refresh().await;
                    if untrack(|| session.is_ready()) { asked } else { Err(error) }
                }
                Err(error) => Err(error),
            };
            // The page may have gone while the server was thinking.
            let Some(next) = state.try_get_untracked().map(|state| state.answered(answer)) else {
                return;
            };
            let _ = state.try_set(next);
            match next {
                State::Done => on_signed_in.run(()),
                _ => next.focus(),
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        shown.set(false);
        let draft = untrack(|| typed.draft());
        let next = state.get_untracked().submitted(&draft, min_chars);
        if next == State::Sending && state.get_untracked() != State::Sending {
            send(draft);
        }
        state.set(next);
        next.focus();
    };

    let (title, text) = match who {
        Chooser::SignedIn => (choose::TITLE, choose::TEXT),
        Chooser::Anybody => (choose::TITLE_FIRST, choose::TEXT_FIRST),
    };
    let busy = Signal::derive(move || matches!(state.get(), State::Sending | State::Done));
    view! {
        <section class="card">
            <h1 tabindex="-1">{t(title)}</h1>
            <p class="note">{t(text)}</p>
            <div id=ALERT class="alert" role="alert">
                {move || match state.get() {
                    State::Ready(Some(Problem::Mismatch)) => t(doorstep_locales::words::error::MISMATCH),
                    State::Ready(Some(Problem::Weak(weakness))) => t(weak(weakness)),
                    State::Ready(Some(Problem::Api(error))) => t(sentence(error)),
                    State::Ready(None) | State::Sending | State::Done => "",
                }}
            </div>
            <form class="form" method="dialog" novalidate on:submit=submit>
                <Fields typed state shown />
                <Rules typed min_chars />
                <button
                    type="submit"
                    class="button primary"
                    aria-disabled=move || busy.get().then_some("true")
                    aria-busy=move || busy.get().then_some("true")
                >
                    {move || t(if busy.get() { choose::SUBMITTING } else { choose::SUBMIT })}
                </button>
            </form>
        </section>
    }
}

/// What is being typed.
#[derive(Clone, Copy)]
struct Typed {
    username: RwSignal<String>,
    email: RwSignal<String>,
    password: RwSignal<String>,
    confirmation: RwSignal<String>,
}

impl Typed {
    fn draft(self) -> Draft {
        Draft {
            username: self.username.get(),
            email: self.email.get(),
            password: self.password.get(),
            confirmation: self.confirmation.get(),
        }
    }
}

#[component]
fn Fields(typed: Typed, state: RwSignal<State>, shown: RwSignal<bool>) -> impl IntoView {
    let invalid = move |field: Field| Signal::derive(move || state.get().field() == Some(field));
    view! {
        <Input
            id=Field::Username.id()
            label=t(choose::USERNAME)
            kind=Kind::Username
            value=typed.username
            invalid=invalid(Field::Username)
            described_by=ALERT
        />
        <Input
            id=Field::Email.id()
            label=t(choose::EMAIL)
            kind=Kind::Email
            value=typed.email
            invalid=invalid(Field::Email)
            described_by=ALERT
        />
        <PasswordInput
            id=Field::Password.id()
            label=t(choose::PASSWORD)
            value=typed.password
            invalid=invalid(Field::Password)
            described_by="alert rules"
            shown
        />
        <PasswordInput
            id=Field::Confirmation.id()
            label=t(choose::CONFIRM)
            value=typed.confirmation
            invalid=invalid(Field::Confirmation)
            described_by=ALERT
            shown
        />
    }
}

const ALERT: &str = "alert";

/// What the password must be, ticked off while it is typed.
#[component]
fn Rules(typed: Typed, min_chars: u32) -> impl IntoView {
    let rule = |text: String, is_kept: fn(&Draft, Option<Weakness>) -> bool| {
        let kept = move || {
            let draft = typed.draft();
            !draft.password.is_empty() && is_kept(&draft, draft.weakness(min_chars))
        };
        // For those who can't see the tick.
        let told = move || t(if kept() { choose::RULE_KEPT } else { choose::RULE_OPEN });
        view! {
            <li class:kept=kept>
                {text} <span class="visually-hidden">{told}</span>
            </li>
        }
    };
    let length = t_with(choose::RULE_LENGTH, "count", &min_chars.to_string());
    view! {
        <div id="rules" class="rules">
            <p>{t(choose::RULES)}</p>
            <ul>
                {rule(length, |_, weakness| weakness != Some(Weakness::TooShort))}
                {rule(
                    t(choose::RULE_OWN_NAME).to_owned(),
                    |_, weakness| !matches!(weakness, Some(Weakness::OwnName | Weakness::TooShort)),
                )}
                {rule(t(choose::RULE_SAME).to_owned(), |draft, _| draft.password == draft.confirmation)}
            </ul>
        </div>
    }
}

impl Draft {
    /// What is wrong with the password, as far as can be told here.
    fn weakness(&self, min_chars: u32) -> Option<Weakness> {
        let min_chars = usize::try_from(min_chars).unwrap_or(usize::MAX);
        password::check(&self.password, min_chars, &[&self.username, &self.email]).err()
    }

    fn into_request(self) -> SetupRequest {
        SetupRequest {
            username: self.username.trim().to_owned(),
            email: Some(self.email.trim().to_owned()).filter(|email| !email.is_empty()),
            password: Secret::new(self.password),
            confirm_password: Secret::new(self.confirmation),
        }
    }
}

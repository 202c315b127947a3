//! A new password: in place of the initial one, together with username and email, or for a user with a temporary token.

use doorstep_contract::{
    account_name::{is_email, is_placeholder, is_username},
    auth::SetupRequest,
    envelope::ErrorCode,
};
use doorstep_locales::{
    Word,
    words::{choose, error, reset},
};
use leptos::prelude::*;

use super::{flow::LoginFlow, stage::Chooser};
use crate::{
    api::{self, ApiError},
    i18n::t,
    problem::blame,
    session::Session,
    ui::{
        button::{Button, Look},
        field::{Field, Kind, UsernameForManagers},
        form::{Form, FormState, Problem},
        page::Card,
    },
    widgets::new_password::{NewPassword, NewPasswordField, PASSWORD_TEXT},
};

const USERNAME: &str = "username";
const EMAIL: &str = "email";

/// The stage.
#[component]
pub(super) fn ChoosePasswordStage(who: Chooser, flow: LoginFlow) -> impl IntoView {
    let session = Session::expect();
    let account = untrack(|| session.me()).map(|me| me.account);
    let (username, mut email) = account.map(|account| (account.username, account.email)).unwrap_or_default();
    if is_placeholder(&email) {
        email.clear();
    }
    let (username, email) = (RwSignal::new(username), RwSignal::new(email));
    let password = NewPassword::new(Signal::derive(move || vec![username.get(), email.get()]));
    let form = FormState::new("choose");
    let set_up = async move || {
        let (name, address) = (username.get_untracked().trim().to_owned(), email.get_untracked().trim().to_owned());
        check_names(&name, &address)?;
        password.check()?;
        let email = Some(address).filter(|address| !address.is_empty());
        let request = SetupRequest {
            username: Some(name),
            email,
            password: password.secret(),
            confirm_password: password.secret(),
        };
        let answer = match api::auth::set_up(&request, who != Chooser::FirstVisitor).await {
            Ok(_) => flow.arrive(false).await,
            // The password may have been set already, in another tab or by a request whose answer was lost. Or the
            // session has ended: then the page returns to its first stage by itself.
            Err(error @ ApiError::Refused(ErrorCode::SetupNotAllowed | ErrorCode::Unauthenticated)) => {
                let asked = session.refresh().await;
                if untrack(|| session.is_ready()) { asked } else { Err(error) }
            }
            Err(error) => Err(error),
        };
        answer.map_err(blame(|code| field_to_blame(password, code)))
    };
    let (title, text) = title_and_text(who);
    // A user with a temporary token keeps username and email, and may skip this stage.
    let is_temporary = who == Chooser::Temporary;
    view! {
        <Card title>
            <p id=PASSWORD_TEXT class="note">
                {t(text)}
            </p>
            <Form
                state=form
                submit=choose::SUBMIT
                submitting=choose::SUBMITTING
                on_submit=set_up
                on_done=move || flow.leave()
            >
                {if is_temporary {
                    view! { <UsernameForManagers username=username.get_untracked() /> }.into_any()
                } else {
                    view! { <NameFields form username email /> }.into_any()
                }}
                <NewPasswordField form password alone=is_temporary />
            </Form>
            {is_temporary
                .then(|| {
                    view! {
                        <Button look=Look::Quiet on_press=move || flow.leave()>
                            {t(choose::LATER)}
                        </Button>
                    }
                })}
        </Card>
    }
}

const fn title_and_text(who: Chooser) -> (Word, Word) {
    match who {
        Chooser::SignedIn => (choose::TITLE_FIRST, choose::TEXT),
        Chooser::Temporary => (reset::TITLE, choose::TEXT_TEMPORARY),
        Chooser::FirstVisitor => (choose::TITLE_FIRST, choose::TEXT_FIRST),
    }
}

/// The fields for username and email.
#[component]
fn NameFields(form: FormState, username: RwSignal<String>, email: RwSignal<String>) -> impl IntoView {
    view! {
        <Field form id=EMAIL label=choose::EMAIL kind=Kind::Email value=email />
        // Password managers take the field before a new password as its username.
        <Field form id=USERNAME label=choose::USERNAME kind=Kind::Username value=username />
    }
}

/// Validates username and email.
fn check_names(username: &str, email: &str) -> Result<(), Problem> {
    if !is_username(username) {
        Err(Problem { sentence: error::USERNAME_INVALID, field: Some(USERNAME) })
    } else if !email.is_empty() && !is_email(email) {
        Err(Problem { sentence: error::EMAIL_INVALID, field: Some(EMAIL) })
    } else {
        Ok(())
    }
}

fn field_to_blame(password: NewPassword, code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::UsernameInvalid | ErrorCode::UsernameTaken => Some(USERNAME),
        ErrorCode::EmailInvalid => Some(EMAIL),
        _ => password.blame(code),
    }
}

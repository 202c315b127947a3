//! A new password in place of one that must not stay or is lost: that of the first start, with name and email, or that of
//! somebody who came with a temporary token.

use doorstep_contract::{
    account_name::{is_email, is_username},
    auth::SetupRequest,
    envelope::ErrorCode,
};
use doorstep_locales::words::{choose, error};
use leptos::prelude::*;

use super::{stage::Chooser, way::Way};
use crate::{
    api::{self, ApiError},
    pages::new_password::NewPassword,
    problem::refusal,
    session::Session,
    ui::{
        field::{Kind, field, username_for_managers},
        form::{Form, Problem, form_view},
        part::{button, card, note},
    },
};

const USERNAME: &str = "username";
const EMAIL: &str = "email";

/// The stage.
pub(super) fn choose_password(who: Chooser, way: Way) -> AnyView {
    let session = Session::expect();
    let account = untrack(|| session.me()).map(|me| me.account);
    let (username, email) = account.map(|account| (account.username, account.email)).unwrap_or_default();
    let (username, email) = (RwSignal::new(username), RwSignal::new(email));
    let password = NewPassword::new(Signal::derive(move || vec![username.get(), email.get()]));
    let form = Form::new("choose");

    let send = move || {
        let (name, address) = (username.get_untracked().trim().to_owned(), email.get_untracked().trim().to_owned());
        let send = move || {
            let (password, confirm_password) = password.secrets();
            let email = Some(address).filter(|address| !address.is_empty());
            let request = SetupRequest { username: Some(name), email, password, confirm_password };
            Box::pin(async move {
                let answer = match api::auth::set_up(&request, who != Chooser::Anybody).await {
                    Ok(_) => session.arrive().await,
                    // The password may have been chosen already: in another tab, or here when the answer was lost. Or
                    // the session has ended; then the page goes back to its beginning by itself.
                    Err(error @ ApiError::Refused(ErrorCode::SetupNotAllowed | ErrorCode::Unauthenticated)) => {
                        let asked = session.refresh().await;
                        if untrack(|| session.is_ready()) { asked } else { Err(error) }
                    }
                    Err(error) => Err(error),
                };
                answer.map_err(|error| refusal(error, blame))
            }) as _
        };
        let names = problem_of_names(&username.get_untracked(), &email.get_untracked());
        form.submit(names.or_else(|| password.problem()), send, move || way.leave());
    };

    let (title, text) = match who {
        Chooser::SignedIn => (choose::TITLE, choose::TEXT),
        Chooser::Temporary => (choose::TITLE, choose::TEXT_TEMPORARY),
        Chooser::Anybody => (choose::TITLE_FIRST, choose::TEXT_FIRST),
    };
    // Whoever came with a temporary token keeps them.
    let mut fields = if who == Chooser::Temporary {
        vec![username_for_managers(username.get_untracked())]
    } else {
        vec![
            field(form, EMAIL, choose::EMAIL, Kind::Email, email),
            // A password manager takes the field in front of a new password for the name that goes with it.
            field(form, USERNAME, choose::USERNAME, Kind::Username, username),
        ]
    };
    fields.extend(password.fields(form));
    let mut parts = vec![note(text), form_view(form, choose::SUBMIT, choose::SUBMITTING, fields, send)];
    if who == Chooser::Temporary {
        parts.push(button("link", choose::LATER, move || way.leave()));
    }
    card(title, parts)
}

/// What is wrong with name or email, as far as can be told here.
fn problem_of_names(username: &str, email: &str) -> Option<Problem> {
    let problem = |sentence, field| Some(Problem { sentence, field: Some(field) });
    if !is_username(username.trim()) {
        problem(error::USERNAME_INVALID, USERNAME)
    } else if !email.trim().is_empty() && !is_email(email.trim()) {
        problem(error::EMAIL_INVALID, EMAIL)
    } else {
        None
    }
}

fn blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::UsernameInvalid | ErrorCode::UsernameTaken => Some(USERNAME),
        ErrorCode::EmailInvalid => Some(EMAIL),
        _ => NewPassword::blame(code),
    }
}

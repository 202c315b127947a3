//! The page that asks whether an email is to be restored, and says what came of it.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use doorstep_contract::{
    paths::{REVERT_EMAIL, REVERT_TOKEN_PARAMETER},
    route::ClientRoute,
    secret::Secret,
};
use doorstep_locales::{PageWord, fill, pages::revert_email as words};

use super::question::{self, Field, Question, Submit};
use crate::{
    http::{AppState, language},
    store::EmailRevert,
};

/// What the page says.
#[derive(Debug)]
pub(in crate::http) enum Revert<'a> {
    /// Whether to restore it; the button sends the token.
    Ask(&'a EmailRevert, &'a Secret),
    /// That it is restored.
    Done(&'a EmailRevert),
    /// That the link has expired.
    Expired,
    /// That it was used.
    Used,
    /// That it is none.
    Unknown,
    /// That another account has the email.
    Taken,
    /// That another site has sent the form.
    FromElsewhere,
}

impl Revert<'_> {
    const fn words(&self) -> (StatusCode, PageWord, PageWord) {
        match self {
            Self::Ask(..) => (StatusCode::OK, words::TITLE, words::TEXT),
            Self::Done(revert) if revert.account.has_password => (StatusCode::OK, words::DONE_TITLE, words::DONE),
            Self::Done(_) => (StatusCode::OK, words::DONE_TITLE, words::DONE_CHECK),
            Self::Expired => (StatusCode::GONE, words::VOID_TITLE, words::EXPIRED),
            Self::Used => (StatusCode::GONE, words::VOID_TITLE, words::USED),
            Self::Unknown => (StatusCode::NOT_FOUND, words::VOID_TITLE, words::UNKNOWN),
            Self::Taken => (StatusCode::CONFLICT, words::VOID_TITLE, words::TAKEN),
            Self::FromElsewhere => (StatusCode::FORBIDDEN, words::VOID_TITLE, words::ELSEWHERE),
        }
    }
}

/// The page. It is kept nowhere: it names an account.
pub(in crate::http) fn revert_email(state: &AppState, headers: &HeaderMap, revert: &Revert<'_>) -> Response {
    let word = |word| language::of(headers).page_word(word);
    let (status, title, text) = revert.words();
    let text = match revert {
        Revert::Ask(revert, _) | Revert::Done(revert) => {
            fill(&fill(word(text), "account", &revert.account.username), "email", &revert.email)
        }
        _ => word(text).to_owned(),
    };
    let submit = match revert {
        Revert::Ask(_, token) => Some(Submit {
            label: word(words::SUBMIT),
            sends: Some(Field { to: REVERT_EMAIL, name: REVERT_TOKEN_PARAMETER, value: token.reveal() }),
        }),
        _ => None,
    };
    let onward = match revert {
        Revert::Done(revert) if revert.account.has_password => (ClientRoute::ForgotPassword, words::NEXT),
        _ => (ClientRoute::Login, words::BACK),
    };
    let question = Question {
        id: "revert-email",
        title: word(title),
        text: &text,
        submit,
        onward: (onward.0.path(), word(onward.1)),
    };
    let mut response = question::page(state, headers, status, &question);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

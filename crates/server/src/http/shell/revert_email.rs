//! The page that asks whether to restore an email, and shows the result.

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
use url::Position;

use super::question::{self, Field, Question, Submit};
use crate::{
    http::{AppState, language},
    service::{EmailRevert, Restored},
};

/// The content of the page.
#[derive(Debug)]
pub(in crate::http) enum Revert<'a> {
    /// The question; the button sends the token.
    Ask(&'a EmailRevert, &'a Secret),
    /// The email was restored.
    Done(&'a Restored),
    /// The link has expired.
    Expired,
    /// The link was used already.
    Used,
    /// The link is unknown.
    Unknown,
    /// Another account has this email now.
    Taken,
    /// Another site sent the form.
    FromElsewhere,
}

impl Revert<'_> {
    const fn words(&self) -> (StatusCode, PageWord, PageWord) {
        match self {
            Self::Ask(..) => (StatusCode::OK, words::TITLE, words::TEXT),
            Self::Done(Restored { reset: Some(_), .. }) => (StatusCode::OK, words::DONE_TITLE, words::DONE),
            Self::Done(_) => (StatusCode::OK, words::DONE_TITLE, words::DONE_CHECK),
            Self::Expired => (StatusCode::GONE, words::VOID_TITLE, words::EXPIRED),
            Self::Used => (StatusCode::GONE, words::VOID_TITLE, words::USED),
            Self::Unknown => (StatusCode::NOT_FOUND, words::VOID_TITLE, words::UNKNOWN),
            Self::Taken => (StatusCode::CONFLICT, words::VOID_TITLE, words::TAKEN),
            Self::FromElsewhere => (StatusCode::FORBIDDEN, words::VOID_TITLE, words::ELSEWHERE),
        }
    }
}

/// Renders the page. It is never stored: it names an account.
pub(in crate::http) fn revert_email(state: &AppState, headers: &HeaderMap, revert: &Revert<'_>) -> Response {
    let word = |word| language::of(headers).page_word(word);
    let (status, title, text) = revert.words();
    let about = match revert {
        Revert::Ask(about, _) => Some(*about),
        Revert::Done(restored) => Some(&restored.revert),
        _ => None,
    };
    let text = about.map_or_else(
        || word(text).to_owned(),
        |about| fill(&fill(word(text), "account", &about.account.username), "email", &about.email),
    );
    let submit = match revert {
        Revert::Ask(_, token) => Some(Submit {
            label: word(words::SUBMIT),
            sends: Some(Field { to: REVERT_EMAIL, name: REVERT_TOKEN_PARAMETER, value: token.reveal() }),
        }),
        _ => None,
    };
    let onward = match revert {
        Revert::Done(Restored { reset: Some(reset), .. }) => (&reset[Position::BeforePath..], words::NEXT),
        _ => (ClientRoute::Login.path(), words::BACK),
    };
    let question =
        Question { id: "revert-email", title: word(title), text: &text, submit, onward: (onward.0, word(onward.1)) };
    let mut response = question::page(state, headers, status, &question);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

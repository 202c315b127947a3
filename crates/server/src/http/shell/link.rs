//! The pages around adding an identity by an address: the one that asks, and the one that leads on to the provider.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use doorstep_contract::route::ClientRoute;
use doorstep_locales::{fill, pages::link_account as words};
use url::Url;

use super::question::{self, Question, Submit};
use crate::http::{AppState, csrf::LedBy, language};

/// The page that asks whether the identity at a provider is to open an account.
pub(in crate::http) fn link(
    state: &AppState,
    headers: &HeaderMap,
    provider: &str,
    account: &str,
    led_by: LedBy,
) -> Response {
    let word = |word| language::of(headers).page_word(word);
    let (status, text) = match led_by {
        LedBy::OurPage | LedBy::User | LedBy::Unsaid => (StatusCode::OK, words::TEXT),
        LedBy::Another => (StatusCode::FORBIDDEN, words::ELSEWHERE),
    };
    let question = Question {
        id: "link",
        title: word(words::TITLE),
        text: &fill(&fill(word(text), "name", provider), "account", account),
        submit: Some(Submit { label: word(words::SUBMIT), sends: None }),
        onward: (ClientRoute::AccountIdentities.path(), word(words::BACK)),
    };
    question::page(state, headers, status, &question)
}

/// The page after its button, which leads on to the provider. Not a redirect: `form-action 'self'` holds for where a form
/// is redirected to as well, over every provider that stands behind this one.
pub(in crate::http) fn leaving(state: &AppState, headers: &HeaderMap, provider: &str, location: &Url) -> Response {
    let word = |word| language::of(headers).page_word(word);
    let onward = fill(word(words::LEAVING), "name", provider);
    let question = Question {
        id: "leaving",
        title: word(words::TITLE),
        text: "",
        submit: None,
        onward: (location.as_str(), &onward),
    };
    let mut response = question::page(state, headers, StatusCode::OK, &question);
    // The address of the provider is a serialized URL, which is ASCII without a line break.
    if let Ok(refresh) = HeaderValue::from_str(&format!("0;url={location}")) {
        response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    }
    response
}

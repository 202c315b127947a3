//! The pages for linking an SSO identity by a plain address: one asks, the other leads to the provider.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use doorstep_contract::route::ClientRoute;
use doorstep_locales::{fill, pages::link_account as words};
use url::Url;

use super::question::{self, Question, Submit};
use crate::http::{AppState, csrf::Initiator, language};

/// The page that asks whether to link an identity of the provider to the account.
pub(in crate::http) fn link(
    state: &AppState,
    headers: &HeaderMap,
    provider: &str,
    account: &str,
    initiator: Initiator,
) -> Response {
    let word = |word| language::of(headers).page_word(word);
    let (status, text) = match initiator {
        Initiator::ThisSite | Initiator::User | Initiator::Unknown => (StatusCode::OK, words::TEXT),
        Initiator::OtherSite => (StatusCode::FORBIDDEN, words::ELSEWHERE),
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

/// The page after its button, which leads to the provider by `Refresh`. Not a redirect: `form-action 'self'` also
/// applies to the redirects of a form, including those behind the provider.
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
    // The provider's address is a serialized URL: ASCII, without line breaks.
    if let Ok(refresh) = HeaderValue::from_str(&format!("0;url={location}")) {
        response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    }
    response
}

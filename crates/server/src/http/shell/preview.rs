//! The page that asks before a portal preview begins, or says why it can't.

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use doorstep_contract::{route::ClientRoute, uuid::Uuid};
use doorstep_locales::{PageWord, pages::preview as words};

use super::question::{self, Question, Submit};
use crate::http::{AppState, language};

/// The content of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum PreviewPage {
    /// The question: the browser does not state which site led here.
    Plainly,
    /// The question, after another site led here.
    FromElsewhere,
    /// The user is not an operator.
    Member,
    /// There is no such project.
    Gone,
    /// The project's client is inactive.
    ClientInactive,
}

impl PreviewPage {
    const fn text(self) -> (StatusCode, PageWord) {
        match self {
            Self::Plainly => (StatusCode::OK, words::TEXT),
            Self::FromElsewhere => (StatusCode::FORBIDDEN, words::ELSEWHERE),
            Self::Member => (StatusCode::FORBIDDEN, words::MEMBERS),
            Self::Gone => (StatusCode::NOT_FOUND, words::GONE),
            Self::ClientInactive => (StatusCode::CONFLICT, words::CLIENT_INACTIVE),
        }
    }
}

/// The page.
pub(in crate::http) fn preview(
    state: &AppState,
    headers: &HeaderMap,
    project: Option<Uuid>,
    asked: PreviewPage,
) -> Response {
    let word = |word| language::of(headers).page_word(word);
    let (status, text) = asked.text();
    let has_button = matches!(asked, PreviewPage::Plainly | PreviewPage::FromElsewhere);
    let onward = match project.filter(|_| asked != PreviewPage::Gone && asked != PreviewPage::Member) {
        Some(id) => (ClientRoute::Project(id).address(), word(words::TO_PROJECT)),
        None => (ClientRoute::Projects.address(), word(words::TO_PROJECTS)),
    };
    let question = Question {
        id: "preview",
        title: word(words::TITLE),
        text: word(text),
        submit: has_button.then(|| Submit { label: word(words::SUBMIT), sends: None }),
        onward: (&onward.0, onward.1),
    };
    question::page(state, headers, status, &question)
}

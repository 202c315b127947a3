//! The description of the API (`OpenAPI` 3.1): GET `/openapi.json`, and `doorstep openapi`.
//!
//! What is sent is `docs/openapi.json`. The tests make it anew, from the table of routes and from what each surface says beside
//! it ([`describe`]), compare both, and hold every answer that they get to it.

mod dialects;
mod document;
mod operation;

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};

pub use self::document::describe;
pub(super) use self::operation::Operation;
use super::{
    health,
    shell::kept::{Kind, Page},
};

/// Where it is.
pub const PATH: &str = "/openapi.json";
/// The description as it is sent.
pub const DESCRIPTION: &str = include_str!("../../../../../docs/openapi.json");

static PAGE: LazyLock<Page> = LazyLock::new(|| Page::new(Kind::JSON, DESCRIPTION.to_owned()));

/// Sends it.
pub(super) async fn serve(headers: HeaderMap) -> Response {
    PAGE.answer(StatusCode::OK, &headers, true)
}

/// What is no surface, and no page for people.
fn operations() -> Vec<Operation> {
    const PLAIN: &str = "text/plain";
    vec![
        Operation::get(health::PROCESS, "Check that the process responds").answers_text(200, PLAIN, "It does."),
        Operation::get(health::DATABASE, "Check that the server can read and write its database")
            .answers_text(200, PLAIN, "It can.")
            .answers_text(503, PLAIN, "It can't; the log says why."),
        Operation::get(PATH, "Read this description")
            .answers_object()
            .answers_empty(304, "The one that `If-None-Match` names is in force."),
    ]
}

//! The API description (`OpenAPI` 3.1): GET `/openapi.json`, and `doorstep openapi`.
//!
//! The server sends `docs/openapi.json`. The tests generate it from the table of routes and the surfaces'
//! descriptions ([`describe`]), compare the two, and check every response that they get against it.

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
    shell::page_cache::{Kind, Page},
};

/// The path of the description.
pub const PATH: &str = "/openapi.json";
/// The description.
pub const DESCRIPTION: &str = include_str!("../../../../../docs/openapi.json");

static PAGE: LazyLock<Page> = LazyLock::new(|| Page::new(Kind::JSON, DESCRIPTION.to_owned()));

/// Serves the description.
pub(super) async fn serve(headers: HeaderMap) -> Response {
    PAGE.answer(StatusCode::OK, &headers, true)
}

/// The endpoints that belong to no surface and are not pages.
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

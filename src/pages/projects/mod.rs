//! `/projects` and `/projects/{id}`: what is worked on, for whom, and what they read of it.
//!
//! Operators see and change all of it; members see their own projects and change nothing.

mod about;
mod detail;
mod linked_client;
mod members;
mod new;
mod preview;
mod updates;

use doorstep_contract::{
    projects::{Project, ProjectStatus},
    route::ClientRoute,
};
use doorstep_locales::{
    Word,
    words::{list as list_words, project_status, projects as words},
};
use leptos::prelude::*;

pub(crate) use self::detail::project_page;
use super::list::{self, Filter, FilterKind, Found, PagedList};
use crate::{
    api::{coming, projects as api},
    i18n::{date_time, t},
    session::Session,
    ui::{
        choice::Choice,
        part::{badge, block, link_to, page, text},
    },
};

/// So many are on a page of the list.
const LIMIT: u32 = 50;
/// The filter that the server knows besides the text.
const STATUS: &str = "status";

/// Its value for all of them.
const ALL: &str = "all";

/// The list.
pub(crate) fn projects_page() -> AnyView {
    let is_operator = untrack(|| Session::expect().is_operator());
    // Unasked, the server leaves out what is put away.
    let mut choices = vec![(String::new(), t(words::NOT_ARCHIVED).to_owned())];
    choices.extend(ProjectStatus::ALL.iter().copied().map(as_choice));
    choices.push((ALL.to_owned(), t(list_words::ALL).to_owned()));
    let kind = list::Kind {
        name: "projects".to_owned(),
        class: "rows",
        filters: vec![
            Filter::search(),
            Filter { parameter: STATUS, label: words::STATUS, kind: FilterKind::Chosen(choices) },
        ],
        none: if is_operator { words::NONE } else { words::NONE_OF_MEMBER },
        limit: LIMIT,
        in_address: true,
    };
    let list = PagedList::new(kind, |_, query| {
        coming(async move { Ok(Found::new(api::projects(&query.for_server()).await?, row)) })
    });
    let mut parts = Vec::new();
    if is_operator {
        parts.push(new::new_project());
    }
    parts.push(list.view());
    page(|| t(words::TITLE).to_owned(), parts)
}

fn row(project: &Project) -> AnyView {
    let client = project.client_name.clone().unwrap_or_default();
    block(
        "li",
        "",
        vec![
            link_to("", address(&project.id), project.name.clone()),
            badge("badge", status_word(project.status)),
            block("span", "", vec![text(client)]),
            block("span", "", vec![text(date_time(&project.updated_at))]),
        ],
    )
}

/// The page of a project.
fn address(id: &str) -> String {
    [ClientRoute::Projects.path(), "/", id].concat()
}

/// A status to choose.
fn as_choice(status: ProjectStatus) -> Choice {
    (status.as_str().to_owned(), t(status_word(status)).to_owned())
}

/// What people call a status.
pub(crate) const fn status_word(status: ProjectStatus) -> Word {
    match status {
        ProjectStatus::Planned => project_status::PLANNED,
        ProjectStatus::Active => project_status::ACTIVE,
        ProjectStatus::Paused => project_status::PAUSED,
        ProjectStatus::Done => project_status::DONE,
        ProjectStatus::Archived => project_status::ARCHIVED,
    }
}

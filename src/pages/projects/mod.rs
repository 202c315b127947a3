//! `/projects` and `/projects/{id}`: projects, their clients, and the updates for the clients.
//!
//! Operators see and change all projects; members see their own and change nothing.
//!
//! ```text
//! address -> list::Query -> api::projects::projects -> list::Found -> rows
//! address::use_id -> One::load -> api::projects::project -> detail.rs: one file for each panel, which loads its list
//! ```

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
    words::{list as list_words, projects as words},
};
use leptos::prelude::*;

pub(crate) use self::{
    detail::ProjectPage,
    new::{FirstProject, NewProject},
};
use crate::{
    api::{coming, projects as api},
    i18n::t,
    session::Session,
    ui::{choice::Choice, dialog::DialogState, link::Link, page::Page},
    widgets::list::{self, Changed, Filter, FilterKind, Found, LeftOut, List, PagedList},
    widgets::project_status::{StatusBadge, status_word},
};

/// Projects per page of the list.
const LIMIT: u32 = 50;
/// The name of the status filter.
const STATUS: &str = "status";
/// The columns of the list.
const COLUMNS: &[Word] = &[words::NAME, words::STATUS, words::CLIENT, words::CHANGED];
/// The filter's value for all statuses.
const ALL: &str = "all";

/// The page.
#[component]
pub(crate) fn ProjectsPage() -> impl IntoView {
    let is_operator = untrack(|| Session::expect().is_operator());
    let dialog = DialogState::new("new-project");
    let kind = list::Kind {
        name: "projects".to_owned(),
        class: "rows",
        filters: vec![Filter::search(), status_filter()],
        none: if is_operator { words::NONE } else { words::NONE_OF_MEMBER },
        limit: LIMIT,
        in_address: true,
    };
    let list = PagedList::new(kind, |_, query| {
        coming(async move {
            let found = api::projects(&query.for_server()).await?;
            // Archived projects are left out by default: there may be no others.
            let may_be_archived = found.total == 0 && query.value(STATUS).is_empty();
            let are_archived =
                may_be_archived && api::projects(&query.clone().with(STATUS, ALL).for_server()).await?.total > 0;
            let text = if query.is_narrowed() { words::NONE_FOUND_OPEN } else { words::NONE_OPEN };
            let left_out = LeftOut { text, include: words::INCLUDE_ARCHIVED, parameter: STATUS, value: ALL };
            Ok(Found::new(found, |project: &Project| view! { <Row project=project.clone() /> })
                .in_table(words::TITLE, COLUMNS)
                .leaving_out(are_archived.then_some(left_out)))
        })
    });
    view! {
        <Page title=t(words::TITLE) wide=true actions=move || is_operator.then(|| view! { <NewProject dialog /> })>
            <List list first=move || is_operator.then(|| view! { <FirstProject dialog /> }) />
        </Page>
    }
}

/// Without a value, the server leaves out archived projects.
fn status_filter() -> Filter {
    let mut choices = vec![(String::new(), t(words::NOT_ARCHIVED).to_owned())];
    choices.extend(ProjectStatus::ALL.iter().copied().map(as_choice));
    choices.push((ALL.to_owned(), t(list_words::ALL).to_owned()));
    Filter::new(STATUS, words::STATUS, FilterKind::Chosen(choices))
}

#[component]
fn Row(project: Project) -> impl IntoView {
    view! {
        <tr role="row">
            <td role="cell">
                <Link href=address(&project.id)>{project.name}</Link>
            </td>
            <td role="cell">
                <StatusBadge status=project.status />
            </td>
            <td role="cell">{project.client_name}</td>
            <Changed at=project.updated_at />
        </tr>
    }
}

/// The address of a project's page.
fn address(id: &str) -> String {
    [ClientRoute::Projects.path(), "/", id].concat()
}

/// A status as a choice.
fn as_choice(status: ProjectStatus) -> Choice {
    (status.as_str().to_owned(), t(status_word(status)).to_owned())
}

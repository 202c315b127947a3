//! The projects of a client.

use doorstep_contract::{projects::Project, route::ClientRoute, uuid::Uuid};
use doorstep_locales::{
    Word,
    words::{clients as words, projects as project_words},
};
use leptos::prelude::*;

use crate::{
    api::{coming, projects as api},
    ui::{link::Link, page::Panel},
    widgets::{
        list::{self, Changed, Found, List, PagedList},
        project_status::StatusBadge,
    },
};

/// Projects per page of the list.
const LIMIT: u32 = 20;
/// The columns of the list.
const COLUMNS: &[Word] = &[project_words::NAME, project_words::STATUS, project_words::CHANGED];

/// The panel.
#[component]
pub(super) fn ClientProjects(id: Uuid) -> impl IntoView {
    let kind = list::Kind {
        name: "client-projects".to_owned(),
        class: "rows",
        filters: Vec::new(),
        none: words::PROJECTS_NONE,
        limit: LIMIT,
        in_address: false,
    };
    let list = PagedList::new(kind, move |_, query| {
        coming(async move {
            let found = api::projects_of(id, &query.for_server()).await?;
            Ok(Found::new(found, |project: &Project| view! { <Row project=project.clone() /> })
                .in_table(project_words::TITLE, COLUMNS))
        })
    });
    view! {
        <Panel heading_id="client-projects-heading" title=project_words::TITLE>
            <List list />
        </Panel>
    }
}

#[component]
fn Row(project: Project) -> impl IntoView {
    let Project { id, name, status, updated_at, .. } = project;
    view! {
        <tr role="row">
            <td role="cell">
                <Link href=[ClientRoute::Projects.path(), "/", &id].concat()>{name}</Link>
            </td>
            <td role="cell">
                <StatusBadge status />
            </td>
            <Changed at=updated_at />
        </tr>
    }
}

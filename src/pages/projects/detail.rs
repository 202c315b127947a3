//! `/projects/{id}`.

use doorstep_contract::{
    projects::{Project, ProjectStatus},
    route::ClientRoute,
    uuid::Uuid,
};
use doorstep_locales::words::projects as words;
use leptos::prelude::*;

use super::{about, linked_client, members, preview, updates};
use crate::{
    address::use_id,
    api::{coming, projects as api},
    i18n::t,
    pages::one::One,
    session::Session,
    ui::part::{block, dynamic, nothing, text},
};

/// The page.
pub(crate) fn project_page() -> AnyView {
    let id = use_id();
    dynamic(move || id.get().map_or_else(nothing, project))
}

fn project(id: Uuid) -> AnyView {
    let is_operator = untrack(|| Session::expect().is_operator());
    let load = move || coming(api::project(id));
    let draw = move |project: One<Project>| {
        if is_operator {
            vec![
                archived(project),
                preview::preview(id),
                about::about(id, project),
                linked_client::linked_client(id, project),
                updates::updates(id, true),
                members::members(id),
            ]
        } else {
            vec![about::about_for_members(project), updates::updates(id, false)]
        }
    };
    One::page((ClientRoute::Projects, words::TITLE), load, |project| project.name, draw)
}

/// Says so while it is put away.
fn archived(project: One<Project>) -> AnyView {
    dynamic(move || match project.get() {
        Some(Project { status: ProjectStatus::Archived, .. }) => block("p", "notice", vec![text(t(words::ARCHIVED))]),
        _ => nothing(),
    })
}

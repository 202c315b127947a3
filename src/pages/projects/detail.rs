//! `/projects/{id}`.

use doorstep_contract::{
    projects::{Project, ProjectStatus},
    route::ClientRoute,
    uuid::Uuid,
};
use doorstep_locales::words::{home, projects as words};
use leptos::prelude::*;

use super::{
    about::{Changing, ProjectAbout, ProjectAboutReadOnly, RestoreProject},
    linked_client::LinkedClientPanel,
    members::MembersPanel,
    preview::PreviewButton,
    updates::UpdatesPanel,
};
use crate::{
    address::use_id,
    api::{coming, projects as api},
    i18n::t,
    session::Session,
    ui::page::Columns,
    widgets::{
        one::{One, OnePage},
        project_status::StatusBadge,
    },
};

/// The page.
#[component]
pub(crate) fn ProjectPage() -> impl IntoView {
    let id = use_id();
    move || id.get().map(|id| view! { <OneProject id /> })
}

/// The page of a project.
#[component]
fn OneProject(id: Uuid) -> impl IntoView {
    let is_operator = untrack(|| Session::expect().is_operator());
    let project = One::load(move || coming(api::project(id)));
    let is_open = is_open(project);
    let preview = move || (is_operator && is_open.get()).then(|| view! { <PreviewButton id /> });
    view! {
        <OnePage
            one=project
            list=ClientRoute::Projects
            of_list=words::TITLE
            all=home::ALL_PROJECTS
            name=|project: Project| project.name
            mark=|project: Project| view! { <StatusBadge status=project.status /> }.into_any()
            actions=move || preview
        >
            {is_operator.then(|| view! { <PartsForOperators id project /> })}
            {(!is_operator).then(|| view! { <PartsForMembers id project /> })}
        </OnePage>
    }
}

#[component]
fn PartsForOperators(id: Uuid, project: One<Project>) -> impl IntoView {
    let changing = Changing::of(id, project);
    view! {
        <ArchivedNotice changing />
        <Columns aside=move || {
            view! {
                <LinkedClientPanel id project />
                <MembersPanel id />
            }
        }>
            <ProjectAbout changing />
            <UpdatesPanel id project can_edit=true is_open=is_open(project) />
        </Columns>
    }
}

#[component]
fn PartsForMembers(id: Uuid, project: One<Project>) -> impl IntoView {
    view! {
        <ProjectAboutReadOnly project />
        <UpdatesPanel id project can_edit=false is_open=is_open(project) />
    }
}

/// Whether it is loaded, and not archived.
fn is_open(project: One<Project>) -> Memo<bool> {
    Memo::new(move |_| project.get().is_some_and(|project| project.status != ProjectStatus::Archived))
}

/// The notice that the project is archived, with the button to restore it.
#[component]
fn ArchivedNotice(changing: Changing) -> impl IntoView {
    let project = changing.project();
    let is_archived =
        Memo::new(move |_| project.get().is_some_and(|project| project.status == ProjectStatus::Archived));
    move || {
        is_archived.get().then(|| {
            view! {
                <div class="notice">
                    <p>{t(words::ARCHIVED)}</p>
                    <RestoreProject changing />
                </div>
            }
        })
    }
}

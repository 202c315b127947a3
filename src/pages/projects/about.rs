//! Name, status and summary of a project: shown, edited, archived.

use std::rc::Rc;

use doorstep_contract::{
    envelope::ErrorCode,
    projects::{Project, ProjectEdit, ProjectStatus},
    uuid::Uuid,
};
use doorstep_locales::words::{error, projects as words};
use leptos::prelude::*;

use super::as_choice;
use crate::{
    api::{ApiError, coming, projects as api},
    i18n::t_with,
    problem::blame,
    ui::{
        area::Area,
        choice::{Choice, ChoiceField},
        facts::Facts,
        field::{Field, Kind},
        form::{FormState, required},
        prose::Prose,
        time::TimeSentence,
    },
    widgets::{
        about::{About, AboutForm, AboutPanel, AboutReadOnly, Change, ConfirmedChange, ImmediateChange},
        one::One,
        unsaved::watch,
    },
};

const NAME: &str = "project-name";
const STATUS: &str = "project-status";
const SUMMARY: &str = "project-summary";

/// A project that can be edited.
#[derive(Clone, Copy)]
pub(super) struct Changing {
    id: Uuid,
    project: One<Project>,
    about: About,
}

impl Changing {
    /// Must be called within a page.
    pub(super) fn of(id: Uuid, project: One<Project>) -> Self {
        Self { id, project, about: About::new(NAME) }
    }

    /// The project.
    pub(super) fn project(self) -> One<Project> {
        self.project
    }

    async fn change(self, edit: &ProjectEdit) -> Result<(), ApiError> {
        self.project.set(api::edit(self.id, edit).await?);
        Ok(())
    }

    fn move_to(self, status: ProjectStatus) -> Change {
        Rc::new(move || {
            let edit = ProjectEdit { status: Some(status), ..ProjectEdit::default() };
            coming(async move { self.change(&edit).await })
        })
    }
}

/// The panel for operators.
#[component]
pub(super) fn ProjectAbout(changing: Changing) -> impl IntoView {
    let project = changing.project;
    view! {
        <AboutPanel
            about=changing.about
            read=move || project.get().map(|known| view! { <Known changing known /> })
            edit=move || project.get_untracked().map(|known| view! { <EditForm changing known /> })
        />
    }
}

/// The panel for members. They have no client panel, so this one shows the client's name.
#[component]
pub(super) fn ProjectAboutReadOnly(project: One<Project>) -> impl IntoView {
    let known = move || {
        project.get().map(|known| {
            let client = known.client_name.map(|name| vec![(words::CLIENT, name.into())]);
            view! {
                <div class="stack">
                    <Summary text=known.summary />
                    {client.map(|facts| view! { <Facts class="facts" facts /> })}
                    <p class="note">
                        <TimeSentence word=words::CHANGED_AT at=known.updated_at />
                    </p>
                </div>
            }
        })
    };
    view! { <AboutReadOnly>{known}</AboutReadOnly> }
}

/// Summary and last change, with the button that archives an open project.
#[component]
fn Known(changing: Changing, known: Project) -> impl IntoView {
    let Project { name, summary, updated_at, .. } = known;
    let is_open = known.status != ProjectStatus::Archived;
    view! {
        <div class="stack">
            <Summary text=summary />
            <div class="panel-head">
                <p class="note">
                    <TimeSentence word=words::CHANGED_AT at=updated_at />
                </p>
                {is_open.then(|| view! { <ArchiveProject changing name /> })}
            </div>
        </div>
    }
}

#[component]
fn Summary(text: String) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <Prose text /> })
}

/// The button that archives the project.
#[component]
fn ArchiveProject(changing: Changing, name: String) -> impl IntoView {
    view! {
        <ConfirmedChange
            about=changing.about
            label=words::ARCHIVE
            question=t_with(words::ARCHIVE_QUESTION, "name", &name)
            meaning=words::ARCHIVE_TEXT
            done=words::ARCHIVED_NOW
            change=changing.move_to(ProjectStatus::Archived)
        />
    }
}

/// The button that restores the project.
#[component]
pub(super) fn RestoreProject(changing: Changing) -> impl IntoView {
    let change = changing.move_to(ProjectStatus::Active);
    view! { <ImmediateChange about=changing.about label=words::RESTORE done=words::RESTORED_NOW change /> }
}

/// The form to edit it.
#[component]
fn EditForm(changing: Changing, known: Project) -> impl IntoView {
    let form = FormState::new("project");
    let [name, status, summary] =
        [&known.name, known.status.as_str(), &known.summary].map(|known| RwSignal::new(known.to_owned()));
    watch(NAME, vec![name, status, summary]);
    let choices = choices(known.status);
    let save = async move || {
        let typed = required(name, NAME, error::NAME_MISSING)?;
        // Fields that were not edited here may have been changed elsewhere.
        let edit = ProjectEdit {
            name: Some(typed).filter(|typed| *typed != known.name),
            status: ProjectStatus::parse(&status.get_untracked()).filter(|status| *status != known.status),
            summary: Some(summary.get_untracked()).filter(|typed| *typed != known.summary),
            client_id: None,
        };
        changing.change(&edit).await.map_err(blame(field_to_blame))
    };
    view! {
        <AboutForm about=changing.about state=form on_submit=save>
            <Field form id=NAME label=words::NAME kind=Kind::Title value=name />
            <ChoiceField id=STATUS label=words::STATUS choices value=status />
            <Area form id=SUMMARY label=words::SUMMARY value=summary />
        </AboutForm>
    }
}

/// The statuses to choose from. Archiving has its own button, which asks for confirmation.
fn choices(known: ProjectStatus) -> Vec<Choice> {
    let can_be = |status: &ProjectStatus| *status != ProjectStatus::Archived || known == ProjectStatus::Archived;
    ProjectStatus::ALL.iter().copied().filter(can_be).map(as_choice).collect()
}

const fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::TextInvalid => Some(SUMMARY),
        _ => None,
    }
}

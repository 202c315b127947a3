//! What a project is about: read, changed, put away.

use std::rc::Rc;

use doorstep_contract::{
    envelope::ErrorCode,
    projects::{Project, ProjectEdit, ProjectStatus},
    uuid::Uuid,
};
use doorstep_locales::{
    Word,
    words::{error, project_status, projects as words},
};
use leptos::prelude::*;

use super::{as_choice, status_word};
use crate::{
    api::{ApiError, coming, projects as api},
    i18n::{date_time, t},
    pages::{
        about::{About, Change, about_panel},
        one::One,
    },
    problem::refusal,
    session::proof::Proof,
    ui::{
        area::area,
        choice::choice,
        field::{Kind, field},
        form::{Form, Problem},
        part::{block, dynamic, facts, nothing, text},
    },
};

const NAME: &str = "project-name";
const STATUS: &str = "project-status";
const SUMMARY: &str = "project-summary";

/// A project that is read and changed.
#[derive(Clone, Copy)]
struct Changing {
    id: Uuid,
    project: One<Project>,
    about: About,
    proof: Proof,
}

impl Changing {
    async fn change(self, edit: &ProjectEdit) -> Result<(), ApiError> {
        self.project.set(self.proof.with(async || api::edit(self.id, edit).await).await?);
        Ok(())
    }

    fn move_to(self, status: ProjectStatus) -> Change {
        Rc::new(move || {
            let edit = ProjectEdit { status: Some(status), ..ProjectEdit::default() };
            coming(async move { self.change(&edit).await })
        })
    }
}

/// The panel, for those who may change it.
pub(super) fn about(id: Uuid, project: One<Project>) -> AnyView {
    let changing = Changing { id, project, about: About::new(NAME), proof: Proof::expect() };
    let read = move || match project.get() {
        Some(known) => {
            let mut parts = reading(&known, Vec::new());
            parts.push(changing.about.buttons(put_away(changing, known.status)));
            block("div", "stack", parts)
        }
        None => nothing(),
    };
    changing.about.view(read, move || edit(changing))
}

/// The panel, for those who may read it.
pub(super) fn about_for_members(project: One<Project>) -> AnyView {
    let drawn = dynamic(move || match project.get() {
        Some(project) => {
            let client = project.client_name.clone().map(|name| (words::CLIENT, name));
            block("div", "stack", reading(&project, client.into_iter().collect()))
        }
        None => nothing(),
    });
    about_panel(vec![drawn])
}

fn reading(project: &Project, more: Vec<(Word, String)>) -> Vec<AnyView> {
    let mut known = vec![(words::STATUS, t(status_word(project.status)).to_owned())];
    known.extend(more);
    known.push((words::CHANGED, date_time(&project.updated_at)));
    let summary = match project.summary.as_str() {
        "" => nothing(),
        summary => block("p", "prose", vec![text(summary)]),
    };
    vec![facts("facts", known), summary]
}

fn put_away(changing: Changing, status: ProjectStatus) -> AnyView {
    let about = changing.about;
    if status == ProjectStatus::Archived {
        return about.at_once(words::RESTORE, changing.move_to(ProjectStatus::Active));
    }
    let archive = changing.move_to(ProjectStatus::Archived);
    about.on_second_thought(words::ARCHIVE, words::ARCHIVE_TEXT, project_status::ARCHIVED, archive)
}

/// The same as fields.
fn edit(changing: Changing) -> AnyView {
    let Some(known) = changing.project.get_untracked() else {
        return nothing();
    };
    let known_status = known.status;
    let form = Form::new("project");
    let [name, status, summary] =
        [&known.name, known.status.as_str(), &known.summary].map(|known| RwSignal::new(known.to_owned()));
    let send = move || {
        let typed = name.get_untracked().trim().to_owned();
        let found = typed.is_empty().then_some(Problem { sentence: error::NAME_INVALID, field: Some(NAME) });
        // What was not touched here may have been changed elsewhere.
        let request = ProjectEdit {
            name: Some(typed).filter(|typed| *typed != known.name),
            status: ProjectStatus::parse(&status.get_untracked()).filter(|status| *status != known.status),
            summary: Some(summary.get_untracked()).filter(|typed| *typed != known.summary),
            client_id: None,
        };
        let send = move || {
            Box::pin(async move { changing.change(&request).await.map_err(|error| refusal(error, blame)) }) as _
        };
        form.submit(found, send, move || changing.about.saved());
    };
    // What puts it away has a button of its own, with a question.
    let can_be = |status: &ProjectStatus| *status != ProjectStatus::Archived || known_status == ProjectStatus::Archived;
    let choices = ProjectStatus::ALL.iter().copied().filter(can_be).map(as_choice).collect();
    let fields = vec![
        field(form, NAME, words::NAME, Kind::Title, name),
        choice(STATUS, words::STATUS, choices, status),
        area(form, SUMMARY, words::SUMMARY, summary),
    ];
    changing.about.form(form, fields, send)
}

fn blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::TextInvalid => Some(SUMMARY),
        _ => None,
    }
}

//! What a project is about: read, changed, put away.

use std::rc::Rc;

use doorstep_contract::{
    envelope::ErrorCode,
    projects::{Project, ProjectEdit, ProjectStatus},
    uuid::Uuid,
};
use doorstep_locales::{
    Word,
    words::{choose, dialog as dialog_words, error, list, profile, project_status, projects as words},
};
use leptos::prelude::*;

use super::{as_choice, status_word};
use crate::{
    announcement::Announcement,
    api::{ApiError, coming, projects as api},
    i18n::{date_time, t},
    pages::{
        confirm::{Confirm, Question},
        one::One,
        press::Press,
    },
    problem::refusal,
    session::proof::Proof,
    ui::{
        area::area,
        busy::busy_button,
        choice::choice,
        field::{Kind, field},
        focus::focus_on,
        form::{Form, Problem, form_view},
        part::{block, button, buttons, dynamic, facts, nothing, panel, text},
    },
};

const HEADING: &str = "about-heading";
const NAME: &str = "project-name";
const STATUS: &str = "project-status";
const SUMMARY: &str = "project-summary";

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct About {
    id: Uuid,
    project: One<Project>,
    editing: RwSignal<bool>,
    confirm: Confirm,
    press: Press,
    proof: Proof,
    announcement: Announcement,
}

impl About {
    async fn change(self, edit: &ProjectEdit) -> Result<(), ApiError> {
        self.project.set(self.proof.with(async || api::edit(self.id, edit).await).await?);
        Ok(())
    }

    async fn move_to(self, status: ProjectStatus) -> Result<(), ApiError> {
        self.change(&ProjectEdit { status: Some(status), ..ProjectEdit::default() }).await
    }

    /// The button that was pressed is gone.
    fn saved(self) {
        self.announcement.tell(t(profile::SAVED).to_owned());
        focus_on(HEADING);
    }
}

/// The panel, for those who may change it.
pub(super) fn about(id: Uuid, project: One<Project>) -> AnyView {
    let about = About {
        id,
        project,
        editing: RwSignal::new(false),
        confirm: Confirm::new(HEADING.to_owned()),
        press: Press::new(),
        proof: Proof::expect(),
        announcement: Announcement::expect(),
    };
    let drawn = dynamic(move || match project.get() {
        _ if about.editing.get() => edit(about),
        Some(known) => {
            let mut parts = reading(&known, Vec::new());
            parts.push(actions(about, known.status));
            block("div", "stack", parts)
        }
        None => nothing(),
    });
    panel(HEADING, words::ABOUT, vec![about.confirm.alert(), about.press.alert(), drawn, about.confirm.frame()])
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
    panel(HEADING, words::ABOUT, vec![drawn])
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

fn actions(about: About, status: ProjectStatus) -> AnyView {
    let edit = move || {
        about.editing.set(true);
        request_animation_frame(|| focus_on(NAME));
    };
    let put_away = if status == ProjectStatus::Archived {
        let restore = move || {
            about.press.run(async move || {
                about.move_to(ProjectStatus::Active).await?;
                about.saved();
                Ok(())
            });
        };
        busy_button(words::RESTORE, about.press.busy(), restore)
    } else {
        let ask = move || {
            about.confirm.ask(Question {
                title: t(words::ARCHIVE).to_owned(),
                meaning: words::ARCHIVE_TEXT,
                label: words::ARCHIVE,
                told: project_status::ARCHIVED,
                act: Rc::new(move || coming(async move { about.move_to(ProjectStatus::Archived).await })),
            });
        };
        button("button", words::ARCHIVE, ask)
    };
    buttons(vec![button("button", list::EDIT, edit), put_away])
}

/// The same as fields.
fn edit(about: About) -> AnyView {
    let Some(known) = about.project.get_untracked() else {
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
        let send =
            move || Box::pin(async move { about.change(&request).await.map_err(|error| refusal(error, blame)) }) as _;
        form.submit(found, send, move || {
            about.editing.set(false);
            about.saved();
        });
    };
    let cancel = move || {
        about.editing.set(false);
        focus_on(HEADING);
    };
    // What puts it away has a button of its own, with a question.
    let can_be = |status: &ProjectStatus| *status != ProjectStatus::Archived || known_status == ProjectStatus::Archived;
    let choices = ProjectStatus::ALL.iter().copied().filter(can_be).map(as_choice).collect();
    let fields = vec![
        field(form, NAME, words::NAME, Kind::Title, name),
        choice(STATUS, words::STATUS, choices, status),
        area(form, SUMMARY, words::SUMMARY, summary),
    ];
    block(
        "div",
        "stack",
        vec![
            form_view(form, profile::SUBMIT, choose::SUBMITTING, fields, send),
            button("button", dialog_words::CANCEL, cancel),
        ],
    )
}

fn blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::TextInvalid => Some(SUMMARY),
        _ => None,
    }
}

//! The updates of a project, newest first.

use std::rc::Rc;

use doorstep_contract::{
    envelope::ErrorCode,
    projects::{Project, Update, UpdateEdit},
    uuid::Uuid,
};
use doorstep_locales::{
    Word, fill,
    words::{choose, error, list as list_words, profile, projects as words},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{coming, projects as api},
    i18n::{date_time, t, t_with},
    problem::blame,
    ui::{
        area::Area,
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
        focus::focus_on,
        form::{Form, FormState, Problem},
        live::Alert,
        more::More,
        page::Panel,
        prose::Prose,
        time::{Time, TimeSentence},
    },
    widgets::{
        actor::by,
        announcement::Announcement,
        confirm::{Confirm, ConfirmDialog, Question},
        list::{self, Found, List, PagedList},
        one::One,
        unsaved::watch,
    },
};

const HEADING: &str = "updates-heading";
const WRITTEN: &str = "update-body";
const EDITED: &str = "edited-body";
/// Updates per page of the list.
const LIMIT: u32 = 20;

/// The state that the parts of the panel share.
#[derive(Clone, Copy)]
struct Updates {
    id: Uuid,
    project: One<Project>,
    can_edit: bool,
    /// The dialog that edits `edited`.
    dialog: DialogState,
    edited: StoredValue<Option<Update>>,
    confirm: Confirm,
    announcement: Announcement,
}

impl Updates {
    fn edit(self, update: Update) {
        self.edited.set_value(Some(update));
        self.dialog.open();
    }

    /// Reloads the project, which was changed with its updates.
    async fn reread(self) {
        if let Ok(project) = api::project(self.id).await {
            self.project.set(project);
        }
    }

    fn ask_to_remove(self, list: PagedList, update: String) {
        let act = move || {
            let update = update.clone();
            coming(async move {
                api::remove_update(self.id, &update).await?;
                list.reload().await;
                self.reread().await;
                Ok(())
            })
        };
        self.confirm.ask(Question {
            title: t(words::REMOVE_UPDATE_QUESTION).to_owned(),
            meaning: words::REMOVE_UPDATE_TEXT,
            label: words::REMOVE_UPDATE,
            destroys: true,
            told: words::UPDATE_REMOVED,
            act: Rc::new(act),
        });
    }
}

/// The panel.
#[component]
pub(super) fn UpdatesPanel(
    id: Uuid,
    project: One<Project>,
    can_edit: bool,
    /// Whether the project is not archived: updates can be added.
    #[prop(into)]
    is_open: Signal<bool>,
) -> impl IntoView {
    let updates = Updates {
        id,
        project,
        can_edit,
        dialog: DialogState::new("edit-update"),
        edited: StoredValue::new(None),
        confirm: Confirm::new(HEADING.to_owned()),
        announcement: Announcement::expect(),
    };
    let kind = list::Kind {
        name: "updates".to_owned(),
        class: "timeline",
        filters: Vec::new(),
        none: words::NO_UPDATES,
        limit: LIMIT,
        in_address: false,
    };
    let list = PagedList::new(kind, move |list, query| {
        coming(async move {
            let found = api::updates(id, &query.for_server()).await?;
            Ok(Found::new(found, move |update: &Update| view! { <Entry updates list update=update.clone() /> }))
        })
    });
    let readers =
        Memo::new(move |_| project.get().filter(|_| is_open.get()).and_then(|known| readers(&known, can_edit)));
    view! {
        <Panel heading_id=HEADING title=words::UPDATES>
            {move || readers.get().map(|text| view! { <p class="note">{t(text)}</p> })}
            {move || (can_edit && is_open.get()).then(|| view! { <WriteForm updates list /> })}
            <Alert error=updates.confirm.error() />
            <List list />
            {can_edit.then(|| view! { <Dialogs updates list /> })}
        </Panel>
    }
}

/// Who can read the updates. Only operators can activate a client.
fn readers(project: &Project, can_edit: bool) -> Option<Word> {
    match project.client_active {
        Some(true) if project.client_preview != Some(true) => Some(words::UPDATES_TEXT),
        Some(false) => can_edit.then_some(error::CLIENT_INACTIVE),
        _ => Some(words::UPDATES_UNREAD),
    }
}

/// An update, with its actions for those who may edit it.
#[component]
fn Entry(updates: Updates, list: PagedList, update: Update) -> impl IntoView {
    let Update { author, body, created_at, edited_at, .. } = update.clone();
    let author = by(author);
    let actions = updates.can_edit.then(|| view! { <EntryActions updates list update author=author.clone() /> });
    let edited = edited_at.map(|at| view! { <TimeSentence word=words::EDITED at /> });
    view! {
        <li>
            <h3>
                <bdi>{author}</bdi>
                <span class="note">
                    <Time at=created_at />
                </span>
                {edited.map(|edited| view! { <span class="note">{edited}</span> })}
            </h3>
            <Prose text=body />
            {actions}
        </li>
    }
}

#[component]
fn EntryActions(updates: Updates, list: PagedList, update: Update, author: String) -> impl IntoView {
    let (id, time) = (update.id.clone(), date_time(&update.created_at));
    // Distinguishes its buttons from those of the others.
    let name = |action| fill(&t_with(action, "author", &author), "time", &time);
    let (edit_name, remove_name) = (name(words::EDIT_OF), name(words::DELETE_OF));
    view! {
        <More name=name(words::ACTIONS_OF)>
            <Button look=Look::Quiet on_press=move || updates.edit(update.clone()) name=edit_name>
                {t(list_words::EDIT)}
            </Button>
            <Button look=Look::QuietDanger on_press=move || updates.ask_to_remove(list, id.clone()) name=remove_name>
                {t(words::DELETE)}
            </Button>
        </More>
    }
}

/// The dialogs of an update's actions.
#[component]
fn Dialogs(updates: Updates, list: PagedList) -> impl IntoView {
    view! {
        <Dialog state=updates.dialog title=t(words::EDIT_UPDATE)>
            {updates.edited.get_value().map(|update| view! { <EditForm updates list update /> })}
        </Dialog>
        <ConfirmDialog confirm=updates.confirm />
    }
}

/// The form that adds an update.
#[component]
fn WriteForm(updates: Updates, list: PagedList) -> impl IntoView {
    let form = FormState::new("update");
    let body = RwSignal::new(String::new());
    watch(WRITTEN, vec![body]);
    let write = async move || {
        let update = UpdateEdit { body: checked(body, WRITTEN)? };
        let written = api::write_update(updates.id, &update).await;
        written.map(|_| ()).map_err(blame(|code| (code == ErrorCode::TextInvalid).then_some(WRITTEN)))
    };
    let written = move || {
        body.set(String::new());
        form.reset();
        updates.announcement.tell(t(words::UPDATE_WRITTEN).to_owned());
        focus_on(WRITTEN);
        spawn_local(async move {
            list.reload_from_start().await;
            updates.reread().await;
        });
    };
    view! {
        <Form
            state=form
            submit=words::POST
            submitting=choose::SUBMITTING
            on_submit=write
            on_done=written
        >
            <Area form id=WRITTEN label=words::WRITE value=body rows=2 />
        </Form>
    }
}

/// The form that edits an update, in the dialog.
#[component]
fn EditForm(updates: Updates, list: PagedList, update: Update) -> impl IntoView {
    let Update { id, body, .. } = update;
    let form = FormState::new("edit-update");
    let body = RwSignal::new(body);
    watch(&id, vec![body]);
    let save = async move || {
        let update = UpdateEdit { body: checked(body, EDITED)? };
        let saved = api::edit_update(updates.id, &id, &update).await;
        saved.map(|_| ()).map_err(blame(|code| (code == ErrorCode::TextInvalid).then_some(EDITED)))
    };
    let saved = move || {
        updates.dialog.close();
        updates.announcement.tell(t(profile::SAVED).to_owned());
        // The row with the pressed button is redrawn.
        focus_on(HEADING);
        list.ask();
        spawn_local(updates.reread());
    };
    view! {
        <Form
            state=form
            submit=profile::SUBMIT
            submitting=choose::SUBMITTING
            on_submit=save
            on_done=saved
            cancel=move || view! { <Cancel on_press=move || updates.dialog.close() /> }
        >
            <Area form id=EDITED label=words::UPDATE_TEXT value=body />
        </Form>
    }
}

/// The text, unless it is blank.
fn checked(body: RwSignal<String>, field: &'static str) -> Result<String, Problem> {
    let blank = Problem { sentence: error::TEXT_MISSING, field: Some(field) };
    Some(body.get_untracked()).filter(|body| !body.trim().is_empty()).ok_or(blank)
}

//! What the client reads of a project, newest first.

use std::rc::Rc;

use doorstep_contract::{
    envelope::ErrorCode,
    projects::{Update, UpdateEdit},
    uuid::Uuid,
};
use doorstep_locales::words::{
    choose, dialog as dialog_words, error, identities, list as list_words, profile, projects as words,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    announcement::Announcement,
    api::{coming, projects as api},
    i18n::{date_time, t, t_with},
    pages::{
        confirm::{Confirm, Question},
        list::{self, Found, PagedList},
    },
    problem::refusal,
    session::proof::Proof,
    ui::{
        area::area,
        dialog::Dialog,
        focus::focus_on,
        form::{Form, Problem, Refusal, form_view},
        part::{block, button, buttons, named_button, note, panel, text},
    },
};

const HEADING: &str = "updates-heading";
const WRITTEN: &str = "update-body";
const EDITED: &str = "edited-body";
/// So many are on a page of the list.
const LIMIT: u32 = 20;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Updates {
    id: Uuid,
    can_edit: bool,
    /// Edits the one that is in `edited`.
    dialog: Dialog,
    edited: StoredValue<Option<Update>>,
    confirm: Confirm,
    proof: Proof,
    announcement: Announcement,
}

/// The panel.
pub(super) fn updates(id: Uuid, can_edit: bool) -> AnyView {
    let updates = Updates {
        id,
        can_edit,
        dialog: Dialog::new("edit-update"),
        edited: StoredValue::new(None),
        confirm: Confirm::new(HEADING.to_owned()),
        proof: Proof::expect(),
        announcement: Announcement::expect(),
    };
    let kind = list::Kind {
        name: "updates".to_owned(),
        class: "entries",
        filters: Vec::new(),
        none: words::NO_UPDATES,
        limit: LIMIT,
        in_address: false,
    };
    let list = PagedList::new(kind, move |list, query| {
        coming(async move {
            let found = api::updates(id, &query.for_server()).await?;
            Ok(Found::new(found, move |update| line(updates, list, update)))
        })
    });
    let mut parts = vec![note(words::UPDATES_TEXT)];
    if can_edit {
        parts.push(writing(updates, list));
    }
    parts.extend([updates.confirm.alert(), list.view()]);
    if can_edit {
        let content = move || (t(words::EDIT_UPDATE).to_owned(), editing(updates, list));
        parts.extend([updates.dialog.frame(content, || {}), updates.confirm.frame()]);
    }
    panel(HEADING, words::UPDATES, parts)
}

fn line(updates: Updates, list: PagedList, update: &Update) -> AnyView {
    let mut when = [&update.author, ", ", &date_time(&update.created_at)].concat();
    if let Some(edited_at) = &update.edited_at {
        when = [&when, " (", &t_with(words::EDITED, "time", &date_time(edited_at)), ")"].concat();
    }
    let names = [[t(list_words::EDIT), " ", &when].concat(), t_with(identities::REMOVE_ONE, "name", &when)];
    let mut parts = vec![block("h3", "", vec![text(when)]), block("p", "prose", vec![text(update.body.clone())])];
    if updates.can_edit {
        let (edited, id) = (update.clone(), update.id.clone());
        let edit = move || {
            updates.edited.set_value(Some(edited.clone()));
            updates.dialog.open();
        };
        let remove = move || updates.ask_to_remove(list, id.clone());
        let [edit_name, remove_name] = names.map(Some);
        parts.push(buttons(vec![
            named_button("button", list_words::EDIT, edit_name, Box::new(edit)),
            named_button("button", identities::REMOVE, remove_name, Box::new(remove)),
        ]));
    }
    block("li", "", parts)
}

impl Updates {
    fn ask_to_remove(self, list: PagedList, update: String) {
        let act = move || {
            let update = update.clone();
            coming(async move {
                api::remove_update(self.id, &update).await?;
                list.reload().await;
                Ok(())
            })
        };
        self.confirm.ask(Question {
            title: t(words::REMOVE_UPDATE).to_owned(),
            meaning: words::REMOVE_UPDATE_TEXT,
            label: identities::REMOVE,
            told: identities::REMOVED,
            act: Rc::new(act),
        });
    }

    /// Sends what was typed: as a new one, or in place of another.
    async fn save(self, update: Option<String>, body: String) -> Result<(), Refusal> {
        let request = UpdateEdit { body };
        let saving = async || match &update {
            Some(update) => api::edit_update(self.id, update, &request).await,
            None => api::write_update(self.id, &request).await,
        };
        let blame: fn(ErrorCode) -> Option<&'static str> = match &update {
            Some(_) => |code| (code == ErrorCode::TextInvalid).then_some(EDITED),
            None => |code| (code == ErrorCode::TextInvalid).then_some(WRITTEN),
        };
        self.proof.with(saving).await.map(|_| ()).map_err(|error| refusal(error, blame))
    }
}

/// The form for a new one.
fn writing(updates: Updates, list: PagedList) -> AnyView {
    let form = Form::new("update");
    let body = RwSignal::new(String::new());
    let send = move || {
        let typed = body.get_untracked();
        let send = move || Box::pin(updates.save(None, typed)) as _;
        form.submit(problem(&body.get_untracked(), WRITTEN), send, move || {
            body.set(String::new());
            form.reset();
            updates.announcement.tell(t(profile::SAVED).to_owned());
            focus_on(WRITTEN);
            spawn_local(list.reload_from_start());
        });
    };
    form_view(form, words::POST, choose::SUBMITTING, vec![area(form, WRITTEN, words::WRITE, body)], send)
}

/// The form for an old one, in the dialog.
fn editing(updates: Updates, list: PagedList) -> Vec<AnyView> {
    let form = Form::new("edit-update");
    let Some(Update { id, body, .. }) = updates.edited.get_value() else {
        return Vec::new();
    };
    let body = RwSignal::new(body);
    let send = move || {
        let (typed, id) = (body.get_untracked(), id.clone());
        let send = move || Box::pin(updates.save(Some(id), typed)) as _;
        form.submit(problem(&body.get_untracked(), EDITED), send, move || {
            updates.dialog.close();
            updates.announcement.tell(t(profile::SAVED).to_owned());
            // The line whose button was pressed is drawn anew.
            focus_on(HEADING);
            list.ask();
        });
    };
    vec![
        form_view(form, profile::SUBMIT, choose::SUBMITTING, vec![area(form, EDITED, words::EDIT_UPDATE, body)], send),
        button("button", dialog_words::CANCEL, move || updates.dialog.close()),
    ]
}

/// What is wrong, as far as can be told here.
fn problem(body: &str, field: &'static str) -> Option<Problem> {
    body.trim().is_empty().then_some(Problem { sentence: error::TEXT_INVALID, field: Some(field) })
}

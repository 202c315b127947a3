//! What a client is called, and whether it may come in.

use std::rc::Rc;

use doorstep_contract::{
    clients::{Client, ClientEdit},
    envelope::ErrorCode,
    uuid::Uuid,
};
use doorstep_locales::words::{choose, clients as words, dialog as dialog_words, error, list, profile, projects};
use leptos::prelude::*;

use super::marks;
use crate::{
    announcement::Announcement,
    api::{ApiError, clients as api, coming},
    i18n::{date_time, number, t},
    pages::{
        confirm::{Confirm, Question},
        one::One,
        press::Press,
    },
    problem::refusal,
    session::proof::Proof,
    ui::{
        busy::busy_button,
        field::{Kind, field},
        focus::focus_on,
        form::{Form, Problem, form_view},
        part::{block, button, buttons, dynamic, facts, note, nothing, panel},
    },
};

const HEADING: &str = "about-heading";
const NAME: &str = "client-name";
const SLUG: &str = "client-slug";

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct About {
    id: Uuid,
    client: One<Client>,
    editing: RwSignal<bool>,
    confirm: Confirm,
    press: Press,
    proof: Proof,
    announcement: Announcement,
}

impl About {
    async fn change(self, edit: &ClientEdit) -> Result<(), ApiError> {
        self.client.set(self.proof.with(async || api::edit(self.id, edit).await).await?);
        Ok(())
    }

    async fn let_in(self, active: bool) -> Result<(), ApiError> {
        self.change(&ClientEdit { active: Some(active), ..ClientEdit::default() }).await
    }

    /// The button that was pressed is gone.
    fn saved(self) {
        self.announcement.tell(t(profile::SAVED).to_owned());
        focus_on(HEADING);
    }
}

/// The panel.
pub(super) fn about(id: Uuid, client: One<Client>) -> AnyView {
    let about = About {
        id,
        client,
        editing: RwSignal::new(false),
        confirm: Confirm::new(HEADING.to_owned()),
        press: Press::new(),
        proof: Proof::expect(),
        announcement: Announcement::expect(),
    };
    let drawn = dynamic(move || match client.get() {
        _ if about.editing.get() => edit(about),
        Some(known) => {
            let facts = facts(
                "facts",
                vec![
                    (words::SLUG, known.slug.clone()),
                    (projects::TITLE, number(known.projects)),
                    (words::LINKS, number(known.links)),
                    (words::MADE, date_time(&known.created_at)),
                ],
            );
            let marks = marks(&known);
            let marks = if marks.is_empty() { nothing() } else { block("p", "buttons", marks) };
            block("div", "stack", vec![marks, facts, actions(about, known.active)])
        }
        None => nothing(),
    });
    let parts = vec![about.confirm.alert(), about.press.alert(), drawn, about.confirm.frame()];
    panel(HEADING, projects::ABOUT, parts)
}

fn actions(about: About, is_active: bool) -> AnyView {
    let edit = move || {
        about.editing.set(true);
        request_animation_frame(|| focus_on(NAME));
    };
    let other = if is_active {
        let ask = move || {
            about.confirm.ask(Question {
                title: t(words::DEACTIVATE).to_owned(),
                meaning: words::DEACTIVATE_TEXT,
                label: words::DEACTIVATE,
                told: words::INACTIVE,
                act: Rc::new(move || coming(async move { about.let_in(false).await })),
            });
        };
        button("button", words::DEACTIVATE, ask)
    } else {
        let activate = move || {
            about.press.run(async move || {
                about.let_in(true).await?;
                about.saved();
                Ok(())
            });
        };
        busy_button(words::ACTIVATE, about.press.busy(), activate)
    };
    buttons(vec![button("button", list::EDIT, edit), other])
}

/// What is being typed.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    name: RwSignal<String>,
    slug: RwSignal<String>,
}

impl Typed {
    pub(super) fn of(name: &str, slug: &str) -> Self {
        Self { name: RwSignal::new(name.to_owned()), slug: RwSignal::new(slug.to_owned()) }
    }

    /// Name and slug.
    pub(super) fn trimmed(self) -> (String, String) {
        let trimmed = |typed: RwSignal<String>| typed.get_untracked().trim().to_owned();
        (trimmed(self.name), trimmed(self.slug))
    }

    /// What is wrong, as far as can be told here.
    pub(super) fn problem(self) -> Option<Problem> {
        let (name, _) = self.trimmed();
        name.is_empty().then_some(Problem { sentence: error::NAME_INVALID, field: Some(NAME) })
    }

    pub(super) fn fields(self, form: Form) -> Vec<AnyView> {
        vec![
            field(form, NAME, projects::NAME, Kind::Title, self.name),
            field(form, SLUG, words::SLUG, Kind::Exact, self.slug),
            note(words::SLUG_TEXT),
        ]
    }
}

/// The field at fault.
pub(super) fn blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::SlugInvalid | ErrorCode::SlugTaken => Some(SLUG),
        _ => None,
    }
}

/// The same as fields.
fn edit(about: About) -> AnyView {
    let Some(known) = about.client.get_untracked() else {
        return nothing();
    };
    let form = Form::new("client");
    let typed = Typed::of(&known.name, &known.slug);
    let send = move || {
        let (name, slug) = typed.trimmed();
        // What was not touched here may have been changed elsewhere.
        let request = ClientEdit {
            name: Some(name).filter(|typed| *typed != known.name),
            slug: Some(slug).filter(|typed| *typed != known.slug),
            active: None,
        };
        let send =
            move || Box::pin(async move { about.change(&request).await.map_err(|error| refusal(error, blame)) }) as _;
        form.submit(typed.problem(), send, move || {
            about.editing.set(false);
            about.saved();
        });
    };
    let cancel = move || {
        about.editing.set(false);
        focus_on(HEADING);
    };
    block(
        "div",
        "stack",
        vec![
            form_view(form, profile::SUBMIT, choose::SUBMITTING, typed.fields(form), send),
            button("button", dialog_words::CANCEL, cancel),
        ],
    )
}

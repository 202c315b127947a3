//! What a client is called, and whether it may come in.

use std::rc::Rc;

use doorstep_contract::{
    clients::{Client, ClientEdit},
    envelope::ErrorCode,
    uuid::Uuid,
};
use doorstep_locales::words::{clients as words, error, projects};
use leptos::prelude::*;

use super::marks;
use crate::{
    api::{ApiError, clients as api, coming},
    i18n::{date_time, number},
    pages::{
        about::{About, Change},
        one::One,
    },
    problem::refusal,
    session::proof::Proof,
    ui::{
        field::{Kind, field},
        form::{Form, Problem},
        part::{block, facts, note, nothing},
    },
};

const NAME: &str = "client-name";
const SLUG: &str = "client-slug";

/// A client that is read and changed.
#[derive(Clone, Copy)]
struct Changing {
    id: Uuid,
    client: One<Client>,
    about: About,
    proof: Proof,
}

impl Changing {
    async fn change(self, edit: &ClientEdit) -> Result<(), ApiError> {
        self.client.set(self.proof.with(async || api::edit(self.id, edit).await).await?);
        Ok(())
    }

    fn let_in(self, active: bool) -> Change {
        Rc::new(move || {
            let edit = ClientEdit { active: Some(active), ..ClientEdit::default() };
            coming(async move { self.change(&edit).await })
        })
    }
}

/// The panel.
pub(super) fn about(id: Uuid, client: One<Client>) -> AnyView {
    let changing = Changing { id, client, about: About::new(NAME), proof: Proof::expect() };
    let read = move || match client.get() {
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
            let buttons = changing.about.buttons(let_in_or_not(changing, known.active));
            block("div", "stack", vec![marks, facts, buttons])
        }
        None => nothing(),
    };
    changing.about.view(read, move || edit(changing))
}

fn let_in_or_not(changing: Changing, is_active: bool) -> AnyView {
    let about = changing.about;
    if !is_active {
        return about.at_once(words::ACTIVATE, changing.let_in(true));
    }
    about.on_second_thought(words::DEACTIVATE, words::DEACTIVATE_TEXT, words::INACTIVE, changing.let_in(false))
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
fn edit(changing: Changing) -> AnyView {
    let Some(known) = changing.client.get_untracked() else {
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
        let send = move || {
            Box::pin(async move { changing.change(&request).await.map_err(|error| refusal(error, blame)) }) as _
        };
        form.submit(typed.problem(), send, move || changing.about.saved());
    };
    changing.about.form(form, typed.fields(form), send)
}

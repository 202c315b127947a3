//! Name, slug and status of a client: shown and edited.

use std::rc::Rc;

use doorstep_contract::{
    clients::{Client, ClientEdit},
    envelope::ErrorCode,
    uuid::Uuid,
};
use doorstep_locales::{
    Word,
    words::{clients as words, error, projects},
};
use leptos::prelude::*;

use crate::{
    api::{ApiError, clients as api, coming},
    i18n::{number, t, t_with},
    problem::blame,
    ui::{
        facts::{Fact, Facts, Value},
        field::{Field, Kind},
        form::{FormState, Problem, required},
    },
    widgets::{
        about::{About, AboutForm, AboutPanel, Change, ConfirmedChange, ImmediateChange},
        one::One,
        unsaved::watch,
    },
};

const NAME: &str = "client-name";
const SLUG: &str = "client-slug";
/// The `id` of what is said about it.
const SLUG_TEXT: &str = "client-slug-text";

/// A client that can be edited.
#[derive(Clone, Copy)]
pub(super) struct Changing {
    id: Uuid,
    client: One<Client>,
    about: About,
}

impl Changing {
    /// Must be called within a page.
    pub(super) fn of(id: Uuid, client: One<Client>) -> Self {
        Self { id, client, about: About::new(NAME) }
    }

    async fn change(self, edit: &ClientEdit) -> Result<(), ApiError> {
        self.client.set(api::edit(self.id, edit).await?);
        Ok(())
    }

    fn activate(self, active: bool) -> Change {
        Rc::new(move || {
            let edit = ClientEdit { active: Some(active), ..ClientEdit::default() };
            coming(async move { self.change(&edit).await })
        })
    }
}

/// The panel.
#[component]
pub(super) fn ClientAbout(changing: Changing) -> impl IntoView {
    let client = changing.client;
    view! {
        <AboutPanel
            about=changing.about
            read=move || client.get().map(|known| view! { <Known changing known /> })
            edit=move || client.get_untracked().map(|known| view! { <EditForm changing known /> })
        />
    }
}

/// The properties, with the button that deactivates an active client.
#[component]
fn Known(changing: Changing, known: Client) -> impl IntoView {
    view! {
        <div class="stack">
            <Facts class="facts" facts=facts_of(&known) />
            {known.active.then(|| view! { <DeactivateClient changing name=known.name /> })}
        </div>
    }
}

/// The button that deactivates the client.
#[component]
fn DeactivateClient(changing: Changing, name: String) -> impl IntoView {
    view! {
        <ConfirmedChange
            about=changing.about
            label=words::DEACTIVATE
            question=t_with(words::DEACTIVATE_QUESTION, "name", &name)
            meaning=words::DEACTIVATE_TEXT
            done=words::INACTIVE_NOW
            change=changing.activate(false)
        />
    }
}

/// The notice that the client is deactivated, with the button to activate it.
#[component]
pub(super) fn InactiveNotice(changing: Changing) -> impl IntoView {
    let is_inactive = Memo::new(move |_| changing.client.get().is_some_and(|client| !client.active));
    move || {
        is_inactive.get().then(|| {
            let change = changing.activate(true);
            view! {
                <div class="notice">
                    <p>{t(words::INACTIVE_TEXT)}</p>
                    <ImmediateChange about=changing.about label=words::ACTIVATE done=words::ACTIVE_NOW change />
                </div>
            }
        })
    }
}

/// The form to edit it.
#[component]
fn EditForm(changing: Changing, known: Client) -> impl IntoView {
    let form = FormState::new("client");
    let typed = Typed::of(&known.name, &known.slug);
    watch(NAME, vec![typed.name, typed.slug]);
    let save = async move || {
        let (name, slug) = typed.checked()?;
        // Fields that were not edited here may have been changed elsewhere.
        let edit = ClientEdit {
            name: Some(name).filter(|typed| *typed != known.name),
            slug: Some(slug).filter(|typed| *typed != known.slug),
            active: None,
        };
        changing.change(&edit).await.map_err(blame(field_to_blame))
    };
    view! {
        <AboutForm about=changing.about state=form on_submit=save>
            <ClientFields form typed />
        </AboutForm>
    }
}

/// The values of the fields.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    name: RwSignal<String>,
    slug: RwSignal<String>,
}

impl Typed {
    pub(super) fn of(name: &str, slug: &str) -> Self {
        Self { name: RwSignal::new(name.to_owned()), slug: RwSignal::new(slug.to_owned()) }
    }

    /// Name and slug, after validating what needs no server.
    pub(super) fn checked(self) -> Result<(String, String), Problem> {
        let name = required(self.name, NAME, error::NAME_MISSING)?;
        Ok((name, self.slug.get_untracked().trim().to_owned()))
    }
}

/// The fields.
#[component]
pub(super) fn ClientFields(
    form: FormState,
    typed: Typed,
    /// The label of the slug: a new client needs none.
    #[prop(default = words::SLUG)]
    slug: Word,
) -> impl IntoView {
    view! {
        <Field form id=NAME label=projects::NAME kind=Kind::Title value=typed.name />
        <Field form id=SLUG label=slug kind=Kind::Exact value=typed.slug hint=SLUG_TEXT />
        <p id=SLUG_TEXT class="note">
            {t(words::SLUG_TEXT)}
        </p>
    }
}

/// The field at fault for a code.
pub(super) const fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::SlugInvalid | ErrorCode::SlugTaken => Some(SLUG),
        _ => None,
    }
}

fn facts_of(client: &Client) -> Vec<Fact> {
    vec![
        (words::SLUG, Value::Code(client.slug.clone())),
        (projects::TITLE, number(client.projects).into()),
        (words::LINKS, number(client.links).into()),
        (words::MADE, client.created_at.clone().into()),
    ]
}

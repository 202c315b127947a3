//! A new project: name and summary. The rest is edited on its page.

use doorstep_contract::{envelope::ErrorCode, projects::ProjectEdit};
use doorstep_locales::words::{choose, error, projects as words};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::address;
use crate::{
    api::projects as api,
    i18n::t,
    problem::blame,
    ui::{
        area::Area,
        button::{Button, Look},
        cancel::Cancel,
        dialog::{DialogButton, DialogState},
        field::{Field, Kind},
        form::{Form, FormState, required},
    },
};

const NAME: &str = "new-project-name";
const SUMMARY: &str = "new-project-summary";

/// The button with its dialog.
#[component]
pub(crate) fn NewProject(dialog: DialogState) -> impl IntoView {
    view! {
        <DialogButton state=dialog label=words::NEW>
            <NewProjectForm dialog />
        </DialogButton>
    }
}

/// Opens the dialog from another place on the page.
#[component]
pub(crate) fn FirstProject(dialog: DialogState) -> impl IntoView {
    view! {
        <Button look=Look::Primary on_press=move || dialog.open()>
            {t(words::NEW)}
        </Button>
    }
}

#[component]
fn NewProjectForm(dialog: DialogState) -> impl IntoView {
    let navigate = use_navigate();
    let form = FormState::new("new-project");
    let (name, summary) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // The address of the new project's page.
    let made = StoredValue::new(String::new());
    let create = async move || {
        let typed = required(name, NAME, error::NAME_MISSING)?;
        let project =
            ProjectEdit { name: Some(typed), summary: Some(summary.get_untracked()), ..ProjectEdit::default() };
        let project = api::create(&project).await.map_err(blame(field_to_blame))?;
        let _ = made.try_set_value(address(&project.id));
        Ok(())
    };
    let created = move || {
        let address = made.get_value();
        dialog.close();
        navigate(&address, NavigateOptions::default());
    };
    view! {
        <Form
            state=form
            submit=words::CREATE
            submitting=choose::SUBMITTING
            on_submit=create
            on_done=created
            cancel=move || view! { <Cancel on_press=move || dialog.close() /> }
        >
            <Field form id=NAME label=words::NAME kind=Kind::Title value=name />
            <Area form id=SUMMARY label=words::SUMMARY value=summary />
        </Form>
    }
}

const fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::TextInvalid => Some(SUMMARY),
        _ => None,
    }
}

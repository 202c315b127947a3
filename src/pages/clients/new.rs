//! A new client.

use doorstep_contract::clients::ClientEdit;
use doorstep_locales::words::{choose, clients as words};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    about::{ClientFields, Typed, field_to_blame},
    address,
};
use crate::{
    api::clients as api,
    i18n::t,
    problem::blame,
    ui::{
        button::{Button, Look},
        cancel::Cancel,
        dialog::{DialogButton, DialogState},
        form::{Form, FormState},
    },
};

/// The button with its dialog.
#[component]
pub(super) fn NewClient(dialog: DialogState) -> impl IntoView {
    view! {
        <DialogButton state=dialog label=words::NEW>
            <NewClientForm dialog />
        </DialogButton>
    }
}

/// Opens the dialog from another place on the page.
#[component]
pub(super) fn FirstClient(dialog: DialogState) -> impl IntoView {
    view! {
        <Button look=Look::Primary on_press=move || dialog.open()>
            {t(words::NEW)}
        </Button>
    }
}

#[component]
fn NewClientForm(dialog: DialogState) -> impl IntoView {
    let navigate = use_navigate();
    let form = FormState::new("new-client");
    let typed = Typed::of("", "");
    // The address of the new client's page.
    let made = StoredValue::new(String::new());
    let create = async move || {
        let (name, slug) = typed.checked()?;
        let client = ClientEdit { name: Some(name), slug: Some(slug).filter(|slug| !slug.is_empty()), active: None };
        let client = api::create(&client).await.map_err(blame(field_to_blame))?;
        let _ = made.try_set_value(address(&client.id));
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
            <ClientFields form typed slug=words::SLUG_OPTIONAL />
        </Form>
    }
}

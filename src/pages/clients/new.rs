//! A new client.

use doorstep_contract::clients::ClientEdit;
use doorstep_locales::words::{choose, clients as words, dialog as dialog_words};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    about::{Typed, blame},
    address,
};
use crate::{
    api::clients as api,
    i18n::t,
    problem::refusal,
    session::proof::Proof,
    ui::{
        dialog::Dialog,
        form::{Form, form_view},
        part::{block, button},
    },
};

/// The button, and its dialog.
pub(super) fn new_client() -> AnyView {
    let (dialog, proof, navigate) = (Dialog::new("new-client"), Proof::expect(), use_navigate());
    let content = move || (t(words::NEW).to_owned(), content(dialog, proof, navigate.clone()));
    let open = button("button primary", words::NEW, move || dialog.open());
    block("div", "", vec![open, dialog.frame(content, || {})])
}

fn content(
    dialog: Dialog,
    proof: Proof,
    navigate: impl Fn(&str, NavigateOptions) + Clone + Send + Sync + 'static,
) -> Vec<AnyView> {
    let form = Form::new("new-client");
    let typed = Typed::of("", "");
    // Where the answer says that it is.
    let made = StoredValue::new(String::new());
    let send = move || {
        let (name, slug) = typed.trimmed();
        let send = move || {
            let request =
                ClientEdit { name: Some(name), slug: Some(slug).filter(|slug| !slug.is_empty()), active: None };
            Box::pin(async move {
                let client = proof.with(async || api::create(&request).await).await;
                let client = client.map_err(|error| refusal(error, blame))?;
                let _ = made.try_set_value(address(&client.id));
                Ok(())
            }) as _
        };
        let navigate = navigate.clone();
        form.submit(typed.problem(), send, move || {
            let address = made.get_value();
            dialog.close();
            navigate(&address, NavigateOptions::default());
        });
    };
    vec![
        form_view(form, words::NEW, choose::SUBMITTING, typed.fields(form), send),
        button("button", dialog_words::CANCEL, move || dialog.close()),
    ]
}

//! A new client.

use doorstep_contract::clients::ClientEdit;
use doorstep_locales::words::{choose, clients as words, dialog as dialog_words};
use leptos::prelude::*;

use super::{
    about::{Typed, blame},
    address,
};
use crate::{
    api::clients as api,
    i18n::t,
    problem::refusal,
    router::Router,
    session::proof::Proof,
    ui::{
        dialog::Dialog,
        form::{Form, form_view},
        part::{block, button},
    },
};

/// The button, and its dialog.
pub(super) fn new_client() -> AnyView {
    let (dialog, proof, router) = (Dialog::new("new-client"), Proof::expect(), Router::expect());
    let content = move || (t(words::NEW).to_owned(), content(dialog, proof, router));
    let open = button("button primary", words::NEW, move || dialog.open());
    block("div", "", vec![open, dialog.frame(content, || {})])
}

fn content(dialog: Dialog, proof: Proof, router: Router) -> Vec<AnyView> {
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
        form.submit(typed.problem(), send, move || {
            let address = made.get_value();
            dialog.close();
            router.go(&address);
        });
    };
    vec![
        form_view(form, words::NEW, choose::SUBMITTING, typed.fields(form), send),
        button("button", dialog_words::CANCEL, move || dialog.close()),
    ]
}

//! A new project: its name and what it is about. The rest is said on its page.

use doorstep_contract::{envelope::ErrorCode, projects::ProjectEdit};
use doorstep_locales::words::{choose, dialog as dialog_words, error, projects as words};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::address;
use crate::{
    api::projects as api,
    i18n::t,
    problem::refusal,
    session::proof::Proof,
    ui::{
        area::area,
        dialog::Dialog,
        field::{Kind, field},
        form::{Form, Problem, form_view},
        part::{block, button},
    },
};

const NAME: &str = "new-project-name";
const SUMMARY: &str = "new-project-summary";

/// The button, and its dialog.
pub(super) fn new_project() -> AnyView {
    let (dialog, proof, navigate) = (Dialog::new("new-project"), Proof::expect(), use_navigate());
    let content = move || (t(words::NEW).to_owned(), content(dialog, proof, navigate.clone()));
    let open = button("button primary", words::NEW, move || dialog.open());
    block("div", "", vec![open, dialog.frame(content, || {})])
}

fn content(
    dialog: Dialog,
    proof: Proof,
    navigate: impl Fn(&str, NavigateOptions) + Clone + Send + Sync + 'static,
) -> Vec<AnyView> {
    let form = Form::new("new-project");
    let (name, summary) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // Where the answer says that it is.
    let made = StoredValue::new(String::new());
    let send = move || {
        let typed = name.get_untracked().trim().to_owned();
        let found = typed.is_empty().then_some(Problem { sentence: error::NAME_INVALID, field: Some(NAME) });
        let send = move || {
            let request =
                ProjectEdit { name: Some(typed), summary: Some(summary.get_untracked()), ..ProjectEdit::default() };
            Box::pin(async move {
                let project = proof.with(async || api::create(&request).await).await;
                let project = project.map_err(|error| refusal(error, blame))?;
                let _ = made.try_set_value(address(&project.id));
                Ok(())
            }) as _
        };
        let navigate = navigate.clone();
        form.submit(found, send, move || {
            let address = made.get_value();
            dialog.close();
            navigate(&address, NavigateOptions::default());
        });
    };
    let fields = vec![field(form, NAME, words::NAME, Kind::Title, name), area(form, SUMMARY, words::SUMMARY, summary)];
    vec![
        form_view(form, words::NEW, choose::SUBMITTING, fields, send),
        button("button", dialog_words::CANCEL, move || dialog.close()),
    ]
}

fn blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NameInvalid => Some(NAME),
        ErrorCode::TextInvalid => Some(SUMMARY),
        _ => None,
    }
}

//! The identities of other systems that open the account, and how to add one.

use doorstep_contract::{
    auth::{Provider, SetupStatus},
    sso::IdentityEntry,
};
use doorstep_locales::words::identities as words;
use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::{
    api::{account as api, coming},
    i18n::{date_time, t, t_with},
    pages::{
        entries::{Entries, Entry, Kind},
        press::Press,
        sso_reason::{sentence, take_reason},
    },
    session::proof::Proof,
    ui::part::{alert, block, buttons, note, panel},
};

/// The list, and a button a provider.
pub(super) fn list() -> Vec<AnyView> {
    let providers = use_context::<SetupStatus>().map(|status| status.providers).unwrap_or_default();
    let press = Press::new();
    let adding = if providers.is_empty() {
        block("p", "note", vec![t(words::NO_PROVIDERS).into_any()])
    } else {
        buttons(providers.iter().map(|provider| add(provider, press)).collect())
    };
    let kind = Kind {
        title: words::TITLE,
        text: words::TEXT,
        nothing: words::NONE,
        end: words::REMOVE,
        end_one: words::REMOVE_ONE,
        end_text: words::REMOVE_TEXT,
        ended: words::REMOVED,
        end_others: None,
    };
    let load = |_| coming(async { Ok(api::identities().await?.map(of_identity)) });
    let remove = |id: Option<String>| coming(async move { api::remove_identity(&id.unwrap_or_default()).await });
    let list = Entries::new(kind, load, remove).view(Vec::new());
    let reason = take_reason().map(sentence);
    vec![
        alert(move || reason),
        press.alert(),
        list,
        panel("add-heading", words::ADD_TITLE, vec![note(words::ADD_TEXT), adding]),
    ]
}

/// Begins to add one, after a fresh proof if the server wants one, and goes to the provider.
fn add(provider: &Provider, press: Press) -> AnyView {
    let (name, proof) = (provider.name.clone(), Proof::expect());
    let begin = move |_: MouseEvent| {
        let name = name.clone();
        press.run(async move || {
            let begun = proof.with(async || api::add_identity(&name).await).await?;
            // Another origin, or this page with a reason.
            let _ = window().location().assign(&begun.location);
            Ok(())
        });
    };
    view! {
        <button type="button" class="button" aria-disabled=move || press.busy().get().then_some("true") on:click=begin>
            {t_with(words::ADD, "name", &provider.display_name())}
        </button>
    }
    .into_any()
}

fn of_identity(identity: IdentityEntry) -> Entry {
    let last_used = identity.last_used_at.as_ref().map_or_else(|| t(words::NEVER).to_owned(), date_time);
    Entry {
        id: identity.id,
        name: identity.label.unwrap_or(identity.provider),
        mark: None,
        can_be_ended: true,
        facts: vec![
            (words::EMAIL, identity.email.unwrap_or_default()),
            (words::LINKED, date_time(&identity.created_at)),
            (words::LAST_USED, last_used),
        ],
    }
}

//! The linked accounts of identity providers.

use doorstep_contract::{
    auth::{Provider, SetupStatus},
    sso::IdentityEntry,
};
use doorstep_locales::words::identities as words;
use leptos::prelude::*;

use crate::{
    api::{account as api, coming},
    destination::go_to,
    i18n::{t, t_with},
    ui::{button::Button, facts::Value, live::Alert},
    widgets::{
        entries::{Entries, EntriesPanel, Entry, Kind},
        press::Press,
        sso_reason::{sentence, take_reason},
    },
};

const IDENTITIES: Kind = Kind {
    title: words::TITLE,
    text: words::TEXT,
    nothing: words::NONE,
    end: words::REMOVE,
    end_one: words::REMOVE_ONE,
    end_now: words::REMOVE,
    end_text: words::REMOVE_TEXT,
    destroys: false,
    ended: words::REMOVED,
    end_others: None,
    columns: &[],
};

/// The error of the last attempt to link, and the list, with buttons to link another account.
#[component]
pub(super) fn Identities() -> impl IntoView {
    let reason = take_reason().map(sentence);
    let adding = Press::new();
    view! {
        <Alert error=reason />
        <Alert error=adding.error() />
        <IdentityList adding />
    }
}

#[component]
fn IdentityList(adding: Press) -> impl IntoView {
    let providers = use_context::<SetupStatus>().map(|status| status.providers).unwrap_or_default();
    let nothing = if providers.is_empty() { words::NO_PROVIDERS } else { words::NONE };
    let linked = RwSignal::new(Vec::new());
    let load = move |_| {
        coming(async move {
            let identities = api::identities().await?;
            let _ = linked.try_set(identities.items.iter().map(|identity| identity.provider.clone()).collect());
            Ok(identities.map(entry))
        })
    };
    let remove = |id: Option<String>| coming(async move { api::remove_identity(&id.unwrap_or_default()).await });
    let add = move || {
        let button = |provider: Provider| view! { <AddButton adding linked provider /> };
        view! { <div class="buttons">{providers.clone().into_iter().map(button).collect_view()}</div> }
    };
    view! { <EntriesPanel entries=Entries::new(Kind { nothing, ..IDENTITIES }, load, remove) action=add /> }
}

/// Begins to link an account and navigates to the provider.
#[component]
fn AddButton(
    adding: Press,
    /// The names of the providers of the linked accounts.
    linked: RwSignal<Vec<String>>,
    provider: Provider,
) -> impl IntoView {
    let (name, shown) = (provider.name.clone(), provider.display_name());
    let label = move || {
        let is_linked = linked.with(|linked| linked.contains(&name));
        t_with(if is_linked { words::ADD_ANOTHER } else { words::ADD }, "name", &shown)
    };
    let begin = move || {
        let name = provider.name.clone();
        adding.run(async move || {
            let begun = api::add_identity(&name).await?;
            // Another origin, or this page with an error.
            go_to(begun.location);
            Ok(())
        });
    };
    view! {
        <Button small=true busy=adding.busy() on_press=begin>
            {label}
        </Button>
    }
}

fn entry(identity: IdentityEntry) -> Entry<Value> {
    let last_used = identity.last_used_at.map_or_else(|| t(words::NEVER).to_owned().into(), Value::from);
    Entry {
        id: identity.id,
        name: identity.label.unwrap_or(identity.provider),
        mark: None,
        can_be_ended: true,
        facts: vec![
            (words::EMAIL, identity.email.unwrap_or_default().into()),
            (words::LAST_USED, last_used),
            (words::LINKED, identity.created_at.into()),
        ],
    }
}

//! The identities of other systems that open the account, and how to add one.

use doorstep_contract::{
    auth::{Provider, SetupStatus},
    paths::provider_login,
    return_url::PARAMETER,
    route::ClientRoute,
    sso::{IdentityEntry, start},
};
use doorstep_locales::words::identities as words;
use leptos::{prelude::*, task::spawn_local};
use web_sys::MouseEvent;

use crate::{
    api::{ApiError, account as api, auth::is_proved, coming},
    i18n::{date_time, t, t_with},
    pages::{
        entries::{Entries, Entry, Kind},
        sso_reason::{sentence, take_reason},
    },
    problem,
    session::proof::Proof,
    ui::part::{alert, block, buttons, note, panel},
};

/// The list, and a link a provider.
pub(super) fn list() -> Vec<AnyView> {
    let providers = use_context::<SetupStatus>().map(|status| status.providers).unwrap_or_default();
    let problem = RwSignal::new(None);
    let add = |provider: &Provider| {
        let here = ClientRoute::AccountIdentities.path();
        let address = [&provider_login(&provider.name), "?", start::LINK, "=1&", PARAMETER, "=", here].concat();
        let go = address.clone();
        // A navigation, which the router leaves to the browser.
        view! {
            <a href=address rel="external" class="button" on:click=move |event| prove_first(&event, &go, problem)>
                {t_with(words::ADD, "name", &provider.display_name())}
            </a>
        }
        .into_any()
    };
    let adding = if providers.is_empty() {
        block("p", "note", vec![t(words::NO_PROVIDERS).into_any()])
    } else {
        buttons(providers.iter().map(add).collect())
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
        alert(move || problem.get().map(problem::sentence).or(reason)),
        list,
        panel("add-heading", words::ADD_TITLE, vec![note(words::ADD_TEXT), adding]),
    ]
}

/// Has the person prove who they are, if that is not fresh, before they leave: the way begins with a fresh proof alone.
fn prove_first(event: &MouseEvent, address: &str, problem: RwSignal<Option<ApiError>>) {
    event.prevent_default();
    let (proof, address) = (Proof::expect(), address.to_owned());
    spawn_local(async move {
        match proof.with(is_proved).await {
            Ok(_) => {
                let _ = window().location().set_href(&address);
            }
            Err(error) => {
                let _ = problem.try_set(Some(error));
            }
        }
    });
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

//! The identities of other systems that open the account, and how to add one.

use doorstep_contract::{
    auth::{Provider, SetupStatus},
    paths::provider_login,
    return_url::PARAMETER,
    route::ClientRoute,
    sso::{IdentityEntry, start},
};
use doorstep_locales::words::identities as words;
use leptos::prelude::*;

use super::entries::{Entry, Kind, entries};
use crate::{
    api::account as api,
    i18n::{date_time, t, t_with},
    pages::sso_reason::{sentence, take_reason},
    ui::part::{alert, block, buttons, note, panel},
};

/// The list, and a link a provider.
pub(super) fn list() -> Vec<AnyView> {
    let providers = use_context::<SetupStatus>().map(|status| status.providers).unwrap_or_default();
    let add = |provider: &Provider| {
        let here = ClientRoute::AccountIdentities.path();
        let address = [&provider_login(&provider.name), "?", start::LINK, "=1&", PARAMETER, "=", here].concat();
        // A navigation, which the router leaves to the browser.
        view! {
            <a href=address rel="external" class="button">
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
    let list = entries(Kind {
        title: words::TITLE,
        text: words::TEXT,
        nothing: words::NONE,
        current: words::TITLE,
        end: words::REMOVE,
        end_one: words::REMOVE_ONE,
        end_text: words::REMOVE_TEXT,
        ended: words::REMOVED,
        end_others: None,
        load: || Box::pin(async { Ok(api::identities().await?.items.into_iter().map(of_identity).collect()) }),
        remove: |id| Box::pin(async move { api::remove_identity(&id.unwrap_or_default()).await }),
    });
    let reason = take_reason().map(sentence);
    vec![alert(move || reason), list, panel("add-heading", words::ADD_TITLE, vec![note(words::ADD_TEXT), adding])]
}

fn of_identity(identity: IdentityEntry) -> Entry {
    let last_used = identity.last_used_at.as_ref().map_or_else(|| t(words::NEVER).to_owned(), date_time);
    Entry {
        id: identity.id,
        name: identity.label.unwrap_or(identity.provider),
        is_current: false,
        facts: vec![
            (words::EMAIL, identity.email.unwrap_or_default()),
            (words::LINKED, date_time(&identity.created_at)),
            (words::LAST_USED, last_used),
        ],
    }
}

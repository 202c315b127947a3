//! The devices that have been authorized.

use doorstep_contract::device::DeviceEntry;
use doorstep_locales::words::{devices as words, sessions};
use leptos::prelude::*;

use crate::{
    api::{coming, device as api},
    i18n::{date_time, t},
    pages::device::scope_word,
    widgets::entries::{Entries, EntriesPanel, Entry, Kind},
};

const DEVICES: Kind = Kind {
    title: words::TITLE,
    text: words::TEXT,
    nothing: words::NONE,
    end: words::REVOKE,
    end_one: words::REVOKE_ONE,
    end_text: words::REVOKE_TEXT,
    ended: words::REVOKED,
    end_others: Some((words::REVOKE_ALL, words::REVOKE_ALL_TEXT, words::ALL_REVOKED)),
};

/// The list.
#[component]
pub(super) fn DeviceList() -> impl IntoView {
    let load = |_| coming(async { Ok(api::devices().await?.map(entry)) });
    let revoke = |id: Option<String>| {
        coming(async move {
            match id {
                Some(id) => api::revoke(&id).await,
                None => api::revoke_all().await,
            }
        })
    };
    view! { <EntriesPanel entries=Entries::new(DEVICES, load, revoke) /> }
}

fn entry(device: DeviceEntry) -> Entry {
    let name = device.device_label.unwrap_or_else(|| device.client_name.clone());
    let last_used = device.last_used_at.as_ref().map_or_else(|| t(words::NEVER).to_owned(), date_time);
    Entry {
        id: device.id,
        name,
        mark: None,
        can_be_ended: true,
        facts: vec![
            (words::CLIENT, device.client_name),
            (words::OPENS, t(scope_word(device.scope)).to_owned()),
            (words::CREATED, date_time(&device.created_at)),
            (sessions::LAST_USED, last_used),
            (words::EXPIRES, date_time(&device.expires_at)),
            (words::TOKEN, [&device.prefix, "…"].concat()),
        ],
    }
}

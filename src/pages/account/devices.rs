//! The authorized devices.

use doorstep_contract::{device::DeviceEntry, route::ClientRoute};
use doorstep_locales::words::{device, devices as words, sessions};
use leptos::prelude::*;

use crate::{
    api::{coming, device as api},
    i18n::t,
    pages::device::scope_word,
    ui::facts::Value,
    ui::link::Link,
    widgets::entries::{Entries, EntriesPanel, Entry, Kind},
};

const DEVICES: Kind = Kind {
    title: words::TITLE,
    text: words::TEXT,
    nothing: words::NONE,
    end: words::REVOKE,
    end_one: words::REVOKE_ONE,
    end_now: words::REVOKE,
    end_text: words::REVOKE_TEXT,
    destroys: true,
    ended: words::REVOKED,
    end_others: Some((words::REVOKE_ALL, words::REVOKE_ALL_TEXT, words::ALL_REVOKED)),
    columns: &[],
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
    let authorize = || {
        view! {
            <Link href=ClientRoute::Device.path() class="button small">
                {t(device::TITLE)}
            </Link>
        }
    };
    view! { <EntriesPanel entries=Entries::new(DEVICES, load, revoke) action=authorize /> }
}

fn entry(device: DeviceEntry) -> Entry<Value> {
    let name = device.device_label.unwrap_or_else(|| device.client_name.clone());
    let last_used = device.last_used_at.map_or_else(|| t(words::NEVER).to_owned().into(), Value::from);
    Entry {
        id: device.id,
        name,
        mark: None,
        can_be_ended: true,
        facts: vec![
            (sessions::LAST_USED, last_used),
            (words::EXPIRES, device.expires_at.into()),
            (words::CLIENT, device.client_name.into()),
            (words::OPENS, t(scope_word(device.scope)).to_owned().into()),
            (words::CREATED, device.created_at.into()),
            (words::TOKEN, Value::Code([&device.prefix, "…"].concat())),
        ],
    }
}

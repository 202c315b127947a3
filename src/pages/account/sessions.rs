//! Sessions and trusted browsers.

use doorstep_contract::{
    account::{Agent, SessionEntry, TrustedDeviceEntry},
    auth::BeganWith,
};
use doorstep_locales::{
    Word,
    words::{begun, requester, sessions as words},
};
use leptos::prelude::*;

use crate::{
    api::{account as api, coming},
    i18n::{t, t_with},
    ui::facts::Value,
    widgets::entries::{Entries, EntriesPanel, Entry, Kind},
};

const SESSIONS: Kind = Kind {
    title: words::TITLE,
    text: words::TEXT,
    nothing: words::TITLE,
    end: words::END,
    end_one: words::END_ONE,
    end_now: words::END,
    end_text: words::END_TEXT,
    destroys: true,
    ended: words::ENDED,
    end_others: Some((words::END_OTHERS, words::END_OTHERS_TEXT, words::OTHERS_ENDED)),
    columns: &[],
};

const TRUSTED_DEVICES: Kind = Kind {
    title: words::TRUSTED_TITLE,
    text: words::TRUSTED_TEXT,
    nothing: words::TRUSTED_NONE,
    end: words::TRUSTED_END,
    end_one: words::TRUSTED_END_ONE,
    end_now: words::TRUSTED_END,
    end_text: words::TRUSTED_END_TEXT,
    destroys: true,
    ended: words::TRUSTED_ENDED,
    end_others: None,
    columns: &[],
};

/// The sessions of browsers and programs.
#[component]
pub(super) fn SessionList() -> impl IntoView {
    let load = |_| coming(async { Ok(api::sessions().await?.map(session_entry)) });
    let end = |id: Option<String>| {
        coming(async move {
            match id {
                Some(id) => api::end_session(&id).await,
                None => api::end_other_sessions().await,
            }
        })
    };
    view! { <EntriesPanel entries=Entries::new(SESSIONS, load, end) /> }
}

/// The browsers that skip the second factor.
#[component]
pub(super) fn TrustedDeviceList() -> impl IntoView {
    let load = |_| coming(async { Ok(api::trusted_devices().await?.map(device_entry)) });
    let end = |id: Option<String>| coming(async move { api::end_trust(&id.unwrap_or_default()).await });
    view! { <EntriesPanel entries=Entries::new(TRUSTED_DEVICES, load, end) /> }
}

fn session_entry(session: SessionEntry) -> Entry<Value> {
    // Many programs send no recognizable user agent.
    let unnamed = session.program && session.agent.browser.is_none() && session.agent.system.is_none();
    Entry {
        name: if unnamed { t(words::PROGRAM).to_owned() } else { name(&session.agent) },
        id: session.id,
        mark: match (session.current, session.program && !unnamed) {
            (true, _) => Some(words::CURRENT),
            (false, true) => Some(words::PROGRAM),
            (false, false) => None,
        },
        can_be_ended: !session.current,
        facts: vec![
            (words::LAST_SEEN, session.last_seen_at.into()),
            (requester::ADDRESS, session.agent.ip.into()),
            (words::BEGAN, session.created_at.into()),
            (words::METHOD, t(how(session.began_with)).to_owned().into()),
            (words::EXPIRES, session.expires_at.into()),
        ],
    }
}

/// How the user signed in.
const fn how(began_with: BeganWith) -> Word {
    match began_with {
        BeganWith::Password => begun::PASSWORD,
        BeganWith::Totp => begun::TOTP,
        BeganWith::RecoveryCode => begun::RECOVERY_CODE,
        BeganWith::TemporaryToken => begun::TEMPORARY_TOKEN,
        BeganWith::Sso => begun::SSO,
    }
}

fn device_entry(device: TrustedDeviceEntry) -> Entry<Value> {
    Entry {
        name: name(&device.agent),
        id: device.id,
        mark: device.current.then_some(words::TRUSTED_CURRENT),
        can_be_ended: true,
        facts: vec![
            (words::LAST_USED, device.last_used_at.into()),
            (words::TRUSTED_UNTIL, device.expires_at.into()),
            (requester::ADDRESS, device.agent.ip.into()),
            (words::TRUSTED_SINCE, device.created_at.into()),
        ],
    }
}

/// `Firefox on Linux`, or the part that is known.
fn name(agent: &Agent) -> String {
    match (&agent.browser, &agent.system) {
        (Some(browser), Some(system)) => {
            doorstep_locales::fill(&t_with(requester::AGENT, "browser", browser), "system", system)
        }
        (Some(known), None) | (None, Some(known)) => known.clone(),
        (None, None) => t(words::UNKNOWN_AGENT).to_owned(),
    }
}

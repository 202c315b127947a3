//! The server can't be reached, and it is back.

use std::time::Duration;

use doorstep_locales::words::connection as words;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};

use crate::{
    api::connection::{Connection, connection, probe},
    i18n::t,
};

/// How often a lost server is asked for.
const EVERY: Duration = Duration::from_secs(3);
/// How long it is said that it is back.
const SAID_FOR: Duration = Duration::from_secs(6);

/// Says so while it is so. Silent otherwise.
#[component]
pub(crate) fn ConnectionNotice() -> impl IntoView {
    let connection = RwSignal::from(connection());
    for event in ["offline", "online"] {
        let listener = window_event_listener_untyped(event, move |_| spawn_local(probe()));
        on_cleanup(move || listener.remove());
    }
    Effect::new(move |earlier: Option<Option<IntervalHandle>>| {
        if let Some(Some(interval)) = earlier {
            interval.clear();
        }
        match connection.get() {
            Connection::Lost => set_interval_with_handle(|| spawn_local(probe()), EVERY).ok(),
            Connection::Back => {
                let say_no_more = move || {
                    if connection.get_untracked() == Connection::Back {
                        connection.set(Connection::Fine);
                    }
                };
                set_timeout(say_no_more, SAID_FOR);
                None
            }
            Connection::Fine => None,
        }
    });
    view! {
        <div role="status" class="notice-place">
            {move || match connection.get() {
                Connection::Fine => None,
                Connection::Lost => Some(view! { <p class="notice">{t(words::LOST)}</p> }),
                Connection::Back => Some(view! { <p class="notice">{t(words::BACK)}</p> }),
            }}
        </div>
    }
}

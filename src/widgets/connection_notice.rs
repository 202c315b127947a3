//! The notice that the server is unreachable, or reachable again.

use std::time::Duration;

use doorstep_locales::words::connection as words;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};

use crate::{
    api::connection::{Connection, connection},
    i18n::t,
    ui::live::Status,
};

/// The interval between probes of an unreachable server.
const PROBE_INTERVAL: Duration = Duration::from_secs(3);
/// How long the notice says that the server is reachable again.
const SAID_FOR: Duration = Duration::from_secs(6);

/// The notice; empty while the server is reachable.
#[component]
pub(crate) fn ConnectionNotice(
    /// Sends a probe.
    #[prop(into)]
    probe: UnsyncCallback<()>,
) -> impl IntoView {
    let connection = RwSignal::from(connection());
    for event in ["offline", "online"] {
        let listener = window_event_listener_untyped(event, move |_| probe.run(()));
        on_cleanup(move || listener.remove());
    }
    Effect::new(move |earlier: Option<Option<IntervalHandle>>| {
        if let Some(Some(interval)) = earlier {
            interval.clear();
        }
        match connection.get() {
            Connection::Lost => set_interval_with_handle(move || probe.run(()), PROBE_INTERVAL).ok(),
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
    let news = move || match connection.get() {
        Connection::Fine => None,
        Connection::Lost => Some(t(words::LOST)),
        Connection::Back => Some(t(words::BACK)),
    };
    view! { <Status>{move || news().map(|news| view! { <p class="notice">{news}</p> })}</Status> }
}

//! The server can't be reached, and it is back.

use std::time::Duration;

use doorstep_locales::words::connection as words;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};

use crate::{
    api::connection::{Connection, connection},
    i18n::t,
    ui::part::{block, nothing, status, text},
};

/// How often a lost server is asked for.
const EVERY: Duration = Duration::from_secs(3);
/// How long it is said that it is back.
const SAID_FOR: Duration = Duration::from_secs(6);

/// Says so while it is so. Silent otherwise. `probe` asks the server whether it is there.
pub(crate) fn connection_notice(probe: Callback<()>) -> AnyView {
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
            Connection::Lost => set_interval_with_handle(move || probe.run(()), EVERY).ok(),
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
    status(move || match connection.get() {
        Connection::Fine => nothing(),
        Connection::Lost => block("p", "notice", vec![text(t(words::LOST))]),
        Connection::Back => block("p", "notice", vec![text(t(words::BACK))]),
    })
}

//! What a person should know of how their session ended.

use doorstep_locales::words::{error, logout};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    i18n::t,
    session::{Departure, Session},
    ui::{
        busy::busy_button,
        focus::focus_heading,
        part::{block, nothing, paragraph, status, text},
    },
};

/// Says that the session lives on at the server, and ends it on a press; or that it has ended. Silent otherwise.
pub(crate) fn logout_notice() -> AnyView {
    let session = Session::expect();
    let busy = RwSignal::new(false);
    let finish = move || {
        busy.set(true);
        spawn_local(async move {
            session.log_out().await;
            let _ = busy.try_set(false);
            if untrack(|| session.departure()) == Some(Departure::Finished) {
                // The button that had the focus is gone.
                focus_heading();
            }
        });
    };
    status(move || match session.departure() {
        Some(Departure::Unfinished) => {
            let busy: Signal<bool> = busy.into();
            block("div", "notice", vec![paragraph(t(logout::UNFINISHED)), busy_button(logout::FINISH, busy, finish)])
        }
        Some(Departure::Finished) => block("p", "notice", vec![text(t(logout::FINISHED))]),
        Some(Departure::Ended) => block("p", "notice", vec![text(t(error::UNAUTHENTICATED))]),
        Some(Departure::LoggedOut) => session.elsewhere().map_or_else(nothing, elsewhere),
        Some(Departure::NeverArrived) | None => nothing(),
    })
}

/// The other identity system still knows who it is, and would let the next person at this computer in.
fn elsewhere(address: String) -> AnyView {
    let leave = view! {
        <a href=address rel="external" class="button">
            {t(logout::LEAVE)}
        </a>
    };
    block("div", "notice", vec![paragraph(t(logout::ELSEWHERE)), leave.into_any()])
}

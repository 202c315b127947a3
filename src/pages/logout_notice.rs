//! What a person should know of how their session ended.

use doorstep_locales::words::{error, logout, menu};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    i18n::t,
    session::{Departure, Session},
    ui::{busy::BusyButton, focus::focus_heading},
};

/// Says that the session lives on at the server, and ends it on a press; or that it has ended. Silent otherwise.
#[component]
pub(crate) fn LogoutNotice() -> impl IntoView {
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
    view! {
        <div role="status" class="notice-place">
            {move || match session.departure() {
                Some(Departure::Unfinished) => {
                    view! {
                        <div class="notice">
                            <p>{t(logout::UNFINISHED)}</p>
                            <BusyButton on_press=Box::new(finish) busy=busy.into()>
                                {move || t(if busy.get() { menu::LOGGING_OUT } else { logout::FINISH })}
                            </BusyButton>
                        </div>
                    }
                        .into_any()
                }
                Some(Departure::Finished) => view! { <p class="notice">{t(logout::FINISHED)}</p> }.into_any(),
                Some(Departure::Ended) => view! { <p class="notice">{t(error::UNAUTHENTICATED)}</p> }.into_any(),
                Some(Departure::NeverArrived | Departure::LoggedOut) | None => ().into_any(),
            }}
        </div>
    }
}

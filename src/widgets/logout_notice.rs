//! What a user should know of how their session ended.

use doorstep_locales::words::{error, logout};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    destination::Destination,
    i18n::t,
    session::{Departure, Session},
    ui::{button::Button, focus::focus_heading, live::Status},
};

/// Says that the session lives on at the server, and ends it on a press; or that it has ended. Silent while there was none.
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
    let notice = move || match session.departure()? {
        Departure::Unfinished => Some(
            view! {
                <div class="notice">
                    <p>{t(logout::UNFINISHED)}</p>
                    <Button busy on_press=finish>
                        {t(logout::FINISH)}
                    </Button>
                </div>
            }
            .into_any(),
        ),
        Departure::Finished => Some(view! { <p class="notice">{t(logout::FINISHED)}</p> }.into_any()),
        Departure::Ended => Some(view! { <p class="notice">{t(error::UNAUTHENTICATED)}</p> }.into_any()),
        Departure::LoggedOut => Some(match session.elsewhere() {
            Some(page) => view! { <Elsewhere page /> }.into_any(),
            None => view! { <p class="notice done">{t(logout::DONE)}</p> }.into_any(),
        }),
        Departure::NeverArrived | Departure::CookieLost => None,
    };
    view! { <Status>{notice}</Status> }
}

/// The other identity system still knows the user, and would let the next person at this computer in.
#[component]
fn Elsewhere(
    /// Where the session there is ended.
    page: Destination,
) -> impl IntoView {
    view! {
        <div class="notice">
            <p>{t(logout::ELSEWHERE)}</p>
            <a href=page.into_address() rel="external" class="button">
                {t(logout::LEAVE)}
            </a>
        </div>
    }
}

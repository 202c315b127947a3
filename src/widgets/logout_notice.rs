//! The notice about how the session ended.

use doorstep_locales::words::{error, logout};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    destination::Destination,
    i18n::t,
    session::{Session, SignedOutReason},
    ui::{button::Button, focus::focus_heading, live::Status},
};

/// Says that the session on the server has not ended, with a button to try again; or that it has ended. Empty if there
/// was none.
#[component]
pub(crate) fn LogoutNotice() -> impl IntoView {
    let session = Session::expect();
    let busy = RwSignal::new(false);
    let finish = move || {
        busy.set(true);
        spawn_local(async move {
            session.log_out().await;
            let _ = busy.try_set(false);
            if untrack(|| session.signed_out_reason()) == Some(SignedOutReason::SignOutRepeated) {
                // The pressed button is gone.
                focus_heading();
            }
        });
    };
    let notice = move || match session.signed_out_reason()? {
        SignedOutReason::SignOutFailed => Some(
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
        SignedOutReason::SignOutRepeated => Some(view! { <p class="notice">{t(logout::FINISHED)}</p> }.into_any()),
        SignedOutReason::Ended => Some(view! { <p class="notice">{t(error::UNAUTHENTICATED)}</p> }.into_any()),
        SignedOutReason::SignedOut => Some(match session.provider_logout_url() {
            Some(page) => view! { <ProviderLogoutLink page /> }.into_any(),
            None => view! { <p class="notice done">{t(logout::DONE)}</p> }.into_any(),
        }),
        SignedOutReason::NeverSignedIn | SignedOutReason::CookieLost => None,
    };
    view! { <Status>{notice}</Status> }
}

/// The session at the identity provider has not ended: the next user of this computer could sign in with it.
#[component]
fn ProviderLogoutLink(
    /// The provider's logout URL.
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

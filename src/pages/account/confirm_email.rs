//! The link in the mail to a new email address: `/account#confirm-email=TOKEN`. A fragment is not sent to the server,
//! and is removed from the address bar at once.

use doorstep_contract::{
    account::EmailConfirmation, paths::CONFIRM_EMAIL_FRAGMENT, return_url::ReturnUrl, route::ClientRoute,
    secret::Secret,
};
use doorstep_locales::words::profile as words;
use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    address::{current_address, replace_address},
    api::{ApiError, account::confirm_email},
    i18n::t,
    problem::sentence,
    session::Session,
    ui::live::Alert,
    widgets::announcement::Announcement,
};

/// The token from the address, kept until a user is signed in.
#[derive(Clone, Copy)]
pub(crate) struct EmailToken(RwSignal<Option<Secret>>);

impl EmailToken {
    /// Removes the token from the address bar, before anything else reads the address.
    pub(crate) fn take() -> Self {
        Self(RwSignal::new(Self::from_address()))
    }

    /// The context of the app; without it, no token.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(None)))
    }

    /// Provides the context, and listens for a link that is followed while the app runs and changes only the fragment.
    pub(crate) fn provide(self) {
        provide_context(self);
        let listener = window_event_listener(ev::hashchange, move |_| {
            if let Some(token) = Self::from_address() {
                self.0.set(Some(token));
            }
        });
        on_cleanup(move || listener.remove());
    }

    fn from_address() -> Option<Secret> {
        let fragment = window().location().hash().unwrap_or_default();
        let token = fragment
            .strip_prefix('#')
            .and_then(|fragment| fragment.strip_prefix(CONFIRM_EMAIL_FRAGMENT))
            .map(Secret::new);
        if token.is_some() {
            replace_address(current_address().as_str());
        }
        token
    }

    /// The address to continue at, with the token in its fragment if that page is in the other app: the state of this
    /// one is lost on the way.
    pub(crate) fn onward(self, address: &ReturnUrl) -> String {
        let token = self.0.get_untracked();
        match token {
            Some(token) if address.path() == ClientRoute::Account.path() => {
                [address.as_str(), "#", CONFIRM_EMAIL_FRAGMENT, token.reveal()].concat()
            }
            _ => address.as_str().to_owned(),
        }
    }
}

/// Submits the token, and shows why it was refused. Empty without a token.
#[component]
pub(super) fn EmailConfirmer() -> impl IntoView {
    let (session, announcement) = (Session::expect(), Announcement::expect());
    let problem = RwSignal::new(None::<ApiError>);
    let EmailToken(place) = EmailToken::expect();
    Effect::new(move |_| {
        let Some(token) = place.get() else {
            return;
        };
        spawn_local(async move {
            let answer = confirm_email(&EmailConfirmation { token }).await;
            // Keep the token if the server could not be reached.
            if answer != Err(ApiError::Unreachable) {
                let _ = place.try_set(None);
            }
            let _ = problem.try_set(answer.err());
            if answer.is_ok() {
                let _ = session.refresh().await;
                announcement.tell(t(words::EMAIL_CONFIRMED).to_owned());
            }
        });
    });
    view! { <Alert error=Signal::derive(move || problem.get().map(sentence)) /> }
}

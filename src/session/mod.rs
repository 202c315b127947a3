//! The session of the signed-in user: one context, kept in sync between tabs.

pub(crate) mod reauth;
mod tabs;

use doorstep_contract::{
    auth::{Me, Role},
    envelope::ErrorCode,
};
use leptos::{ev, prelude::*, task::spawn_local};

use self::tabs::Message;
use crate::{
    api::{ApiError, auth, connection::unauthenticated_count},
    destination::Destination,
};

/// Whether a user is signed in, as far as the page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum AuthState {
    /// No user is signed in.
    SignedOut(SignedOutReason),
    /// A user is signed in. Boxed: the other variant is small.
    SignedIn(Box<Me>),
}

/// Why no user is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedOutReason {
    /// There was no session when the page was loaded.
    NeverSignedIn,
    /// The user has just signed in, and the session cookie did not come back.
    CookieLost,
    /// The user signed out, here or in another tab.
    SignedOut,
    /// The user signed out, but the server could not be reached: its session has not ended.
    SignOutFailed,
    /// The server was reached later.
    SignOutRepeated,
    /// The session has ended on the server.
    Ended,
}

/// The context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session {
    state: RwSignal<AuthState>,
    /// Counts sign-ins and sign-outs: an answer about the signed-in user is dropped if there was one in between.
    changes: StoredValue<u32>,
    /// The identity provider's logout URL, after signing out of a session that began with single sign-on.
    provider_logout_url: RwSignal<Option<Destination>>,
}

impl Session {
    /// Starts with the user of the shell, listens to the other tabs, and provides the context.
    ///
    /// `has_signed_in`: whether the page was loaded right after a sign-in.
    pub(crate) fn provide(me: Option<Me>, has_signed_in: bool) -> Self {
        let absent = if has_signed_in { SignedOutReason::CookieLost } else { SignedOutReason::NeverSignedIn };
        let state = me.map_or(AuthState::SignedOut(absent), |me| AuthState::SignedIn(Box::new(me)));
        let session = Self {
            state: RwSignal::new(state),
            changes: StoredValue::new(0),
            provider_logout_url: RwSignal::new(None),
        };
        provide_context(session);
        tabs::subscribe(move |message| match message {
            Message::SignedOut => session.set_signed_out(SignedOutReason::SignedOut),
            Message::SignedIn => session.refresh_in_background(),
        });
        // Ask again, so that a late answer to an earlier request does not end a newer session.
        let unauthenticated_count = unauthenticated_count();
        Effect::new(move |earlier: Option<()>| {
            unauthenticated_count.track();
            if earlier.is_some() && untrack(|| session.is_signed_in()) {
                session.refresh_in_background();
            }
        });
        // A page from the back/forward cache may be out of date.
        let shown_again = window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                session.refresh_in_background();
            }
        });
        on_cleanup(move || shown_again.remove());
        session
    }

    /// The context of the app; without it, no user is signed in.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self::provide(None, false))
    }

    /// Whether a user is signed in.
    pub(crate) fn is_signed_in(self) -> bool {
        self.state.with(|state| matches!(state, AuthState::SignedIn(_)))
    }

    /// Whether a user is signed in and need not change the password first.
    pub(crate) fn is_ready(self) -> bool {
        self.state.with(|state| matches!(state, AuthState::SignedIn(me) if !me.change_pwd_hint))
    }

    /// The signed-in user.
    pub(crate) fn me(self) -> Option<Me> {
        self.state.with(|state| match state {
            AuthState::SignedIn(me) => Some((**me).clone()),
            AuthState::SignedOut(_) => None,
        })
    }

    /// Whether the signed-in user is an operator.
    pub(crate) fn is_operator(self) -> bool {
        self.state.with(|state| matches!(state, AuthState::SignedIn(me) if me.account.role == Role::Operator))
    }

    /// Why no user is signed in; `None` while one is.
    pub(crate) fn signed_out_reason(self) -> Option<SignedOutReason> {
        self.state.with(|state| match state {
            AuthState::SignedIn(_) => None,
            AuthState::SignedOut(signed_out_reason) => Some(*signed_out_reason),
        })
    }

    /// After a sign-in: has the other tabs refresh. A page that continues without a reload refreshes too
    /// ([`confirm_sign_in`](Self::confirm_sign_in)).
    pub(crate) fn signed_in(self) {
        let _ = self.provider_logout_url.try_set(None);
        self.changed();
        tabs::post(Message::SignedIn);
    }

    /// Loads the user right after a sign-in.
    pub(crate) async fn confirm_sign_in(self) -> Result<(), ApiError> {
        // The sign-in has just succeeded: the cookie did not come back.
        self.refresh().await.map_err(|error| match error {
            ApiError::Refused(ErrorCode::Unauthenticated) => ApiError::CookieLost,
            error => error,
        })
    }

    /// Loads the signed-in user.
    pub(crate) async fn refresh(self) -> Result<(), ApiError> {
        loop {
            let asked_at = self.changes.try_get_value();
            let answer = auth::me().await;
            if self.changes.try_get_value() != asked_at {
                continue;
            }
            return match answer {
                Ok(me) => {
                    self.set(AuthState::SignedIn(Box::new(me)));
                    Ok(())
                }
                Err(error) => {
                    if error == ApiError::Refused(ErrorCode::Unauthenticated) && untrack(|| self.is_signed_in()) {
                        self.set_signed_out(SignedOutReason::Ended);
                    }
                    Err(error)
                }
            };
        }
    }

    /// Signs out at once, here and in the other tabs, and ends the session on the server. If the server can't be
    /// reached, the user sees it and can try again.
    pub(crate) async fn log_out(self) {
        let again = untrack(|| self.signed_out_reason()) == Some(SignedOutReason::SignOutFailed);
        if !again {
            self.set_signed_out(SignedOutReason::SignedOut);
            tabs::post(Message::SignedOut);
        }
        match auth::logout().await {
            Ok(answer) => {
                if again {
                    self.set_signed_out(SignedOutReason::SignOutRepeated);
                }
                let _ = self.provider_logout_url.try_set(answer.end_session_url.and_then(Destination::parse));
            }
            Err(_) => self.set_signed_out(SignedOutReason::SignOutFailed),
        }
    }

    /// The identity provider's logout URL, after signing out.
    pub(crate) fn provider_logout_url(self) -> Option<Destination> {
        self.provider_logout_url.get()
    }

    fn set_signed_out(self, signed_out_reason: SignedOutReason) {
        self.changed();
        self.set(AuthState::SignedOut(signed_out_reason));
    }

    fn refresh_in_background(self) {
        self.changed();
        spawn_local(async move {
            // On failure the state is kept; the next request will find out.
            let _ = self.refresh().await;
        });
    }

    fn changed(self) {
        let _ = self.changes.try_update_value(|changes| *changes = changes.wrapping_add(1));
    }

    fn set(self, state: AuthState) {
        // Fails only when the app is being removed.
        let _ = self.state.try_set(state);
    }
}

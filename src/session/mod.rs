//! The session of the signed-in user: one context, kept in sync between tabs.

pub(crate) mod proof;
mod tabs;

use doorstep_contract::{
    auth::{Me, Role},
    envelope::ErrorCode,
};
use leptos::{ev, prelude::*, task::spawn_local};

use self::tabs::News;
use crate::{
    api::{ApiError, auth, connection::turned_away},
    destination::Destination,
};

/// Whether a user is signed in, as far as the page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// No user is signed in.
    SignedOut(Departure),
    /// A user is signed in. Boxed: the other variant is small.
    SignedIn(Box<Me>),
}

/// Why no user is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// There was no session when the page was loaded.
    NeverArrived,
    /// The user has just signed in, and the session cookie did not come back.
    CookieLost,
    /// The user signed out, here or in another tab.
    LoggedOut,
    /// The user signed out, but the server could not be reached: its session has not ended.
    Unfinished,
    /// The server was reached later.
    Finished,
    /// The session has ended on the server.
    Ended,
}

impl Departure {
    /// Whether there was a session in this page.
    pub(crate) const fn is_from_here(self) -> bool {
        match self {
            Self::NeverArrived | Self::CookieLost => false,
            Self::LoggedOut | Self::Unfinished | Self::Finished | Self::Ended => true,
        }
    }
}

/// The context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session {
    standing: RwSignal<Standing>,
    /// Counts sign-ins and sign-outs: an answer about the signed-in user is dropped if there was one in between.
    changes: StoredValue<u32>,
    /// The identity provider's logout URL, after signing out of a session that began with single sign-on.
    elsewhere: RwSignal<Option<Destination>>,
}

impl Session {
    /// Starts with the user of the shell, listens to the other tabs, and provides the context.
    ///
    /// `has_signed_in`: whether the page was loaded right after a sign-in.
    pub(crate) fn provide(me: Option<Me>, has_signed_in: bool) -> Self {
        let absent = if has_signed_in { Departure::CookieLost } else { Departure::NeverArrived };
        let standing = me.map_or(Standing::SignedOut(absent), |me| Standing::SignedIn(Box::new(me)));
        let session =
            Self { standing: RwSignal::new(standing), changes: StoredValue::new(0), elsewhere: RwSignal::new(None) };
        provide_context(session);
        tabs::hear(move |news| match news {
            News::Departed => session.forget(Departure::LoggedOut),
            News::Arrived => session.ask_again(),
        });
        // Ask again, so that a late answer to an earlier request does not end a newer session.
        let turned_away = turned_away();
        Effect::new(move |earlier: Option<()>| {
            turned_away.track();
            if earlier.is_some() && untrack(|| session.is_signed_in()) {
                session.ask_again();
            }
        });
        // A page from the back/forward cache may be out of date.
        let shown_again = window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                session.ask_again();
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
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(_)))
    }

    /// Whether a user is signed in and need not change the password first.
    pub(crate) fn is_ready(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(me) if !me.change_pwd_hint))
    }

    /// The signed-in user.
    pub(crate) fn me(self) -> Option<Me> {
        self.standing.with(|standing| match standing {
            Standing::SignedIn(me) => Some((**me).clone()),
            Standing::SignedOut(_) => None,
        })
    }

    /// Whether the signed-in user is an operator.
    pub(crate) fn is_operator(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(me) if me.account.role == Role::Operator))
    }

    /// Why no user is signed in; `None` while one is.
    pub(crate) fn departure(self) -> Option<Departure> {
        self.standing.with(|standing| match standing {
            Standing::SignedIn(_) => None,
            Standing::SignedOut(departure) => Some(*departure),
        })
    }

    /// After a sign-in: has the other tabs refresh. A page that continues without a reload refreshes too
    /// ([`arrive`](Self::arrive)).
    pub(crate) fn signed_in(self) {
        let _ = self.elsewhere.try_set(None);
        self.changed();
        tabs::tell(News::Arrived);
    }

    /// Loads the user right after a sign-in.
    pub(crate) async fn arrive(self) -> Result<(), ApiError> {
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
                    self.set(Standing::SignedIn(Box::new(me)));
                    Ok(())
                }
                Err(error) => {
                    if error == ApiError::Refused(ErrorCode::Unauthenticated) && untrack(|| self.is_signed_in()) {
                        self.forget(Departure::Ended);
                    }
                    Err(error)
                }
            };
        }
    }

    /// Signs out at once, here and in the other tabs, and ends the session on the server. If the server can't be
    /// reached, the user sees it and can try again.
    pub(crate) async fn log_out(self) {
        let again = untrack(|| self.departure()) == Some(Departure::Unfinished);
        if !again {
            self.forget(Departure::LoggedOut);
            tabs::tell(News::Departed);
        }
        match auth::logout().await {
            Ok(answer) => {
                if again {
                    self.forget(Departure::Finished);
                }
                let _ = self.elsewhere.try_set(answer.end_session_url.and_then(Destination::parse));
            }
            Err(_) => self.forget(Departure::Unfinished),
        }
    }

    /// The identity provider's logout URL, after signing out.
    pub(crate) fn elsewhere(self) -> Option<Destination> {
        self.elsewhere.get()
    }

    fn forget(self, departure: Departure) {
        self.changed();
        self.set(Standing::SignedOut(departure));
    }

    fn ask_again(self) {
        self.changed();
        spawn_local(async move {
            // On failure the state is kept; the next request will find out.
            let _ = self.refresh().await;
        });
    }

    fn changed(self) {
        let _ = self.changes.try_update_value(|changes| *changes = changes.wrapping_add(1));
    }

    fn set(self, standing: Standing) {
        // Fails only when the app is being removed.
        let _ = self.standing.try_set(standing);
    }
}

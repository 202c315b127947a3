//! Who is signed in: one context, one source of truth, the same in all tabs.

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

/// Whether somebody is signed in, as far as the page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// Nobody.
    SignedOut(Departure),
    /// Somebody. Boxed: the other variant is small.
    SignedIn(Box<Me>),
}

/// How it came that nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// Nobody was, when the page began.
    NeverArrived,
    /// The user has just signed in, and the cookie of the session did not come back.
    CookieLost,
    /// The person logged out, here or in another tab.
    LoggedOut,
    /// The person logged out, but the server could not be told: its session lives on.
    Unfinished,
    /// The server has been told after all.
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
    /// Counts arrivals and departures: an answer about who is signed in is void when one came in between.
    changes: StoredValue<u32>,
    /// Where the session of the other identity system can be ended too, that the person came from.
    elsewhere: RwSignal<Option<Destination>>,
}

impl Session {
    /// Begins with what the shell says, hears what other tabs say, and makes itself known to the pages.
    ///
    /// `has_signed_in`: a user has signed in a moment ago, and was sent to this page.
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
        // Asked once more, so that an answer that comes late ends no newer session.
        let turned_away = turned_away();
        Effect::new(move |earlier: Option<()>| {
            turned_away.track();
            if earlier.is_some() && untrack(|| session.is_signed_in()) {
                session.ask_again();
            }
        });
        // A page that the browser kept and shows again may be out of date.
        let shown_again = window_event_listener(ev::pageshow, move |event| {
            if event.persisted() {
                session.ask_again();
            }
        });
        on_cleanup(move || shown_again.remove());
        session
    }

    /// The context of the app; outside it, nobody is signed in.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self::provide(None, false))
    }

    /// Whether somebody is signed in.
    pub(crate) fn is_signed_in(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(_)))
    }

    /// Whether somebody is signed in and may go on: nothing must be done before.
    pub(crate) fn is_ready(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(me) if !me.change_pwd_hint))
    }

    /// Who is signed in.
    pub(crate) fn me(self) -> Option<Me> {
        self.standing.with(|standing| match standing {
            Standing::SignedIn(me) => Some((**me).clone()),
            Standing::SignedOut(_) => None,
        })
    }

    /// Whether it is somebody who runs the place.
    pub(crate) fn is_operator(self) -> bool {
        self.standing.with(|standing| matches!(standing, Standing::SignedIn(me) if me.account.role == Role::Operator))
    }

    /// How it came that nobody is signed in; `None` while somebody is.
    pub(crate) fn departure(self) -> Option<Departure> {
        self.standing.with(|standing| match standing {
            Standing::SignedIn(_) => None,
            Standing::SignedOut(departure) => Some(*departure),
        })
    }

    /// After a sign-in: has the other tabs ask who it is now. A page that goes on without being loaded anew asks too
    /// ([`arrive`](Self::arrive)).
    pub(crate) fn signed_in(self) {
        let _ = self.elsewhere.try_set(None);
        self.changed();
        tabs::tell(News::Arrived);
    }

    /// Asks the server who has signed in.
    pub(crate) async fn arrive(self) -> Result<(), ApiError> {
        // A moment ago the server said yes: it is the cookie that did not come back.
        self.refresh().await.map_err(|error| match error {
            ApiError::Refused(ErrorCode::Unauthenticated) => ApiError::CookieLost,
            error => error,
        })
    }

    /// Asks the server who is signed in.
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

    /// Forgets at once who it was, here and in the other tabs, and ends the session on the server. If the server can't
    /// be told, the person learns it, and may try again.
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

    /// Where the session of the other identity system can be ended too, after a log-out.
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
            // Who could not be asked is still who it was; the next request will tell.
            let _ = self.refresh().await;
        });
    }

    fn changed(self) {
        let _ = self.changes.try_update_value(|changes| *changes = changes.wrapping_add(1));
    }

    fn set(self, standing: Standing) {
        // Gone only when the whole app is.
        let _ = self.standing.try_set(standing);
    }
}

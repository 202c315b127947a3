//! Who is signed in: one context, one source of truth.

mod tabs;

use doorstep_contract::auth::Me;
use leptos::prelude::*;

use crate::api::{ApiError, auth};

/// Whether somebody is signed in, as far as the page knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
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
    /// The person logged out and the server knows.
    LoggedOut,
    /// The person logged out, but the server could not be told: its session lives on.
    Unfinished,
}

/// The context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Session(RwSignal<Standing>);

impl Session {
    /// Begins with what the shell says, and makes itself known to the pages.
    pub(crate) fn provide(me: Option<Me>) -> Self {
        let standing = me.map_or(Standing::SignedOut(Departure::NeverArrived), |me| Standing::SignedIn(Box::new(me)));
        let session = Self(RwSignal::new(standing));
        provide_context(session);
        tabs::on_departure(move || {
            if untrack(|| session.is_signed_in()) {
                session.set(Standing::SignedOut(Departure::LoggedOut));
            }
        });
        session
    }

    /// The context of the page; `None` outside the app.
    pub(crate) fn expect() -> Self {
        use_context().unwrap_or_else(|| Self::provide(None))
    }

    /// Whether somebody is signed in.
    pub(crate) fn is_signed_in(self) -> bool {
        self.0.with(|standing| matches!(standing, Standing::SignedIn(_)))
    }

    /// Whether somebody is signed in and may go on: nothing must be done before.
    pub(crate) fn is_ready(self) -> bool {
        self.0.with(|standing| matches!(standing, Standing::SignedIn(me) if !me.change_pwd_hint))
    }

    /// Who is signed in.
    pub(crate) fn me(self) -> Option<Me> {
        self.0.with(|standing| match standing {
            Standing::SignedIn(me) => Some((**me).clone()),
            Standing::SignedOut(_) => None,
        })
    }

    /// How it came that nobody is signed in; `None` while somebody is.
    pub(crate) fn departure(self) -> Option<Departure> {
        self.0.with(|standing| match standing {
            Standing::SignedIn(_) => None,
            Standing::SignedOut(departure) => Some(*departure),
        })
    }

    /// After a sign-in: asks the server who it is now.
    pub(crate) async fn refresh(self) -> Result<(), ApiError> {
        let me = auth::me().await?;
        self.set(Standing::SignedIn(Box::new(me)));
        Ok(())
    }

    /// Ends the session on the server, and forgets who it was whether or not the server could be told.
    pub(crate) async fn log_out(self) {
        let departure = match auth::logout().await {
            Ok(_) => Departure::LoggedOut,
            Err(_) => Departure::Unfinished,
        };
        self.set(Standing::SignedOut(departure));
        tabs::announce_departure();
    }

    fn set(self, standing: Standing) {
        // Gone only when the whole app is.
        let _ = self.0.try_set(standing);
    }
}

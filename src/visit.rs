//! A client's visit of the portal: one context. Access can end at any time, and the page finds out by itself.

use std::time::Duration;

use doorstep_contract::{envelope::ErrorCode, portal::PortalMe, route::ClientRoute, uuid::Uuid};
use leptos::{prelude::*, task::spawn_local};
use web_sys::js_sys::Date;

use crate::{
    api::{
        ApiError,
        connection::{Connection, connection},
        portal as api,
    },
    destination::replace_by,
};

/// The interval at which access is checked, while the page is visible.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// The delay after the end of a preview, in seconds, before it is checked: clocks differ.
const EXPIRY_DELAY: f64 = 1.0;
/// The error of every endpoint without access.
const NO_ACCESS: ApiError = ApiError::Refused(ErrorCode::Unauthenticated);

/// The context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// `None` without access.
    me: RwSignal<Option<PortalMe>>,
    /// Changes when the content may be stale: the page became visible, or the server is reachable stale.
    stale: RwSignal<u32>,
    /// Counts the ends of visits: an answer is dropped if there was one in between.
    ends: StoredValue<u32>,
    /// Whether a check is in progress.
    asking: StoredValue<bool>,
}

impl Visit {
    /// Starts with the client of the shell, and checks access from now on.
    pub(crate) fn begin(me: PortalMe) -> Self {
        let visit = Self {
            me: RwSignal::new(Some(me)),
            stale: RwSignal::new(0),
            ends: StoredValue::new(0),
            asking: StoredValue::new(false),
        };
        visit.watch();
        visit
    }

    /// The client, and whether it is a preview; `None` without access.
    pub(crate) fn me(self) -> Option<PortalMe> {
        self.me.get()
    }

    /// Whether there is access.
    pub(crate) fn has_access(self) -> bool {
        self.me.with(Option::is_some)
    }

    /// Tracks when the content may be stale.
    pub(crate) fn track_stale(self) {
        self.stale.track();
    }

    /// Checks access.
    pub(crate) fn check(self) {
        spawn_local(self.ask());
    }

    async fn ask(self) {
        if self.asking.get_value() {
            return;
        }
        self.asking.set_value(true);
        let ends = self.ends.get_value();
        let answer = self.check_answer(api::me().await);
        self.asking.set_value(false);
        if let Ok(me) = answer
            && self.ends.get_value() == ends
        {
            self.set(Some(me));
        }
    }

    /// Returns an answer; if it is that there is no access, ends the visit.
    pub(crate) fn check_answer<T>(self, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        if matches!(answer, Err(NO_ACCESS)) {
            self.end();
        }
        answer
    }

    /// Ends the visit. After a preview, also an expired one, the operator returns to the project, and by Back not to
    /// the portal, to which there is no access any more.
    pub(crate) async fn leave(self) -> Result<(), ApiError> {
        let previewed = untrack(|| self.me()).and_then(|me| Uuid::parse(&me.preview?.project_id));
        let back = match (api::leave().await, previewed) {
            (Ok(left), _) => left.redirect,
            (Err(NO_ACCESS), Some(id)) => Some(ClientRoute::Project(id).address()),
            (Err(NO_ACCESS), None) => None,
            (Err(error), _) => return Err(error),
        };
        match back {
            Some(project) => replace_by(project),
            None => self.end(),
        }
        Ok(())
    }

    fn end(self) {
        let _ = self.ends.try_update_value(|ends| *ends = ends.wrapping_add(1));
        self.set(None);
    }

    /// Notifies only if something has changed, so that the screen is kept.
    fn set(self, me: Option<PortalMe>) {
        if self.me.try_with_untracked(|now| *now != me) == Some(true) {
            self.me.set(me);
        }
    }

    fn watch(self) {
        let tick = move || {
            if !document().hidden() && self.me.with_untracked(Option::is_some) {
                self.check();
            }
        };
        // Without timers, access is checked when the page becomes visible.
        let _ = set_interval_with_handle(tick, CHECK_INTERVAL);
        let looked_at = window_event_listener_untyped("visibilitychange", move |_| {
            if !document().hidden() {
                spawn_local(async move {
                    // First: the content depends on the client.
                    self.ask().await;
                    self.refresh();
                });
            }
        });
        on_cleanup(move || looked_at.remove());
        let connection = connection();
        Effect::new(move |_| {
            if connection.get() == Connection::Back {
                self.refresh();
            }
        });
        Effect::new(move |_| {
            let left = self.me.with(|me| Some(seconds_until(me.as_ref()?.preview.as_ref()?.expires_at.as_str())));
            if let Some(left) = left.and_then(|left| Duration::try_from_secs_f64(left + EXPIRY_DELAY).ok()) {
                set_timeout(move || self.check(), left);
            }
        });
    }

    fn refresh(self) {
        self.stale.update(|stale| *stale = stale.wrapping_add(1));
    }
}

fn seconds_until(time: &str) -> f64 {
    (Date::parse(time) - Date::now()) / 1e3
}

//! Who looks at the portal: one context, one source of truth. Access can end at any time, and nobody need press anything
//! to learn it.

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
    destination::go_to,
};

/// How often the server is asked whether access goes on, while somebody looks.
const EVERY: Duration = Duration::from_secs(30);
/// Asked so long after the end of a preview, in seconds: two clocks are never the same.
const AFTER_THE_END: f64 = 1.0;
/// What every endpoint says then.
const NO_ACCESS: ApiError = ApiError::Refused(ErrorCode::Unauthenticated);

/// The context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// `None` without access.
    me: RwSignal<Option<PortalMe>>,
    /// Changes when what is shown may be old: somebody looks again, or the server is back.
    again: RwSignal<u32>,
    /// Counts departures: an answer about who looks is void when one came in between.
    departures: StoredValue<u32>,
    /// Whether an answer about who looks is on its way.
    asking: StoredValue<bool>,
}

impl Visit {
    /// Begins with what the shell says, and watches from now on.
    pub(crate) fn begin(me: PortalMe) -> Self {
        let visit = Self {
            me: RwSignal::new(Some(me)),
            again: RwSignal::new(0),
            departures: StoredValue::new(0),
            asking: StoredValue::new(false),
        };
        visit.watch();
        visit
    }

    /// Who looks, or as whom; `None` without access.
    pub(crate) fn me(self) -> Option<PortalMe> {
        self.me.get()
    }

    /// Whether there is access.
    pub(crate) fn has_access(self) -> bool {
        self.me.with(Option::is_some)
    }

    /// To be watched by whoever shows what may be old.
    pub(crate) fn track_again(self) {
        self.again.track();
    }

    /// Asks the server who looks.
    pub(crate) fn check(self) {
        spawn_local(self.ask());
    }

    async fn ask(self) {
        if self.asking.get_value() {
            return;
        }
        self.asking.set_value(true);
        let departures = self.departures.get_value();
        let answer = self.hear(api::me().await);
        self.asking.set_value(false);
        if let Ok(me) = answer
            && self.departures.get_value() == departures
        {
            self.set(Some(me));
        }
    }

    /// Passes an answer on; when it says that there is no access, everybody learns it.
    pub(crate) fn hear<T>(self, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        if matches!(answer, Err(NO_ACCESS)) {
            self.end();
        }
        answer
    }

    /// Leaves. An operator is back at the project then, also when the preview was over already.
    pub(crate) async fn leave(self) -> Result<(), ApiError> {
        let previewed = untrack(|| self.me()).and_then(|me| Uuid::parse(&me.preview?.project_id));
        let back = match (api::leave().await, previewed) {
            (Ok(left), _) => left.redirect,
            (Err(NO_ACCESS), Some(id)) => Some(ClientRoute::Project(id).address()),
            (Err(NO_ACCESS), None) => None,
            (Err(error), _) => return Err(error),
        };
        match back {
            Some(project) => go_to(project),
            None => self.end(),
        }
        Ok(())
    }

    fn end(self) {
        let _ = self.departures.try_update_value(|departures| *departures = departures.wrapping_add(1));
        self.set(None);
    }

    /// Says nothing when nothing has changed: what is on the screen stays.
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
        // A browser without timers asks when somebody looks again.
        let _ = set_interval_with_handle(tick, EVERY);
        let looked_at = window_event_listener_untyped("visibilitychange", move |_| {
            if !document().hidden() {
                spawn_local(async move {
                    // First: what is there to see depends on who looks.
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
            if let Some(left) = left.and_then(|left| Duration::try_from_secs_f64(left + AFTER_THE_END).ok()) {
                set_timeout(move || self.check(), left);
            }
        });
    }

    fn refresh(self) {
        self.again.update(|again| *again = again.wrapping_add(1));
    }
}

fn seconds_until(time: &str) -> f64 {
    (Date::parse(time) - Date::now()) / 1e3
}

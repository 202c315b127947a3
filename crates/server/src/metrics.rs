//! Metrics for monitoring, in the text format of Prometheus.
//!
//! Each is counted in one place: requests in `http/trace.rs` together with their log line; sign-ins and limits in
//! [`service`](crate::service); the time of the database in [`store`](crate::store). `http/metrics.rs` serves them,
//! with gauges that are measured on request ([`Moment`]).
//!
//! Labels have fixed sets of values: routes, methods, statuses, ways to sign in, configuration keys. No client
//! input becomes a label, so clients can't create series.

use std::{collections::HashSet, fmt, sync::Arc, time::Duration};

use doorstep_contract::auth::BeganWith;
use prometheus_client::{
    encoding::{EncodeLabelSet, prometheus_text},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        histogram::Histogram,
        info::Info,
    },
    registry::Registry,
};

use crate::domain::quota::Quota;

/// The media type of [`Metrics::text`].
pub use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;

/// The label of all unknown paths.
pub const NO_ROUTE: &str = "(unknown)";

/// The sign-in limits, in any bucket.
pub const SIGN_IN: &str = "sign_in";
/// The limit of requested usernames and emails.
pub const NAME_CHANGE: &str = "name_change";
/// The polling interval of a device (RFC 8628 §3.5).
pub const DEVICE_POLL: &str = "device_poll";

/// The label of wrong codes, whose kind is unknown and so not a [`BeganWith`].
const CODE: &str = "code";

/// The upper bounds of the histogram of requests, in seconds: from a cached page to a full queue.
const REQUEST_SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// The same for the database.
const DATABASE_SECONDS: [f64; 10] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.5, 2.5];

/// The counters. Clones share them.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    sign_ins: Family<SignInLabels, Counter>,
    limits: Family<LimitLabel, Counter>,
}

/// The gauges, measured on request.
#[derive(Debug)]
pub struct Moment {
    /// The number of queued mails; `None` if the database fails.
    pub mails_waiting: Option<u64>,
    /// The state of the password queue.
    pub hashing: Hashing,
    /// The time taken by the database.
    pub database: DatabaseTimes,
}

/// The state of the password queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// The number of workers.
    pub slots: u64,
    /// The number of busy workers.
    pub in_use: u64,
    /// The number of waiting jobs.
    pub waiting: u64,
    /// The number of jobs refused since the start because the queue was full.
    pub refused: u64,
}

/// The time taken by the database: for a read, including the wait for a connection; for a write, from the wait for
/// its turn to the end of its transaction.
#[derive(Debug, Clone)]
pub struct DatabaseTimes {
    family: Family<OperationLabel, Histogram, fn() -> Histogram>,
    /// Reads.
    pub reads: Histogram,
    /// Writes.
    pub writes: Histogram,
}

/// The known routes, which are labels. All others are [`NO_ROUTE`].
#[derive(Debug, Clone)]
pub struct KnownRoutes {
    known: Arc<HashSet<Arc<str>>>,
    none: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: Arc<str>,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SignInLabels {
    way: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabel {
    limit: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabel {
    operation: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BuildLabel {
    version: &'static str,
}

impl SignInLabels {
    const fn succeeded(way: &'static str) -> Self {
        Self { way, outcome: "succeeded" }
    }

    const fn failed(way: &'static str) -> Self {
        Self { way, outcome: "failed" }
    }
}

impl Default for Metrics {
    /// Known series exist from the start with the value 0, so that their first increment is visible.
    fn default() -> Self {
        let metrics = Self {
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(|| Histogram::new(REQUEST_SECONDS)),
            sign_ins: Family::default(),
            limits: Family::default(),
        };
        let ways = BeganWith::ALL.iter().map(|with| with.as_str());
        let failing = [BeganWith::Password, BeganWith::TemporaryToken, BeganWith::Sso].map(BeganWith::as_str);
        let failed = failing.into_iter().chain([CODE]).map(SignInLabels::failed);
        for labels in ways.map(SignInLabels::succeeded).chain(failed) {
            drop(metrics.sign_ins.get_or_create(&labels));
        }
        let quotas = Quota::ALL.map(Quota::as_str);
        for limit in quotas.into_iter().chain([SIGN_IN, NAME_CHANGE, DEVICE_POLL]) {
            drop(metrics.limits.get_or_create(&LimitLabel { limit }));
        }
        metrics
    }
}

impl Metrics {
    /// Counts a response.
    pub fn answered(&self, route: Arc<str>, method: &'static str, status: u16, took: Duration) {
        let labels = RequestLabels { route, method, status };
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.get_or_create(&RouteLabel { route: labels.route }).observe(took.as_secs_f64());
    }

    /// Counts a new session.
    pub fn signed_in(&self, with: BeganWith) {
        self.sign_ins.get_or_create(&SignInLabels::succeeded(with.as_str())).inc();
    }

    /// Counts a failed sign-in.
    pub fn sign_in_failed(&self, with: &'static str) {
        self.sign_ins.get_or_create(&SignInLabels::failed(with)).inc();
    }

    /// Counts a refusal by a limit.
    pub fn limit_hit(&self, limit: &'static str) {
        self.limits.get_or_create(&LimitLabel { limit }).inc();
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// Never: writing to a string does not fail.
    pub fn text(&self, moment: Moment) -> Result<String, fmt::Error> {
        let Moment { mails_waiting, hashing, database } = moment;
        let mut registry = Registry::with_prefix("doorstep");
        let build = BuildLabel { version: env!("CARGO_PKG_VERSION") };
        registry.register("build", "The version that runs", Info::new(build));
        registry.register("http_requests", "Requests that were answered", self.requests.clone());
        let about = "Time from the whole request to its answer";
        registry.register("http_request_duration_seconds", about, self.request_seconds.clone());
        registry.register("sign_ins", "Sign-ins that succeeded or failed", self.sign_ins.clone());
        registry.register("limits_hit", "Requests that a limit refused", self.limits.clone());
        if let Some(waiting) = mails_waiting {
            registry.register("mails_waiting", "Mails that wait to be delivered", ConstGauge::new(waiting));
        }
        let Hashing { slots, in_use, waiting, refused } = hashing;
        registry.register("password_slots", "Passwords that may be hashed at once", ConstGauge::new(slots));
        registry.register("password_slots_in_use", "Passwords that are being hashed", ConstGauge::new(in_use));
        registry.register(
            "password_waiting",
            "Requests that wait for a password to be hashed",
            ConstGauge::new(waiting),
        );
        let about = "Requests that were refused because too many passwords waited to be hashed";
        registry.register("password_refused", about, ConstCounter::new(refused));
        let about = "Time of a statement that reads, or of a write as a whole, with the wait for its turn";
        registry.register("database_duration_seconds", about, database.family);
        let mut text = String::new();
        prometheus_text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

impl Default for DatabaseTimes {
    fn default() -> Self {
        let constructor: fn() -> Histogram = || Histogram::new(DATABASE_SECONDS);
        let family = Family::new_with_constructor(constructor);
        let of = |operation| family.get_or_create_owned(&OperationLabel { operation });
        let (reads, writes) = (of("read"), of("write"));
        Self { family, reads, writes }
    }
}

impl KnownRoutes {
    /// These routes.
    pub fn new<'a>(routes: impl IntoIterator<Item = &'a str>) -> Self {
        Self { known: Arc::new(routes.into_iter().map(Arc::from).collect()), none: NO_ROUTE.into() }
    }

    /// The label of a route.
    #[must_use]
    pub fn label(&self, route: &str) -> Arc<str> {
        Arc::clone(self.known.get(route).unwrap_or(&self.none))
    }
}

//! What is counted and measured for monitoring, in the text format of Prometheus.
//!
//! Each thing is counted where it happens, in one place: requests in `http/trace.rs`, beside their log line; sign-ins and
//! limits in [`service`](crate::service), where they are decided; the time of the database in [`store`](crate::store).
//! `http/metrics.rs` shows it, with what is looked at only when it is asked for ([`Moment`]).
//!
//! A label is a word of the program: the route of a table that is made at start, a method, a status, a way to sign in, a key
//! of the configuration. Nothing that a client sends becomes one, so no client can add a series.

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

/// The type of [`Metrics::text`].
pub use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;

/// Stands for every path that leads nowhere.
pub const NO_ROUTE: &str = "(unknown)";

/// The limit of wrong passwords and codes, whichever of its buckets is full.
pub const SIGN_IN: &str = "sign_in";
/// The limit of user names and emails that an account asks for.
pub const NAME_CHANGE: &str = "name_change";
/// The interval of a device that waits (RFC 8628 §3.5).
pub const DEVICE_POLL: &str = "device_poll";

/// What was wrong where it is none of [`BeganWith`]: of a wrong code it is not known of which kind it was.
const CODE: &str = "code";

/// The upper bounds of the durations of requests, in seconds: from a page that is kept to a queue that is full.
const REQUEST_SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// The same of the database.
const DATABASE_SECONDS: [f64; 10] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.5, 2.5];

/// What is counted. Clones count the same.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    sign_ins: Family<SignInLabels, Counter>,
    limits: Family<LimitLabel, Counter>,
}

/// What is true at the moment of asking.
#[derive(Debug)]
pub struct Moment {
    /// The mails that wait; `None` when the database does not say.
    pub mails_waiting: Option<u64>,
    /// What goes on where passwords are hashed.
    pub hashing: Hashing,
    /// How long the database took.
    pub database: DatabaseTimes,
}

/// What goes on where passwords are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// How many may be hashed at once.
    pub slots: u64,
    /// How many of these are in use.
    pub in_use: u64,
    /// How many wait for one.
    pub waiting: u64,
    /// How many were turned away because too many waited, since the start.
    pub refused: u64,
}

/// How long the database takes: a statement that reads, with the wait for a connection; a write, from the wait for its turn to
/// the end of its transaction.
#[derive(Debug, Clone)]
pub struct DatabaseTimes {
    family: Family<OperationLabel, Histogram, fn() -> Histogram>,
    /// Of what reads.
    pub reads: Histogram,
    /// Of what writes.
    pub writes: Histogram,
}

/// The routes that become labels: a fixed set. Any other is [`NO_ROUTE`].
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
    /// What is known beforehand is there from the start, at 0: so the first time is a change that can be seen.
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
    /// A request was answered.
    pub fn answered(&self, route: Arc<str>, method: &'static str, status: u16, took: Duration) {
        let labels = RequestLabels { route, method, status };
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.get_or_create(&RouteLabel { route: labels.route }).observe(took.as_secs_f64());
    }

    /// A session began.
    pub fn signed_in(&self, with: BeganWith) {
        self.sign_ins.get_or_create(&SignInLabels::succeeded(with.as_str())).inc();
    }

    /// What was given was checked, and wrong.
    pub fn sign_in_failed(&self, with: &'static str) {
        self.sign_ins.get_or_create(&SignInLabels::failed(with)).inc();
    }

    /// A limit refused something.
    pub fn limit_hit(&self, limit: &'static str) {
        self.limits.get_or_create(&LimitLabel { limit }).inc();
    }

    /// All of it, with what is true at the moment.
    ///
    /// # Errors
    /// Never: it is written into a text.
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
    /// These, and no others.
    pub fn new<'a>(routes: impl IntoIterator<Item = &'a str>) -> Self {
        Self { known: Arc::new(routes.into_iter().map(Arc::from).collect()), none: NO_ROUTE.into() }
    }

    /// The label of a route.
    #[must_use]
    pub fn label(&self, route: &str) -> Arc<str> {
        Arc::clone(self.known.get(route).unwrap_or(&self.none))
    }
}

//! Capturing the server's log.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
    sync::{LazyLock, Mutex},
};

use tracing::{
    Event, Instrument as _, Subscriber,
    field::{Field, Visit},
    info_span,
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::statements;

const SPAN: &str = "log";

/// The captured lines by span.
static LOGGED: LazyLock<Mutex<HashMap<u64, Vec<String>>>> = LazyLock::new(Mutex::default);

/// The events logged by a future, each as `name=value` pairs.
pub(crate) async fn logged_of<T>(done: impl Future<Output = T>) -> (T, Vec<String>) {
    statements::listen();
    let span = info_span!(SPAN);
    let id = span.id().expect("something listens").into_u64();
    let result = done.instrument(span.clone()).await;
    let logged = LOGGED.lock().expect("no panic").remove(&id).unwrap_or_default();
    drop(span);
    (result, logged)
}

pub(super) struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let within = context.event_scope(event).and_then(|mut spans| spans.find(|span| span.name() == SPAN));
        if let Some(span) = within {
            let mut line = Line::default();
            event.record(&mut line);
            LOGGED.lock().expect("no panic").entry(span.id().into_u64()).or_default().push(line.0);
        }
    }
}

#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{}={value} ", field.name());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

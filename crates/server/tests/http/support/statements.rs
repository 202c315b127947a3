//! What a request asks the database, as the database's driver tells it.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::Future,
    sync::{LazyLock, Mutex, Once},
};

use tracing::{
    Event, Instrument as _, Subscriber,
    field::{Field, Visit},
    info_span,
};
use tracing_subscriber::{
    Layer, filter, layer::Context, layer::SubscriberExt as _, registry::LookupSpan, util::SubscriberInitExt as _,
};

use super::log;

const SPAN: &str = "statements";

/// All that were ever asked in this process.
static EVER: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
/// Those of them that [`new_ones`] has not given yet.
static NEW: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// By the span that they were asked in.
static ASKED: LazyLock<Mutex<HashMap<u64, Vec<String>>>> = LazyLock::new(Mutex::default);

/// The statements that run while something is done. Other tests run at the same time: those of others do not count.
pub(crate) async fn statements_of<T>(done: impl Future<Output = T>) -> (T, Vec<String>) {
    listen();
    let span = info_span!(SPAN);
    let id = span.id().expect("somebody listens").into_u64();
    let result = done.instrument(span.clone()).await;
    let asked = ASKED.lock().expect("nobody panicked").remove(&id).unwrap_or_default();
    drop(span);
    (result, asked)
}

/// Listens from now on.
pub(super) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let wanted = filter::filter_fn(|event| event.is_span() || event.target() == "sqlx::query");
        let said = filter::filter_fn(|event| event.is_span() || event.target().starts_with("doorstep_server"));
        let log = log::Listener.with_filter(said);
        tracing_subscriber::registry().with(Listener.with_filter(wanted)).with(log).init();
    });
}

/// The statements that were asked for the first time since this was last called, by whichever test.
pub(super) fn new_ones() -> Vec<String> {
    std::mem::take(&mut *NEW.lock().expect("nobody panicked"))
}

struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        // A connection that is opened meanwhile is set up, and asks for nothing.
        if text.0.starts_with("PRAGMA") {
            return;
        }
        if EVER.lock().expect("nobody panicked").insert(text.0.clone()) {
            NEW.lock().expect("nobody panicked").push(text.0.clone());
        }
        let spans = context.event_scope(event).into_iter().flatten().filter(|span| span.name() == SPAN);
        for span in spans {
            let mut asked = ASKED.lock().expect("nobody panicked");
            asked.entry(span.id().into_u64()).or_default().push(text.0.clone());
        }
    }
}

/// The text of a statement: a short one is its own summary, and has no other.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" || (field.name() == "db.statement" && !value.is_empty()) {
            value.trim().clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

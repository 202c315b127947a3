//! The statements that a request runs, as the database driver logs them.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::Future,
    sync::{LazyLock, Mutex, Once},
    time::Duration,
};

use tokio::{sync::oneshot, time};
use tracing::{
    Event, Instrument as _, Subscriber,
    field::{Field, Visit},
    info_span,
    span::Id,
};
use tracing_subscriber::{
    Layer, filter, layer::Context, layer::SubscriberExt as _, registry::LookupSpan, util::SubscriberInitExt as _,
};

use super::log;

const SPAN: &str = "statements";
/// How long the driver may take to report its statements.
const PATIENCE: Duration = Duration::from_mins(1);

/// All statements of this process.
static EVER: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
/// Those that [`new_ones`] has not returned yet.
static NEW: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// The statements by span.
static ASKED: LazyLock<Mutex<HashMap<u64, Asked>>> = LazyLock::new(Mutex::default);

/// The statements of a span, and where to send them when it ends.
type Asked = (Vec<String>, oneshot::Sender<Vec<String>>);

/// The statements run by a future. Those of other tests, which run at the same time, are excluded.
pub(crate) async fn statements_of<T>(done: impl Future<Output = T>) -> (T, Vec<String>) {
    listen();
    let span = info_span!(SPAN);
    let id = span.id().expect("something listens").into_u64();
    let (tell, asked) = oneshot::channel();
    ASKED.lock().expect("no panic").insert(id, (Vec::new(), tell));
    let result = done.instrument(span).await;
    // The driver's threads hold the span until they have reported their statements. If it is held longer, that is a
    // bug, which must not hang the tests.
    let asked = time::timeout(PATIENCE, asked).await.expect("nothing holds the span any more");
    (result, asked.expect("the span ends"))
}

/// Starts listening.
pub(super) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let wanted = filter::filter_fn(|event| event.is_span() || event.target() == "sqlx::query");
        let said = filter::filter_fn(|event| event.is_span() || event.target().starts_with("doorstep_server"));
        let log = log::Listener.with_filter(said);
        tracing_subscriber::registry().with(Listener.with_filter(wanted)).with(log).init();
    });
}

/// The statements run for the first time, by any test, since the last call.
pub(super) fn new_ones() -> Vec<String> {
    std::mem::take(&mut *NEW.lock().expect("no panic"))
}

struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        // Setting up a connection runs no queries; PostgreSQL reports transactions too.
        if ["PRAGMA", "SET ", "LOCK ", "BEGIN", "COMMIT", "ROLLBACK"].iter().any(|word| text.0.starts_with(word)) {
            return;
        }
        if EVER.lock().expect("no panic").insert(text.0.clone()) {
            NEW.lock().expect("no panic").push(text.0.clone());
        }
        let spans = context.event_scope(event).into_iter().flatten().filter(|span| span.name() == SPAN);
        for span in spans {
            if let Some((asked, _)) = ASKED.lock().expect("no panic").get_mut(&span.id().into_u64()) {
                asked.push(text.0.clone());
            }
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let over = ASKED.lock().expect("no panic").remove(&id.into_u64());
        if let Some((asked, tell)) = over {
            let _ = tell.send(asked);
        }
    }
}

/// The text of a statement: a short one is its own summary, and has no further text.
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

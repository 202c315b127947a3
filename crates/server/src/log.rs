//! The log: text on a terminal, JSON otherwise.

use std::{
    fmt,
    io::{self, IsTerminal as _},
};

use serde_json::Value;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::Record,
};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::{
    EnvFilter,
    field::RecordFields,
    filter::filter_fn,
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::Writer,
        time::{FormatTime as _, SystemTime},
    },
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

/// Sets up logging to standard error; `RUST_LOG` selects the level. By default a command logs warnings only: it prints
/// what it did, and the audit log has its events.
pub fn set_up(is_server: bool) {
    let default = if is_server { "warn,doorstep_server=info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let harmless = filter_fn(is_harmless);
    if io::stderr().is_terminal() {
        log.compact().finish().with(harmless).init();
    } else {
        log.fmt_fields(Fields).event_format(Json).finish().with(harmless).init();
    }
}

/// Excludes messages that may contain passwords: the PostgreSQL driver logs unknown parts of URLs and of password
/// files.
fn is_harmless(metadata: &Metadata<'_>) -> bool {
    let repeats = ["value", "line"].iter().any(|field| metadata.fields().field(field).is_some());
    !(metadata.target().starts_with("sqlx_postgres::options") && repeats)
}

/// An event as a JSON object in one line: `timestamp`, `level`, `fields`, `target`, and `span`, the request that it
/// belongs to.
///
/// The library's own formatter parses the fields of a span from JSON and writes them twice, which was a noticeable
/// part of the cost of a simple request.
struct Json;

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, Fields> for Json {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, Fields>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        // Events from the `log` crate have their metadata in fields.
        let normalized = event.normalized_metadata();
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        line.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        write!(line, "\",\"level\":\"{}\",\"fields\":", metadata.level())?;
        context.field_format().format_fields(line.by_ref(), event)?;
        // A module path needs no escaping.
        write!(line, ",\"target\":\"{}\"", metadata.target())?;
        if let Some(span) = context.lookup_current()
            && let Some(fields) = span.extensions().get::<FormattedFields<Fields>>()
            && !fields.is_empty()
        {
            write!(line, ",\"span\":{fields}")?;
        }
        line.write_str("}\n")
    }
}

/// Writes the fields of an event or a span as an object, in the order of the source. The library's own formatter
/// collects them in a map first, which cost more than writing them.
struct Fields;

impl<'w> FormatFields<'w> for Fields {
    fn format_fields<R: RecordFields>(&self, mut line: Writer<'w>, fields: R) -> fmt::Result {
        line.write_char('{')?;
        let mut object = Object { line: line.by_ref(), is_empty: true, written: Ok(()) };
        fields.record(&mut object);
        object.written?;
        line.write_char('}')
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        // Continue the existing object.
        current.fields.pop();
        let is_empty = current.fields == "{";
        let mut object = Object { line: current.as_writer(), is_empty, written: Ok(()) };
        fields.record(&mut object);
        object.written?;
        current.as_writer().write_char('}')
    }
}

/// An object being written.
struct Object<'w> {
    line: Writer<'w>,
    is_empty: bool,
    written: fmt::Result,
}

impl Object<'_> {
    fn write(&mut self, field: &Field, value: impl fmt::Display) {
        let comma = if self.is_empty { "" } else { "," };
        // Field names are identifiers and need no escaping.
        let name = field.name();
        if name.starts_with("log.") {
            // Metadata of the `log` crate; its target is written outside the fields.
            return;
        }
        self.is_empty = false;
        self.written = self.written.and_then(|()| write!(self.line, "{comma}\"{name}\":{value}"));
    }
}

impl Visit for Object<'_> {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.write(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.write(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, Value::from(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, Value::from(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field, Value::from(format!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use tracing::{info, info_span, subscriber::with_default};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_is_a_json_line_with_its_request() {
        let written = Written::default();
        let writer = written.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone());
        with_default(log.fmt_fields(Fields).event_format(Json).finish(), || {
            let request = info_span!("request", id = "0198", path = "/\"\n<", later = tracing::field::Empty).entered();
            request.record("later", true);
            info!(status = 200, share = 0.5, name = %"Gr\u{fc}\u{df}e \"x\"\n", "told");
        });
        let text = String::from_utf8(written.0.lock().expect("no panic").clone()).expect("is text");
        assert_eq!(text.lines().count(), 1, "{text}");
        let mut line: Value = serde_json::from_str(&text).expect("is JSON");
        let time = line["timestamp"].take();
        assert!(time.as_str().is_some_and(|time| time.parse::<jiff::Timestamp>().is_ok()), "{time}");
        let expected = serde_json::json!({
            "timestamp": null,
            "level": "INFO",
            "fields": { "message": "told", "status": 200, "share": 0.5, "name": "Gr\u{fc}\u{df}e \"x\"\n" },
            "target": module_path!(),
            "span": { "id": "0198", "path": "/\"\n<", "later": true },
        });
        assert_eq!(line, expected);
    }
}

//! GET `/api/audit` and `/api/audit/events`: the audit log, for operators.

use axum::{
    extract::State,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
};
use doorstep_contract::{
    account::List,
    audit::{AuditEntry, DOWNLOAD_MAX, EventTitle},
};

use super::{
    AppState,
    answer::{Answer, Data, Refusal},
    session::Operator,
};
use crate::{
    domain::{
        audit::{Event, Filter},
        csv,
        page::Page,
    },
    error::Error,
    http::{
        language,
        query::{number, parameter},
    },
    service::heavy::heavy,
};

pub(super) const DEFAULT_LIMIT: u32 = 50;
pub(super) const LARGEST_LIMIT: u32 = 200;
/// The longest search text, in bytes.
const LONGEST_TEXT: usize = 200;
/// The columns of an export.
const COLUMNS: [&str; 8] = ["at", "event", "actor", "ip", "subject", "detail", "actor_id", "id"];

/// The file format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

/// The parameters of a request.
#[derive(Debug)]
struct Parameters {
    filter: Filter,
    page: Page,
    format: Option<Format>,
}

/// A page of the audit log, or an export of it.
pub(super) async fn list(State(state): State<AppState>, _: Operator, uri: Uri) -> Result<Response, Refusal> {
    let Parameters { filter, page, format } = Parameters::read(&uri)?;
    let list = state.service.audit().list(&filter, page).await?;
    Ok(match format {
        None => Data(list).into_response(),
        // Up to ten thousand rows: formatted on a blocking thread.
        Some(Format::Csv) => file("text/csv; charset=utf-8", "csv", heavy(move || csv::write(rows(&list))).await?),
        Some(Format::Json) => {
            let written = heavy(move || serde_json::to_string(&list)).await?;
            file("application/json", "json", written.map_err(|_| Error::NotJson)?)
        }
    })
}

/// The titles of all events, in the language of the request.
pub(super) async fn events(_: Operator, headers: HeaderMap) -> Answer<List<EventTitle>> {
    let language = language::of(&headers);
    let title = |event: &Event| {
        let event = event.as_str();
        EventTitle { event: event.to_owned(), title: language.event(event).to_owned() }
    };
    Ok(Data(List::whole(Event::ALL.iter().map(title).collect())))
}

fn file(kind: &'static str, extension: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"doorstep-audit.{extension}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
}

fn rows(list: &List<AuditEntry>) -> impl Iterator<Item = [&str; COLUMNS.len()]> {
    std::iter::once(COLUMNS).chain(list.items.iter().map(row))
}

fn row(entry: &AuditEntry) -> [&str; COLUMNS.len()] {
    let AuditEntry { id, at, event, actor_id, actor, ip, subject, detail } = entry;
    let [ip, actor_id] = [ip, actor_id].map(|text| text.as_deref().unwrap_or_default());
    [at.as_str(), event, actor, ip, subject, detail, actor_id, id]
}

impl Parameters {
    fn read(uri: &Uri) -> Result<Self, Error> {
        let format = read(uri, "format", "`csv` or `json`", |text| match text {
            "csv" => Some(Format::Csv),
            "json" => Some(Format::Json),
            _ => None,
        })?;
        let (default_limit, largest_limit) = match format {
            None => (DEFAULT_LIMIT, LARGEST_LIMIT),
            Some(_) => (DOWNLOAD_MAX, DOWNLOAD_MAX),
        };
        let page = Page { number: number(uri, "page", 1)?, limit: number(uri, "limit", default_limit)? };
        if page.limit > largest_limit {
            return Err(Error::InvalidRequest(format!("`limit` is over {largest_limit}")));
        }
        let short = |text: &str| (text.len() <= LONGEST_TEXT).then(|| text.to_owned());
        let time = |name| read(uri, name, "a time such as 2026-01-31T12:00:00Z", |text| text.parse().ok());
        let filter = Filter {
            event: read(uri, "event", "the word of an event", Event::parse)?,
            actor: read(uri, "actor", "a user name", short)?,
            text: read(uri, "q", "at most 200 bytes", short)?,
            since: time("since")?,
            until: time("until")?,
        };
        Ok(Self { filter, page, format })
    }
}

/// Reads a parameter; `None` when it is absent or empty.
fn read<T>(uri: &Uri, name: &str, wanted: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Error> {
    let value = parameter(uri, name)?;
    let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty());
    value
        .map(|value| parse(value).ok_or_else(|| Error::InvalidRequest(format!("`{name}` is not {wanted}"))))
        .transpose()
}

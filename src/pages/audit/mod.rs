//! `/audit`: who did what, when, from where. For operators.

mod day;
mod detail;

use doorstep_contract::{
    account::List,
    audit::{AuditEntry, DOWNLOAD_MAX, EventTitle},
};
use doorstep_locales::{
    Word,
    words::{audit as words, list as list_words, sessions},
};
use leptos::{prelude::*, task::spawn_local};

use self::{day::begin_of, detail::shown};
use super::list::{self, Filter, FilterKind, Found, PagedList, Query, table};
use crate::{
    api::{audit as api, coming},
    i18n::{date_time, t, t_count, t_with},
    problem::sentence,
    ui::part::{alert, block, button, dynamic, nothing, page, paragraph, text},
};

/// So many are on a page of the list.
const LIMIT: u32 = 50;
/// What files there are: the format, and what people call it.
const FILES: [(&str, &str); 2] = [("csv", "CSV"), ("json", "JSON")];
const COLUMNS: &[Word] = &[words::WHEN, words::EVENT, words::ACTOR, sessions::ADDRESS, words::WHAT];

/// The page. What events are called is for operators too, and comes first: others are told so in place of the list.
pub(crate) fn audit_page() -> AnyView {
    let events = RwSignal::new(None);
    let ask = move || {
        events.set(None);
        spawn_local(async move {
            let answer = api::events().await;
            let _ = events.try_set(Some(answer));
        });
    };
    ask();
    let list = dynamic(move || match events.get() {
        Some(Ok(List { items, .. })) => untrack(|| audit_list(items)),
        Some(Err(_)) => button("button", list_words::AGAIN, ask),
        None => paragraph(t(list_words::LOADING)),
    });
    let problem = alert(move || events.get().and_then(Result::err).map(sentence));
    page(|| t(words::TITLE).to_owned(), vec![problem, list])
}

fn audit_list(events: Vec<EventTitle>) -> AnyView {
    let mut choices = vec![(String::new(), t(list_words::ALL).to_owned())];
    choices.extend(events.iter().map(|event| (event.event.clone(), event.title.clone())));
    let filter = |parameter, label, kind| Filter { parameter, label, kind };
    let kind = list::Kind {
        name: "audit".to_owned(),
        class: "events",
        filters: vec![
            filter("event", words::EVENT, FilterKind::Chosen(choices)),
            filter("actor", words::ACTOR, FilterKind::Typed("search")),
            Filter::search(),
            filter("since", words::SINCE, FilterKind::Typed("date")),
            filter("until", words::UNTIL, FilterKind::Typed("date")),
        ],
        none: list_words::NONE_FOUND,
        limit: LIMIT,
        in_address: true,
    };
    let events = StoredValue::new(events);
    let asked = RwSignal::new(None::<Query>);
    let list = PagedList::new(kind, move |_, query| {
        // The day that is named last belongs to it.
        let query = query.reading("since", |day| begin_of(day, 0)).reading("until", |day| begin_of(day, 1));
        asked.set(Some(query.clone()));
        coming(async move {
            let found = api::entries(&query.for_server()).await?;
            Ok(Found::new(found, move |entry| row(entry, events)).in_table(words::TITLE, COLUMNS))
        })
    });
    let files = dynamic(move || match asked.get() {
        Some(query) => block("div", "buttons", FILES.map(|(format, name)| file(&query, format, name)).into()),
        None => nothing(),
    });
    let most = dynamic(move || {
        if list.total() > DOWNLOAD_MAX {
            block("p", "note", vec![text(t_count(words::DOWNLOAD_MOST, DOWNLOAD_MAX))])
        } else {
            nothing()
        }
    });
    block("div", "list", vec![list.view(), files, most])
}

/// The browser asks for it with the session's cookie, and saves it.
fn file(query: &Query, format: &str, name: &str) -> AnyView {
    let address = api::address(&query.for_file(format));
    let label = t_with(words::DOWNLOAD, "format", name);
    view! {
        <a href=address class="button" download="">
            {label}
        </a>
    }
    .into_any()
}

fn row(entry: &AuditEntry, events: StoredValue<Vec<EventTitle>>) -> AnyView {
    let title = events.with_value(|events| {
        let known = events.iter().find(|event| event.event == entry.event);
        known.map_or_else(|| entry.event.clone(), |event| event.title.clone())
    });
    let mut what = vec![text(entry.subject.clone())];
    what.extend(shown(&entry.detail).map(|detail| block("code", "", vec![text(detail)])));
    table::row(vec![
        vec![text(date_time(&entry.at))],
        vec![block("strong", "", vec![text(title)])],
        vec![text(or_dash(&entry.actor))],
        vec![text(or_dash(entry.ip.as_deref().unwrap_or_default()))],
        what,
    ])
}

fn or_dash(known: &str) -> &str {
    if known.is_empty() { "–" } else { known }
}

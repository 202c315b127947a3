//! `/audit`: who did what, when, from where. For operators.

mod day;
mod detail;

use doorstep_contract::{
    account::List,
    audit::{AuditEntry, DOWNLOAD_MAX, EventTitle},
};
use doorstep_locales::{
    Word,
    words::{audit as words, list as list_words, requester},
};
use leptos::{prelude::*, task::spawn_local};

use self::{day::begin_of, detail::shown};
use crate::{
    api::{audit as api, coming},
    i18n::{date_time, t, t_count, t_with},
    problem::sentence,
    ui::{button::Button, live::Alert, page::Page},
    widgets::list::{self, Filter, FilterKind, Found, List as ListView, PagedList, Query},
};

/// So many are on a page of the list.
const LIMIT: u32 = 50;
/// What files there are: the format, and what people call it.
const FILES: [(&str, &str); 2] = [("csv", "CSV"), ("json", "JSON")];
const COLUMNS: &[Word] = &[words::WHEN, words::EVENT, words::ACTOR, requester::ADDRESS, words::WHAT];

/// The page. The titles of the events are for operators too, and come first: other users get a refusal in place of the
/// list.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let titles = RwSignal::new(None);
    let ask = move || {
        titles.set(None);
        spawn_local(async move {
            let answer = api::events().await;
            let _ = titles.try_set(Some(answer));
        });
    };
    ask();
    let problem = Signal::derive(move || titles.get().and_then(Result::err).map(sentence));
    let entries = move || match titles.get() {
        Some(Ok(List { items, .. })) => view! { <Entries titles=items /> }.into_any(),
        Some(Err(_)) => view! { <Button on_press=ask>{t(list_words::AGAIN)}</Button> }.into_any(),
        None => view! { <p>{t(list_words::LOADING)}</p> }.into_any(),
    };
    view! {
        <Page title=t(words::TITLE)>
            <Alert error=problem />
            {entries}
        </Page>
    }
}

/// The list, and the files of what it is narrowed to.
#[component]
fn Entries(titles: Vec<EventTitle>) -> impl IntoView {
    let kind = list::Kind {
        name: "audit".to_owned(),
        class: "events",
        filters: filters(&titles),
        none: list_words::NONE_FOUND,
        limit: LIMIT,
        in_address: true,
    };
    let titles = StoredValue::new(titles);
    let asked = RwSignal::new(None::<Query>);
    let list = PagedList::new(kind, move |_, query| {
        // The day that is named last belongs to it.
        let query = query.reading("since", |day| begin_of(day, 0)).reading("until", |day| begin_of(day, 1));
        asked.set(Some(query.clone()));
        coming(async move {
            let found = api::entries(&query.for_server()).await?;
            let row = move |entry: &AuditEntry| view! { <Row entry=entry.clone() titles /> };
            Ok(Found::new(found, row).in_table(words::TITLE, COLUMNS))
        })
    });
    view! {
        <div class="list">
            <ListView list />
            {move || asked.get().map(|query| view! { <Files query /> })}
            <LimitNote list />
        </div>
    }
}

fn filters(titles: &[EventTitle]) -> Vec<Filter> {
    let mut choices = vec![(String::new(), t(list_words::ALL).to_owned())];
    choices.extend(titles.iter().map(|title| (title.event.clone(), title.title.clone())));
    let filter = |parameter, label, kind| Filter { parameter, label, kind };
    vec![
        filter("event", words::EVENT, FilterKind::Chosen(choices)),
        filter("actor", words::ACTOR, FilterKind::Typed("search")),
        Filter::search(),
        filter("since", words::SINCE, FilterKind::Typed("date")),
        filter("until", words::UNTIL, FilterKind::Typed("date")),
    ]
}

/// A row of the table.
#[component]
fn Row(entry: AuditEntry, titles: StoredValue<Vec<EventTitle>>) -> impl IntoView {
    let title = titles.with_value(|titles| {
        let known = titles.iter().find(|title| title.event == entry.event);
        known.map_or_else(|| entry.event.clone(), |known| known.title.clone())
    });
    let address = entry.ip.unwrap_or_default();
    view! {
        <tr role="row">
            <td role="cell">{date_time(&entry.at)}</td>
            <td role="cell">
                <strong>{title}</strong>
            </td>
            <td role="cell">{or_dash(entry.actor)}</td>
            <td role="cell">{or_dash(address)}</td>
            <td role="cell">
                {entry.subject} {shown(&entry.detail).map(|detail| view! { <code>{detail}</code> })}
            </td>
        </tr>
    }
}

fn or_dash(known: String) -> String {
    if known.is_empty() { "–".to_owned() } else { known }
}

/// A link to each file. The browser asks for it with the session's cookie, and saves it.
#[component]
fn Files(query: Query) -> impl IntoView {
    let file = move |(format, name)| {
        let address = api::address(&query.for_file(format));
        view! {
            <a href=address class="button" download="">
                {t_with(words::DOWNLOAD, "format", name)}
            </a>
        }
    };
    view! { <div class="buttons">{FILES.map(file).collect_view()}</div> }
}

/// Says how many entries a file has at most, while there are more.
#[component]
fn LimitNote(list: PagedList) -> impl IntoView {
    let text = t_count(words::DOWNLOAD_MOST, DOWNLOAD_MAX);
    move || (list.total() > DOWNLOAD_MAX).then(|| view! { <p class="note">{text.clone()}</p> })
}

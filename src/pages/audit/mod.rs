//! `/audit`: the audit log, grouped by day. For operators.

mod day;
mod detail;
mod entry;

use doorstep_contract::{
    account::List,
    audit::{AuditEntry, DOWNLOAD_MAX, EventTitle},
};
use doorstep_locales::words::{audit as words, list as list_words};
use leptos::prelude::*;

use self::day::begin_of;
pub(crate) use self::{day::hours_ago, entry::Events};
use crate::{
    api::{audit as api, coming},
    i18n::{day, is_before, t, t_count, t_with},
    ui::page::Page,
    widgets::{
        list::{self, Filter, FilterKind, Found, List as ListView, PagedList, Query},
        one::{Loaded, One},
    },
};

/// Events per page of the list.
const LIMIT: u32 = 50;
/// The formats of downloads, with their labels.
const FILES: [(&str, &str); 2] = [("csv", "CSV"), ("json", "JSON")];
/// Periods that end now: the value in the address, and the hours.
const PERIODS: [(&str, u32); 3] = [("24h", 24), ("7d", 7 * 24), ("30d", 30 * 24)];
/// The period between two chosen days.
const CUSTOM: &str = "custom";

/// The page. The titles of events are for operators too, and are loaded first: other users see the refusal in place of
/// the list.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let titles = One::load(|| coming(api::events()));
    let asked = RwSignal::new(None::<Query>);
    view! {
        <Page
            title=t(words::TITLE)
            wide=true
            actions=move || view! { {move || asked.get().map(|query| view! { <Files query /> })} }
        >
            <Loaded one=titles>
                {titles.get_untracked().map(|List { items, .. }| view! { <Entries titles=items asked /> })}
            </Loaded>
        </Page>
    }
}

/// The list.
#[component]
fn Entries(
    titles: Vec<EventTitle>,
    /// The query of the list.
    asked: RwSignal<Option<Query>>,
) -> impl IntoView {
    let kind = list::Kind {
        name: "audit".to_owned(),
        class: "days",
        filters: filters(&titles),
        none: list_words::NONE_FOUND,
        limit: LIMIT,
        in_address: true,
    };
    let titles = StoredValue::new(titles);
    let list = PagedList::new(kind, move |_, query| {
        let query = for_server(query);
        asked.set(Some(query.clone()));
        coming(async move {
            let found = api::entries(&query.for_server()).await?;
            Ok(Found::drawn(found, move |entries: &[AuditEntry]| view! { <Days entries=entries.to_vec() titles /> }))
        })
    });
    view! {
        <div class="list">
            <ListView list />
            <LimitNote list />
        </div>
    }
}

/// Replaces the period and the days by times. The last day is inclusive.
fn for_server(query: Query) -> Query {
    let hours = PERIODS.iter().find(|(value, _)| *value == query.value("period")).map(|(_, hours)| *hours);
    let query = query.reading("until", |day| begin_of(day, 1)).reading("period", |_| String::new());
    query.reading("since", |day| hours.map_or_else(|| begin_of(day, 0), hours_ago))
}

/// The events of a page, under the heading of each day.
#[component]
fn Days(entries: Vec<AuditEntry>, titles: StoredValue<Vec<EventTitle>>) -> impl IntoView {
    let mut days: Vec<(String, Vec<AuditEntry>)> = Vec::new();
    for entry in entries {
        let name = day(&entry.at);
        match days.last_mut() {
            Some((last, of_day)) if *last == name => of_day.push(entry),
            _ => days.push((name, vec![entry])),
        }
    }
    let day = |(number, (name, entries)): (usize, (String, Vec<AuditEntry>))| {
        let id = format!("audit-day-{number}");
        let labelled_by = id.clone();
        view! {
            <section class="day" aria-labelledby=labelled_by>
                <h2 id=id>{name}</h2>
                <Events entries titles />
            </section>
        }
    };
    days.into_iter().enumerate().map(day).collect_view()
}

fn filters(titles: &[EventTitle]) -> Vec<Filter> {
    let mut choices = vec![(String::new(), t(list_words::ALL).to_owned())];
    // After the first choice, by title. `sort` would be 2 kB.
    for EventTitle { event, title } in titles {
        let before = choices.iter().skip(1).take_while(|(_, other)| is_before(other, title)).count();
        choices.insert(before + 1, (event.clone(), title.clone()));
    }
    let mut periods = vec![(String::new(), t(words::ANY_TIME).to_owned())];
    periods.extend(
        PERIODS
            .iter()
            .zip([words::LAST_DAY, words::LAST_WEEK, words::LAST_MONTH])
            .map(|((value, _), word)| ((*value).to_owned(), t(word).to_owned())),
    );
    periods.push((CUSTOM.to_owned(), t(words::CUSTOM).to_owned()));
    let day = |parameter, label| Filter {
        under: Some(("period", CUSTOM)),
        ..Filter::new(parameter, label, FilterKind::Typed("date"))
    };
    vec![
        Filter::search(),
        Filter::new("event", words::EVENT, FilterKind::Chosen(choices)),
        Filter::new("actor", words::ACTOR, FilterKind::Typed("search")),
        Filter::new("period", words::PERIOD, FilterKind::Chosen(periods)),
        day("since", words::SINCE),
        day("until", words::UNTIL),
    ]
}

/// The download links. The browser sends the session's cookie, and saves the file.
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

/// The maximum number of events in a download, if there are more.
#[component]
fn LimitNote(list: PagedList) -> impl IntoView {
    let text = t_count(words::DOWNLOAD_MOST, DOWNLOAD_MAX);
    move || (list.total() > DOWNLOAD_MAX).then(|| view! { <p class="note">{text.clone()}</p> })
}

//! A list that the server searches and pages: however long it is, one page of it is in the document.
//!
//! ```text
//! address or field -> Query -> load (a request) -> Found -> rows, how many of how many, the other pages
//! ```
//!
//! A list that is its page's matter is named by the address: Back, a reload and a bookmark find the same part of it.

mod filters;
mod pager;
mod query;
mod table;

use std::sync::Arc;

use doorstep_contract::{account, envelope::ErrorCode};
use doorstep_locales::{Word, fill, words::list as words};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use self::{filters::Filters, pager::Pager, table::Table};
pub(crate) use self::{
    filters::{Filter, FilterKind},
    query::Query,
};
use crate::{
    api::{ApiError, Coming},
    i18n::{number, t, t_with},
    problem::sentence,
    ui::{
        button::Button,
        callout::Callout,
        focus::focus_on,
        icon::{Icon, Shape},
        skeleton::Outline,
    },
};

/// What is listed.
#[derive(Clone)]
pub(crate) struct Kind {
    /// Sets its elements apart from those of another list on the page.
    pub(crate) name: String,
    /// The class of the list that has the rows.
    pub(crate) class: &'static str,
    /// What it can be narrowed by.
    pub(crate) filters: Vec<Filter>,
    /// Said when there is nothing at all.
    pub(crate) none: Word,
    /// How many rows fit on a page.
    pub(crate) limit: u32,
    /// Whether the address says which part of it is shown.
    pub(crate) in_address: bool,
}

impl Kind {
    /// What an address asks for, without what no filter takes.
    fn read(&self, search: &str) -> Query {
        let mut query = Query::read(search, self.filters.iter().map(|filter| filter.parameter), self.limit).keeping(
            |parameter, value| self.filters.iter().any(|filter| filter.parameter == parameter && filter.takes(value)),
        );
        for Filter { parameter, under, .. } in &self.filters {
            if let Some((above, value)) = *under
                && !query.value(parameter).is_empty()
            {
                query = match query.value(above) {
                    "" => query.reading(above, |_| value.to_owned()),
                    other if other == value => query,
                    _ => query.reading(parameter, |_| String::new()),
                };
            }
        }
        query
    }

    /// Whether a filter is shown under a value of the other one.
    fn is_under(&self, parameter: &str, other: &str) -> bool {
        self.filters
            .iter()
            .any(|filter| filter.parameter == parameter && filter.under.is_some_and(|(above, _)| above == other))
    }
}

/// A page of it.
#[derive(Clone)]
pub(crate) struct Found {
    total: u32,
    page: u32,
    limit: u32,
    /// How many rows the page has.
    count: u32,
    draw: Arc<dyn Fn() -> AnyView + Send + Sync>,
    layout: Layout,
}

/// What the rows stand in.
#[derive(Clone, Copy)]
enum Layout {
    List,
    /// What it is called, and its columns.
    Table(Word, &'static [Word]),
    /// What they bring along.
    Own,
}

impl Found {
    /// What the server found. `row` draws a line: a `li`.
    pub(crate) fn new<T: Send + Sync + 'static, V: IntoView + 'static>(
        list: account::List<T>,
        row: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        let draw = move |items: &[T]| items.iter().map(|item| row(item).into_any()).collect::<Vec<_>>();
        Self { layout: Layout::List, ..Self::drawn(list, draw) }
    }

    /// What the server found, all of which `draw` draws together.
    pub(crate) fn drawn<T: Send + Sync + 'static, V: IntoView + 'static>(
        list: account::List<T>,
        draw: impl Fn(&[T]) -> V + Send + Sync + 'static,
    ) -> Self {
        let account::List { items, total, page, limit } = list;
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        Self { total, page, limit, count, draw: Arc::new(move || draw(&items).into_any()), layout: Layout::Own }
    }

    /// In a table with this caption and these columns: a row is a `<tr role="row">`.
    pub(crate) fn in_table(self, caption: Word, columns: &'static [Word]) -> Self {
        Self { layout: Layout::Table(caption, columns), ..self }
    }

    fn last_page(&self) -> u32 {
        self.total.div_ceil(self.limit.max(1)).max(1)
    }

    /// `51–100 of 10,000`.
    fn range(&self) -> String {
        let before = self.page.saturating_sub(1).saturating_mul(self.limit);
        let from = t_with(words::SHOWN, "from", &number(before.saturating_add(1)));
        let to = fill(&from, "to", &number(before.saturating_add(self.count)));
        fill(&to, "total", &number(self.total))
    }
}

/// Why something was not loaded. A button that tries again stands beside it, and a lost connection is said in its own place
/// (`widgets/connection_notice.rs`): neither is said twice.
pub(crate) const fn not_loaded(error: ApiError) -> Word {
    match error {
        ApiError::Unreachable | ApiError::Unintelligible | ApiError::Refused(ErrorCode::ServiceUnavailable) => {
            words::NOT_LOADED
        }
        ApiError::Refused(_)
        | ApiError::Limited(_)
        | ApiError::Weak(_)
        | ApiError::Device(_)
        | ApiError::CookieLost => sentence(error),
    }
}

/// Whether the same request may have another answer. What the user may not do stays so.
pub(crate) const fn can_be_tried_again(error: ApiError) -> bool {
    !matches!(error, ApiError::Refused(ErrorCode::Forbidden | ErrorCode::TemporarySession | ErrorCode::AlreadyEnabled))
}

/// Asks for a part of a list.
type Load = Box<dyn Fn(PagedList, Query) -> Coming<Found>>;

/// The list as it is now.
#[derive(Clone, Copy)]
pub(crate) struct PagedList {
    kind: StoredValue<Kind>,
    load: StoredValue<Load, LocalStorage>,
    /// The path that is shown.
    path: Memo<String>,
    /// The path of its page.
    own: StoredValue<String>,
    /// Goes to an address of its page, in place of this one or not.
    go: Callback<(String, bool)>,
    query: RwSignal<Query>,
    found: RwSignal<Option<Found>>,
    problem: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    /// Counts the requests: only the answer to the last one is shown.
    asked: StoredValue<u32>,
    /// The person turned a page: the focus goes with them.
    turned: StoredValue<bool>,
}

impl PagedList {
    /// Begins to load it. `load` asks for a part of it; its rows may have the list load itself anew.
    pub(crate) fn new(kind: Kind, load: impl Fn(Self, Query) -> Coming<Found> + 'static) -> Self {
        Self::erased(kind, Box::new(load))
    }

    fn erased(kind: Kind, load: Load) -> Self {
        let (location, navigate) = (use_location(), use_navigate());
        let (path, search) = (location.pathname, location.search);
        let (in_address, here) = (kind.in_address, path.get_untracked());
        let read = {
            let kind = kind.clone();
            move |search: &str| kind.read(search)
        };
        let first = if in_address { search.get_untracked() } else { String::new() };
        let list = Self {
            query: RwSignal::new(read(&first)),
            kind: StoredValue::new(kind),
            load: StoredValue::new_local(load),
            path,
            own: StoredValue::new(here),
            go: Callback::new(move |(address, replace): (String, bool)| {
                navigate(&address, NavigateOptions { replace, scroll: !replace, ..NavigateOptions::default() });
            }),
            found: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(true),
            asked: StoredValue::new(0),
            turned: StoredValue::new(false),
        };
        if in_address {
            Effect::new(move |_| {
                let now = read(&search.read());
                if !list.was_left() && list.query.get_untracked() != now {
                    list.query.set(now);
                }
            });
        }
        Effect::new(move |_| {
            list.query.track();
            list.ask();
        });
        list
    }

    /// Loads the same page of it anew.
    pub(crate) async fn reload(self) {
        let asked = self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        });
        let (Some(query), Some(asked)) = (self.query.try_get_untracked(), asked) else {
            return;
        };
        let _ = self.busy.try_set(true);
        let Some(answer) = self.load.try_with_value(|load| load(self, query.clone())) else {
            return;
        };
        let answer = answer.await;
        if self.asked.try_get_value() != Some(asked) {
            return;
        }
        let _ = self.busy.try_set(false);
        match answer {
            // The last rows of the page have gone, or the address was made up.
            Ok(found) if found.count == 0 && found.total > 0 && found.page > found.last_page() => {
                self.show(&query.turned_to(found.last_page()), true);
            }
            Ok(found) => {
                let _ = self.problem.try_set(None);
                let _ = self.found.try_set(Some(found));
                if self.turned.try_update_value(std::mem::take) == Some(true) {
                    let id = self.shown_id();
                    request_animation_frame(move || focus_on(&id));
                }
            }
            Err(error) => {
                let _ = self.found.try_set(None);
                let _ = self.problem.try_set(Some(error));
            }
        }
    }

    /// The same, for whoever does not wait for it.
    pub(crate) fn ask(self) {
        spawn_local(self.reload());
    }

    /// Back to the first page, where what is new stands.
    pub(crate) async fn reload_from_start(self) {
        let first = self.query.get_untracked().turned_to(1);
        if first == self.query.get_untracked() {
            self.reload().await;
        } else {
            self.show(&first, true);
        }
    }

    /// How many there are on all pages; to be watched.
    pub(crate) fn total(self) -> u32 {
        self.found.with(|found| found.as_ref().map_or(0, |found| found.total))
    }

    /// Shows another part of it. `in_place`: Back does not return to this one.
    fn show(self, query: &Query, in_place: bool) {
        if !self.is_in_address() {
            self.query.set(query.clone());
            return;
        }
        if !self.was_left() {
            self.go.run((query.address(&self.path.read_untracked()), in_place));
        }
    }

    /// Whether another page is shown by now, whose address is not about this list.
    fn was_left(self) -> bool {
        self.own.try_with_value(|own| self.path.try_with_untracked(|path| path == own)) != Some(Some(true))
    }

    fn is_in_address(self) -> bool {
        self.kind.with_value(|kind| kind.in_address)
    }

    /// The `id` of the line that tells how many there are.
    fn shown_id(self) -> String {
        self.kind.with_value(|kind| [&kind.name, "-shown"].concat())
    }

    /// How many there are, in words.
    fn shown(self) -> String {
        match self.found.get() {
            None if self.problem.with(Option::is_some) => String::new(),
            None => t(words::LOADING).to_owned(),
            Some(found) if found.total == 0 => {
                let narrowed = self.query.with_untracked(Query::is_narrowed);
                t(if narrowed { words::NONE_FOUND } else { self.kind.with_value(|kind| kind.none) }).to_owned()
            }
            // A short list that can't be searched speaks for itself.
            Some(found) if found.last_page() == 1 && self.kind.with_value(|kind| kind.filters.is_empty()) => {
                String::new()
            }
            Some(found) => found.range(),
        }
    }

    /// What to press where nothing is shown: all filters are cleared, or the first one is made.
    fn way_on(self, first: &ViewFn) -> AnyView {
        if !self.query.with_untracked(Query::is_narrowed) {
            return first.run();
        }
        let clear = move || {
            let cleared = self.query.get_untracked().keeping(|_, _| false).turned_to(1);
            self.show(&cleared, false);
            // The button goes with what it clears.
            focus_on(&self.shown_id());
        };
        view! { <Button on_press=clear>{t(words::CLEAR)}</Button> }.into_any()
    }

    /// Which of its states it is in, for the style.
    fn state(self) -> Option<&'static str> {
        let total = self.found.with(|found| found.as_ref().map(|found| found.total));
        match total {
            None if self.problem.with(Option::is_none) => Some("loading"),
            Some(0) => Some("empty"),
            _ => None,
        }
    }
}

/// Fields to narrow it, the rows, and the links to the other pages.
#[component]
pub(crate) fn List(
    list: PagedList,
    /// What to do where there is nothing at all.
    #[prop(optional, into)]
    first: ViewFn,
) -> impl IntoView {
    view! {
        <div class="list" aria-busy=move || list.busy.get().then_some("true") data-state=move || list.state()>
            <Filters list />
            <Callout
                error=Signal::derive(move || list.problem.get().map(not_loaded))
                may_help=Signal::derive(move || list.problem.get().is_some_and(can_be_tried_again))
                on_again=move || list.ask()
            />
            <div class="shown">
                {move || (list.state() == Some("empty")).then(|| view! { <Icon shape=Shape::Empty /> })}
                <p id=list.shown_id() role="status" tabindex="-1">
                    {move || list.shown()}
                </p>
                {move || (list.state() == Some("empty")).then(|| list.way_on(&first))}
            </div>
            {move || (list.state() == Some("loading")).then(|| view! { <Outline /> })}
            <Rows list />
            <Pager list />
        </div>
    }
}

/// The rows of the page that is shown, in a table or a list.
#[component]
fn Rows(list: PagedList) -> impl IntoView {
    let class = list.kind.with_value(|kind| kind.class);
    move || {
        let Found { draw, layout, .. } = list.found.get().filter(|found| found.count > 0)?;
        Some(match layout {
            Layout::Table(caption, columns) => view! {
                <Table class caption columns>
                    {draw()}
                </Table>
            }
            .into_any(),
            Layout::List => view! { <ul class=class>{draw()}</ul> }.into_any(),
            Layout::Own => view! { <div class=class>{draw()}</div> }.into_any(),
        })
    }
}

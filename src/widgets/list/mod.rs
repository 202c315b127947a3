//! A list that the server searches and pages: the document has one page of it.
//!
//! ```text
//! address or field -> Query -> load (a request) -> Found -> rows, range and total, the pager
//! ```
//!
//! The main list of a page has its query in the address: Back, a reload and a bookmark restore it.

mod failure;
mod filters;
mod found;
mod pager;
mod query;
mod table;

use doorstep_locales::{Word, words::list as words};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

pub(crate) use self::{
    failure::{can_be_tried_again, not_loaded, retry_when_reachable},
    filters::{Filter, FilterKind},
    found::{Found, LeftOut},
    query::Query,
    table::Changed,
};
use self::{
    filters::{Filters, SEARCH},
    found::Layout,
    pager::Pager,
    table::Table,
};
use crate::{
    api::{ApiError, Coming},
    i18n::t,
    ui::{
        button::Button,
        callout::Callout,
        focus::focus_on,
        icon::{Icon, Shape},
        skeleton::Outline,
    },
};

/// The properties of a list.
#[derive(Clone)]
pub(crate) struct Kind {
    /// Distinguishes its elements from those of other lists on the page.
    pub(crate) name: String,
    /// The CSS class of the list.
    pub(crate) class: &'static str,
    /// Its filters.
    pub(crate) filters: Vec<Filter>,
    /// The text of the empty list.
    pub(crate) none: Word,
    /// Rows per page.
    pub(crate) limit: u32,
    /// Whether its query is in the address.
    pub(crate) in_address: bool,
}

impl Kind {
    /// The query of an address, without invalid values.
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

    /// Whether a filter is shown, given the values of the others.
    fn is_under(&self, parameter: &str, other: &str) -> bool {
        self.filters
            .iter()
            .any(|filter| filter.parameter == parameter && filter.under.is_some_and(|(above, _)| above == other))
    }
}

/// Requests a page of a list.
type Load = Box<dyn Fn(PagedList, Query) -> Coming<Found>>;

/// The state of a list.
#[derive(Clone, Copy)]
pub(crate) struct PagedList {
    kind: StoredValue<Kind>,
    load: StoredValue<Load, LocalStorage>,
    /// The current path.
    path: Memo<String>,
    /// The path of the list's page.
    own: StoredValue<String>,
    /// Navigates to an address of its page, optionally replacing the history entry.
    go: Callback<(String, bool)>,
    query: RwSignal<Query>,
    found: RwSignal<Option<Found>>,
    problem: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    /// Counts the requests: only the answer to the last one is shown.
    asked: StoredValue<u32>,
    /// Whether the user turned a page, so that the focus moves to it.
    turned: StoredValue<bool>,
}

impl PagedList {
    /// Starts loading the list. `load` requests a page; its rows may reload the list.
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
        retry_when_reachable(move || list.problem.get_untracked(), move || list.ask());
        list
    }

    /// Reloads the current page.
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
            // The last rows of the page were removed, or the page in the address does not exist.
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

    /// Reloads the current page without waiting.
    pub(crate) fn ask(self) {
        spawn_local(self.reload());
    }

    /// Reloads from the first page, which has new items.
    pub(crate) async fn reload_from_start(self) {
        let first = self.query.get_untracked().turned_to(1);
        if first == self.query.get_untracked() {
            self.reload().await;
        } else {
            self.show(&first, true);
        }
    }

    /// The number of items on all pages; tracked.
    pub(crate) fn total(self) -> u32 {
        self.found.with(|found| found.as_ref().map_or(0, |found| found.total))
    }

    /// Shows another query. `in_place`: replaces the history entry.
    fn show(self, query: &Query, in_place: bool) {
        if !self.is_in_address() {
            self.query.set(query.clone());
            return;
        }
        if !self.was_left() {
            self.go.run((query.address(&self.path.read_untracked()), in_place));
        }
    }

    /// Whether another page is shown by now, whose address does not belong to this list.
    fn was_left(self) -> bool {
        self.own.try_with_value(|own| self.path.try_with_untracked(|path| path == own)) != Some(Some(true))
    }

    fn is_in_address(self) -> bool {
        self.kind.with_value(|kind| kind.in_address)
    }

    /// The `id` of the line with range and total.
    fn shown_id(self) -> String {
        self.kind.with_value(|kind| [&kind.name, "-shown"].concat())
    }

    /// Range and total as text.
    fn shown(self) -> String {
        let is_narrowed = self.query.with_untracked(Query::is_narrowed);
        match self.found.get() {
            None if self.problem.with(Option::is_some) => String::new(),
            None => t(words::LOADING).to_owned(),
            Some(found) if found.total == 0 => {
                let none = if is_narrowed { words::NONE_FOUND } else { self.kind.with_value(|kind| kind.none) };
                t(found.left_out.map_or(none, |left_out| left_out.text)).to_owned()
            }
            // A short list without filters needs no count.
            Some(found) if found.last_page() == 1 && self.kind.with_value(|kind| kind.filters.is_empty()) => {
                String::new()
            }
            Some(found) => found.range(is_narrowed),
        }
    }

    /// The actions for an empty list: include what it leaves out, and clear the filters or add the first item.
    fn way_on(self, first: &ViewFn) -> AnyView {
        let go = move |query: Query| {
            self.show(&query, false);
            // The button disappears with the filters.
            focus_on(&self.shown_id());
        };
        let left_out = self.found.with_untracked(|found| found.as_ref().and_then(|found| found.left_out));
        let include = left_out.map(|LeftOut { include, parameter, value, .. }| {
            let include_all = move || go(self.query.get_untracked().with(parameter, value));
            view! { <Button on_press=include_all>{t(include)}</Button> }
        });
        let rest = if self.query.with_untracked(Query::is_narrowed) {
            let label = if self.query.with_untracked(|query| query.is_only(SEARCH)) {
                words::CLEAR_SEARCH
            } else {
                words::CLEAR
            };
            let clear = move || go(self.query.get_untracked().keeping(|_, _| false).turned_to(1));
            view! { <Button on_press=clear>{t(label)}</Button> }.into_any()
        } else {
            first.run()
        };
        view! {
            <div class="buttons">{include} {rest}</div>
        }
        .into_any()
    }

    /// Whether nothing was found; tracked.
    pub(crate) fn is_empty(self) -> bool {
        self.found.with(|found| found.as_ref().is_some_and(|found| found.total == 0))
    }

    /// Its state, for CSS: a list that is empty without filters has nothing to filter.
    fn state(self) -> Option<&'static str> {
        self.found.with(|found| match found {
            None if self.problem.with(Option::is_none) => Some("loading"),
            Some(found) if found.total == 0 => {
                let is_part = found.left_out.is_some() || self.query.with_untracked(Query::is_narrowed);
                Some(if is_part { "empty" } else { "none" })
            }
            _ => None,
        })
    }
}

/// Filters, rows and pager.
#[component]
pub(crate) fn List(
    list: PagedList,
    /// The action for a list without any items.
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
            <div class="shown" class:none=move || list.is_empty()>
                {move || list.is_empty().then(|| view! { <Icon shape=Shape::Empty /> })}
                <p id=list.shown_id() role="status" tabindex="-1">
                    {move || list.shown()}
                </p>
                {move || list.is_empty().then(|| list.way_on(&first))}
            </div>
            {move || (list.state() == Some("loading")).then(|| view! { <Outline /> })}
            <Rows list />
            <Pager list />
        </div>
    }
}

/// The rows of the current page, in a table or list.
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

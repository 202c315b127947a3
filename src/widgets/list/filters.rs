//! The filters of a list. Text is searched for after a pause, or at once with Enter.

use std::time::Duration;

use doorstep_locales::{Word, words::list as words};
use leptos::{attr::custom::custom_attribute, ev, ev::SubmitEvent, prelude::*};

use super::PagedList;
use crate::{
    i18n::t,
    ui::choice::{Choice, Select},
};

/// The parameter of the text search.
pub(super) const SEARCH: &str = "q";

/// The debounce of text input.
const PAUSE: Duration = Duration::from_millis(250);

/// The maximum length of a search, in bytes: the server refuses more.
const LONGEST_TEXT: usize = 200;

/// A filter.
#[derive(Clone)]
pub(crate) struct Filter {
    /// Its parameter in the address and for the server.
    pub(crate) parameter: &'static str,
    /// Its label.
    pub(crate) label: Word,
    pub(crate) kind: FilterKind,
    /// Shown only while the filter of this parameter has this value.
    pub(crate) under: Option<(&'static str, &'static str)>,
}

/// The input of a filter.
#[derive(Clone)]
pub(crate) enum FilterKind {
    /// An `input` of this type, such as `search` or `date`.
    Typed(&'static str),
    /// A select. The first choice has an empty value, which is no filter.
    Chosen(Vec<Choice>),
}

impl Filter {
    /// The text search.
    pub(crate) const fn search() -> Self {
        Self::new(SEARCH, words::SEARCH, FilterKind::Typed("search"))
    }

    /// A filter that is always shown.
    pub(crate) const fn new(parameter: &'static str, label: Word, kind: FilterKind) -> Self {
        Self { parameter, label, kind, under: None }
    }

    /// Whether a value is valid.
    pub(super) fn takes(&self, value: &str) -> bool {
        match &self.kind {
            FilterKind::Typed(_) => value.len() <= LONGEST_TEXT,
            FilterKind::Chosen(choices) => choices.iter().any(|(choice, _)| choice == value),
        }
    }
}

/// The filters; nothing if there are none.
#[component]
pub(super) fn Filters(list: PagedList) -> impl IntoView {
    let (name, filters) = list.kind.with_value(|kind| (kind.name.clone(), kind.filters.clone()));
    let field = move |filter: Filter| {
        let id = [&name, "-", filter.parameter].concat();
        let is_shown = Memo::new(move |_| {
            filter.under.is_none_or(|(parameter, value)| list.query.with(|query| query.value(parameter) == value))
        });
        move || is_shown.get().then(|| view! { <FilterField list filter=filter.clone() id=id.clone() /> })
    };
    // The text search is always visible; on narrow screens the others are in a disclosure.
    let has_others = filters.len() > 1;
    let are_shown = RwSignal::new(untrack(|| {
        let others = || filters.iter().skip(1).map(|filter| filter.parameter);
        list.query.with(|query| others().any(|parameter| !query.value(parameter).is_empty()))
    }));
    let more = move || {
        view! {
            <button
                type="button"
                class="button filters-more"
                aria-expanded=move || are_shown.get().to_string()
                on:click=move |_| are_shown.update(|shown| *shown = !*shown)
            >
                {t(words::FILTERS)}
            </button>
        }
    };
    (!filters.is_empty()).then(|| {
        view! {
            <form
                class="filters"
                class:folded=move || !are_shown.get()
                role="search"
                aria-label=t(words::FILTERS)
                method="dialog"
                on:submit=|event: SubmitEvent| event.prevent_default()
            >
                {filters.into_iter().map(field).collect_view()}
                {has_others.then(more)}
            </form>
        }
    })
}

#[component]
fn FilterField(list: PagedList, filter: Filter, id: String) -> impl IntoView {
    let Filter { parameter, label, kind, .. } = filter;
    let labels = id.clone();
    let control = match kind {
        FilterKind::Typed(kind) => view! { <Typed list parameter id kind /> }.into_any(),
        FilterKind::Chosen(choices) => view! { <Chosen list parameter id choices /> }.into_any(),
    };
    view! {
        <div class="field" class:used=move || list.query.with(|query| !query.value(parameter).is_empty())>
            <label for=labels>{t(label)}</label>
            {control}
        </div>
    }
}

#[component]
fn Typed(list: PagedList, parameter: &'static str, id: String, kind: &'static str) -> impl IntoView {
    let known = move || list.query.with(|query| query.value(parameter).to_owned());
    let typed = RwSignal::new(untrack(known));
    // The last value that was sent from here: any other value came from the address.
    let sent = StoredValue::new(untrack(known));
    Effect::new(move |_| {
        let known = known();
        if sent.get_value() != known {
            sent.set_value(known.clone());
            typed.set(known);
        }
    });
    // Typed text does not apply to the page to which Back leads.
    let went_back = window_event_listener(ev::popstate, move |_| typed.set(untrack(known)));
    on_cleanup(move || went_back.remove());
    let look = move || {
        // The page may be gone by then.
        let (Some(now), Some(before)) = (typed.try_get_untracked(), sent.try_get_value()) else {
            return;
        };
        let now = now.trim().to_owned();
        if now != before {
            sent.set_value(now.clone());
            // Without a history entry: Back should not undo letter by letter.
            list.show(&list.query.get_untracked().with(parameter, &now), true);
        }
    };
    let input = move |event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        let pause_is_over = move || {
            if typed.try_get_untracked().as_ref() == Some(&text) {
                look();
            }
        };
        set_timeout(pause_is_over, PAUSE);
    };
    view! {
        <input
            id=id
            name=parameter
            type=kind
            autocomplete="off"
            autocapitalize="none"
            {..custom_attribute("autocorrect", "off")}
            spellcheck="false"
            prop:value=typed
            on:input=input
            on:change=move |_| look()
        />
    }
}

#[component]
fn Chosen(list: PagedList, parameter: &'static str, id: String, choices: Vec<Choice>) -> impl IntoView {
    let known = Signal::derive(move || list.query.with(|query| query.value(parameter).to_owned()));
    let choose = move |value: String| {
        let under = |other: &str| list.kind.with_value(|kind| kind.is_under(other, parameter));
        let others = list.query.get_untracked().keeping(|other, _| !under(other));
        list.show(&others.with(parameter, &value), false);
    };
    view! { <Select id name=parameter choices value=known on_choose=choose /> }
}

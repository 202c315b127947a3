//! A list of items that can be ended one by one, or all others at once: sessions, devices, magic links, members.

use std::rc::Rc;

use doorstep_contract::{account::List, envelope::Nothing};
use doorstep_locales::{Word, words::entries as words};
use leptos::prelude::*;

use super::{
    confirm::{Confirm, ConfirmDialog, Question, question},
    list::{self, Found, List as ListView, PagedList, Query},
};
use crate::{
    api::{Coming, coming},
    i18n::{t, t_with},
    ui::{
        badge::Badge,
        button::Button,
        facts::{Facts, Shown, Value},
        live::Alert,
        page::Panel,
    },
};

/// Items per page, where the server pages the list.
const LIMIT: u32 = 20;
/// The number of facts in an item's row; the others are in its details.
const IN_ROW: usize = 2;

/// The texts of a list.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) title: Word,
    pub(crate) text: Word,
    /// The text of the empty list.
    pub(crate) nothing: Word,
    /// The label of the button that ends an item.
    pub(crate) end: Word,
    /// The accessible name of that button, with the item's `{name}`.
    pub(crate) end_one: Word,
    /// The label of the button that confirms it.
    pub(crate) end_now: Word,
    /// The consequence of ending an item.
    pub(crate) end_text: Word,
    /// Whether an ended item can't be brought back.
    pub(crate) destroys: bool,
    /// Announced on success.
    pub(crate) ended: Word,
    /// The same for all items but this browser's: label, consequence, announcement.
    pub(crate) end_others: Option<(Word, Word, Word)>,
    /// The columns of a table, with one for the button: the facts of an item are those between the first and the last.
    /// Empty for rows with labelled facts.
    pub(crate) columns: &'static [Word],
}

/// An item.
#[derive(Clone)]
pub(crate) struct Entry<V = String> {
    pub(crate) id: String,
    pub(crate) name: String,
    /// A badge.
    pub(crate) mark: Option<Word>,
    pub(crate) can_be_ended: bool,
    /// The most useful ones first.
    pub(crate) facts: Vec<(Word, V)>,
}

impl<V: Into<Value>> Entry<V> {
    fn shown(self) -> Entry<Value> {
        let Self { id, name, mark, can_be_ended, facts } = self;
        let facts = facts.into_iter().map(|(name, value)| (name, value.into())).collect();
        Entry { id, name, mark, can_be_ended, facts }
    }
}

/// Ends the item with this id, or all others.
type Remove = Box<dyn Fn(Option<String>) -> Coming<Nothing>>;

/// The state of the list.
#[derive(Clone, Copy)]
pub(crate) struct Entries {
    list: PagedList,
    ending: Ending,
}

/// How an item is ended.
#[derive(Clone, Copy)]
struct Ending {
    kind: Kind,
    remove: StoredValue<Rc<Remove>, LocalStorage>,
    confirm: Confirm,
}

impl Ending {
    fn ask(self, list: PagedList, id: Option<String>, (title, meaning, label, told): (String, Word, Word, Word)) {
        let remove = self.remove.get_value();
        let act = move || {
            let removing = remove(id.clone());
            coming(async move {
                removing.await?;
                list.reload().await;
                Ok(())
            })
        };
        let destroys = self.kind.destroys;
        self.confirm.ask(Question { title, meaning, label, destroys, told, act: Rc::new(act) });
    }
}

impl Entries {
    /// Creates the list and starts loading it.
    pub(crate) fn new<V: Into<Value> + 'static>(
        kind: Kind,
        load: impl Fn(String) -> Coming<List<Entry<V>>> + 'static,
        remove: impl Fn(Option<String>) -> Coming<Nothing> + 'static,
    ) -> Self {
        let load = move |query| {
            let loading = load(query);
            coming(async move { Ok(loading.await?.map(Entry::shown)) })
        };
        Self::erased(kind, Box::new(load), Box::new(remove))
    }

    fn erased(kind: Kind, load: Box<dyn Fn(String) -> Coming<List<Entry<Value>>>>, remove: Remove) -> Self {
        let name = heading(kind);
        let ending =
            Ending { kind, remove: StoredValue::new_local(Rc::new(remove)), confirm: Confirm::new(name.clone()) };
        let listed = list::Kind {
            name,
            class: if kind.columns.is_empty() { "entries" } else { "rows" },
            filters: Vec::new(),
            none: kind.nothing,
            limit: LIMIT,
            in_address: false,
        };
        let load = move |list: PagedList, query: Query| {
            let loading = load(query.for_server());
            coming(async move {
                let found = loading.await?;
                if kind.columns.is_empty() {
                    let line = move |entry: &Entry<Value>| view! { <Line ending list entry=entry.clone() /> };
                    return Ok(Found::new(found, line));
                }
                let row = move |entry: &Entry<Value>| view! { <Row ending list entry=entry.clone() /> };
                Ok(Found::new(found, row).in_table(kind.title, kind.columns))
            })
        };
        Self { list: PagedList::new(listed, load), ending }
    }

    /// Reloads the list, from the first page.
    pub(crate) async fn reload(self) {
        self.list.reload_from_start().await;
    }
}

/// The panel: its text, its children, the items, and the button that ends all others.
#[component]
pub(crate) fn EntriesPanel(
    entries: Entries,
    /// The action that adds an item: beside the heading, or in the empty list.
    #[prop(optional, into)]
    action: ViewFn,
    /// Whether its children make items now.
    #[prop(into, default = true.into())]
    is_open: Signal<bool>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let Entries { list, ending } = entries;
    let kind = ending.kind;
    let end_others = move || {
        kind.end_others.filter(|_| list.total() > 1).map(|(title, meaning, told)| {
            let ask = move || ending.ask(list, None, (question(t(title)), meaning, title, told));
            view! { <Button on_press=ask>{t(title)}</Button> }
        })
    };
    let first = action.clone();
    let beside = move || move || (list.total() > 0).then(|| action.run());
    // Where items are made here, it says what they are for.
    let makes_items = children.is_some();
    let text = move || {
        let is_shown = if makes_items { is_open.get() } else { !list.is_empty() };
        is_shown.then(|| view! { <p class="note">{t(kind.text)}</p> })
    };
    view! {
        <Panel heading_id=heading(kind) title=kind.title actions=beside>
            {text}
            {children.map(|children| children())}
            <Alert error=ending.confirm.error() />
            <ListView list first />
            {end_others}
            <ConfirmDialog confirm=ending.confirm />
        </Panel>
    }
}

/// An item as a row with labelled facts.
#[component]
fn Line(ending: Ending, list: PagedList, entry: Entry<Value>) -> impl IntoView {
    let Entry { id, name, mark, can_be_ended, mut facts } = entry;
    let details = facts.split_off(facts.len().min(IN_ROW));
    let details_name = t_with(words::DETAILS_OF, "name", &name);
    let end = can_be_ended.then(|| view! { <EndButton ending list id name=name.clone() /> });
    view! {
        <li>
            <h3>
                <bdi>{name}</bdi>
                {mark.map(|word| view! { " " <Badge word /> })}
            </h3>
            <div class="entry-facts">
                <Facts facts />
                {(!details.is_empty())
                    .then(|| {
                        view! {
                            <details>
                                <summary aria-label=details_name>{t(words::DETAILS)}</summary>
                                <Facts facts=details />
                            </details>
                        }
                    })}
            </div>
            {end}
        </li>
    }
}

/// An item as a row of a table.
#[component]
fn Row(ending: Ending, list: PagedList, entry: Entry<Value>) -> impl IntoView {
    let Entry { id, name, mark, can_be_ended, facts } = entry;
    let end = can_be_ended.then(|| view! { <EndButton ending list id name=name.clone() /> });
    let cell = |(name, value): (Word, Value)| {
        view! {
            <td role="cell" data-label=t(name)>
                <Shown value />
            </td>
        }
    };
    view! {
        <tr role="row">
            <td role="cell">
                <bdi>{name}</bdi>
                {mark.map(|word| view! { " " <Badge word /> })}
            </td>
            {facts.into_iter().map(cell).collect_view()}
            <td role="cell">{end}</td>
        </tr>
    }
}

/// The button that ends the item with this id, after a confirmation.
#[component]
fn EndButton(ending: Ending, list: PagedList, id: String, name: String) -> impl IntoView {
    let kind = ending.kind;
    let end_name = t_with(kind.end_one, "name", &name);
    let title = question(&end_name);
    let ask = move || ending.ask(list, Some(id.clone()), (title.clone(), kind.end_text, kind.end_now, kind.ended));
    view! {
        <Button small=true on_press=ask name=end_name>
            {t(kind.end)}
        </Button>
    }
}

/// The `id` of the panel's heading.
fn heading(kind: Kind) -> String {
    format!("entries-{}", kind.title.index())
}

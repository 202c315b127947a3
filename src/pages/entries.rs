//! A list of what can be ended, one by one or all others at once: sessions, devices, magic links, members.

use std::rc::Rc;

use doorstep_contract::{account::List, envelope::Nothing};
use doorstep_locales::Word;
use leptos::prelude::*;

use super::{
    confirm::{Confirm, Question},
    list::{self, Found, PagedList, Query},
};
use crate::{
    api::{Coming, coming},
    i18n::{t, t_with},
    ui::part::{badge, block, button, dynamic, facts, named_button, note, nothing, panel, text},
};

/// So many are on a page of the list, where the server turns pages at all.
const LIMIT: u32 = 20;

/// What is listed, in words.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) title: Word,
    pub(crate) text: Word,
    /// Said when there is nothing to list.
    pub(crate) nothing: Word,
    /// On the button that ends one.
    pub(crate) end: Word,
    /// The same, with the `{name}` of the entry.
    pub(crate) end_one: Word,
    /// What ending one means.
    pub(crate) end_text: Word,
    /// Told afterwards.
    pub(crate) ended: Word,
    /// The same for all but the one of this browser: button, meaning, outcome.
    pub(crate) end_others: Option<(Word, Word, Word)>,
}

/// One line of the list.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) name: String,
    /// What sets it apart from the others.
    pub(crate) mark: Option<Word>,
    pub(crate) can_be_ended: bool,
    pub(crate) facts: Vec<(Word, String)>,
}

/// Ends the one with this id, or all others.
type Remove = Box<dyn Fn(Option<String>) -> Coming<Nothing>>;

/// The list as it is now.
#[derive(Clone, Copy)]
pub(crate) struct Entries {
    list: PagedList,
    ending: Ending,
}

/// How an entry is ended.
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
        self.confirm.ask(Question { title, meaning, label, told, act: Rc::new(act) });
    }

    fn line(self, list: PagedList, entry: &Entry) -> AnyView {
        let Entry { id, name, mark, can_be_ended, facts: known } = entry.clone();
        let kind = self.kind;
        let end_name = t_with(kind.end_one, "name", &name);
        let mut title = vec![text(name)];
        if let Some(mark) = mark {
            title.extend([text(" "), badge("badge", mark)]);
        }
        let mut parts = vec![block("h3", "", title), facts("", known)];
        if can_be_ended {
            let title = end_name.clone();
            let ask = move || {
                self.ask(list, Some(id.clone()), (title.clone(), kind.end_text, kind.end, kind.ended));
            };
            parts.push(named_button("button", kind.end, Some(end_name), Box::new(ask)));
        }
        block("li", "", parts)
    }
}

impl Entries {
    /// Begins to load them.
    pub(crate) fn new(
        kind: Kind,
        load: impl Fn(String) -> Coming<List<Entry>> + 'static,
        remove: impl Fn(Option<String>) -> Coming<Nothing> + 'static,
    ) -> Self {
        Self::erased(kind, Box::new(load), Box::new(remove))
    }

    fn erased(kind: Kind, load: Box<dyn Fn(String) -> Coming<List<Entry>>>, remove: Remove) -> Self {
        let name = heading(kind);
        let ending =
            Ending { kind, remove: StoredValue::new_local(Rc::new(remove)), confirm: Confirm::new(name.clone()) };
        let listed = list::Kind {
            name,
            class: "entries",
            filters: Vec::new(),
            none: kind.nothing,
            limit: LIMIT,
            in_address: false,
        };
        let load = move |list: PagedList, query: Query| {
            let loading = load(query.for_server());
            coming(async move { Ok(Found::new(loading.await?, move |entry| ending.line(list, entry))) })
        };
        Self { list: PagedList::new(listed, load), ending }
    }

    /// Loads them anew, from the first page.
    pub(crate) async fn reload(self) {
        self.list.reload_from_start().await;
    }

    /// The list, with something between its note and its entries.
    pub(crate) fn view(self, above: Vec<AnyView>) -> AnyView {
        let Self { list, ending } = self;
        let kind = ending.kind;
        let end_others = dynamic(move || match kind.end_others {
            Some((title, meaning, told)) if list.total() > 1 => {
                let ask = move || ending.ask(list, None, (t(title).to_owned(), meaning, title, told));
                button("button", title, ask)
            }
            _ => nothing(),
        });
        let mut parts = vec![note(kind.text)];
        parts.extend(above);
        parts.extend([ending.confirm.alert(), list.view(), end_others, ending.confirm.frame()]);
        panel(&heading(kind), kind.title, parts)
    }
}

/// The `id` of the heading.
fn heading(kind: Kind) -> String {
    format!("entries-{}", kind.title.index())
}

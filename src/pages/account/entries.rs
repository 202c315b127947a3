//! A list of what can be ended, one by one or all others at once: sessions, trusted browsers.

use std::{future::Future, pin::Pin};

use doorstep_contract::envelope::Nothing;
use doorstep_locales::{Word, words::dialog as dialog_words};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    announcement::Announcement,
    api::ApiError,
    i18n::{t, t_with},
    problem::sentence,
    session::proof::Proof,
    ui::{
        dialog::Dialog,
        focus::focus_on,
        part::{alert, block, button, buttons, dynamic, facts, named_button, note, nothing, panel, paragraph, text},
    },
};

/// An answer to come. Boxed: each type of its own would be compiled anew.
pub(super) type Coming<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// What is listed: its words, and how to get and end it.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) title: Word,
    pub(super) text: Word,
    /// Said when there is nothing to list.
    pub(super) nothing: Word,
    /// Marks the entry of this browser.
    pub(super) current: Word,
    /// On the button that ends one.
    pub(super) end: Word,
    /// The same, with the `{name}` of the entry.
    pub(super) end_one: Word,
    /// What ending one means.
    pub(super) end_text: Word,
    /// Told afterwards.
    pub(super) ended: Word,
    /// The same for all but the one of this browser: button, meaning, outcome.
    pub(super) end_others: Option<(Word, Word, Word)>,
    pub(super) load: fn() -> Coming<Vec<Entry>>,
    /// Ends the one with this id, or all others.
    pub(super) remove: fn(Option<String>) -> Coming<Nothing>,
}

/// One line of the list.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) is_current: bool,
    /// What else it is, beside the name.
    pub(super) mark: Option<Word>,
    pub(super) facts: Vec<(Word, String)>,
}

/// What is about to be ended.
#[derive(Clone)]
enum Target {
    One(Entry),
    Others,
}

/// The list as it is now.
#[derive(Clone, Copy)]
struct List {
    kind: Kind,
    entries: RwSignal<Option<Vec<Entry>>>,
    problem: RwSignal<Option<ApiError>>,
    target: RwSignal<Option<Target>>,
    dialog: Dialog,
    proof: Proof,
    announcement: Announcement,
}

impl List {
    fn heading(self) -> String {
        format!("entries-{}", self.kind.title.index())
    }

    fn load(self) {
        spawn_local(self.reload());
    }

    async fn reload(self) {
        match (self.kind.load)().await {
            Ok(entries) => {
                let _ = self.entries.try_set(Some(entries));
                let _ = self.problem.try_set(None);
            }
            Err(error) => self.tell(error),
        }
    }

    fn tell(self, problem: ApiError) {
        let _ = self.problem.try_set(Some(problem));
    }

    fn ask(self, target: Target) {
        self.target.set(Some(target));
        self.dialog.open();
    }

    fn end(self) {
        self.dialog.close();
        let Some(target) = self.target.get_untracked() else {
            return;
        };
        let (id, ended) = match (target, self.kind.end_others) {
            (Target::Others, Some((_, _, ended))) => (None, ended),
            (Target::Others, None) => return,
            (Target::One(entry), _) => (Some(entry.id), self.kind.ended),
        };
        spawn_local(async move {
            match self.proof.with(async || (self.kind.remove)(id.clone()).await).await {
                Ok(_) => {
                    self.reload().await;
                    self.announcement.tell(t(ended).to_owned());
                    // The button that had the focus is gone.
                    focus_on(&self.heading());
                }
                Err(error) => self.tell(error),
            }
        });
    }
}

/// The list.
pub(super) fn entries(kind: Kind) -> AnyView {
    let list = List {
        kind,
        entries: RwSignal::new(None),
        problem: RwSignal::new(None),
        target: RwSignal::new(None),
        dialog: Dialog::new("confirm"),
        proof: Proof::expect(),
        announcement: Announcement::expect(),
    };
    list.load();
    let drawn = dynamic(move || match list.entries.get() {
        None => nothing(),
        Some(entries) if entries.is_empty() => paragraph(t(kind.nothing)),
        Some(entries) => {
            let others = kind.end_others.filter(|_| entries.len() > 1);
            let lines = block("ul", "entries", entries.into_iter().map(|entry| line(list, entry)).collect());
            let end_others = others.map(|(label, ..)| button("button", label, move || list.ask(Target::Others)));
            block("div", "entries", vec![lines, end_others.unwrap_or_else(nothing)])
        }
    });
    panel(
        &list.heading(),
        kind.title,
        vec![
            note(kind.text),
            alert(move || list.problem.get().map(sentence)),
            drawn,
            list.dialog.frame(move || confirmation(list), || {}),
        ],
    )
}

fn line(list: List, entry: Entry) -> AnyView {
    let Entry { name, is_current, mark, facts: known, .. } = entry.clone();
    let end_name = t_with(list.kind.end_one, "name", &name);
    let mut title = vec![text(name)];
    for mark in is_current.then_some(list.kind.current).into_iter().chain(mark) {
        title.extend([text(" "), block("span", "badge", vec![text(t(mark))])]);
    }
    let mut parts = vec![block("h3", "", title), facts("", known)];
    if !is_current || list.kind.end_others.is_none() {
        let ask = move || list.ask(Target::One(entry.clone()));
        parts.push(named_button("button", list.kind.end, Some(end_name), Box::new(ask)));
    }
    block("li", "", parts)
}

/// Asks before it ends anything.
fn confirmation(list: List) -> (String, Vec<AnyView>) {
    let kind = list.kind;
    let (title, meaning, label) = match (list.target.get_untracked(), kind.end_others) {
        (Some(Target::One(entry)), _) => (t_with(kind.end_one, "name", &entry.name), kind.end_text, kind.end),
        (_, Some((title, meaning, _))) => (t(title).to_owned(), meaning, title),
        (_, None) => (String::new(), kind.end_text, kind.end),
    };
    let choices = vec![
        button("button", dialog_words::CANCEL, move || list.dialog.close()),
        button("button primary", label, move || list.end()),
    ];
    (title, vec![paragraph(t(meaning)), buttons(choices)])
}

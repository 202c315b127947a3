//! A modal dialog over the native one: the browser keeps the focus inside, closes it on Esc, and gives the focus back.

use doorstep_locales::Word;
use leptos::{html, prelude::*, text_prop::TextProp};

use super::button::{Button, Look};
use crate::i18n::t;

/// Whether a dialog is open, and the means to open and close it.
#[derive(Clone, Copy)]
pub(crate) struct DialogState {
    /// Sets it apart from the other dialogs of the page.
    name: &'static str,
    frame: NodeRef<html::Dialog>,
    open: RwSignal<bool>,
}

impl DialogState {
    /// Of a dialog that is closed.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, frame: NodeRef::new(), open: RwSignal::new(false) }
    }

    /// Opens it.
    pub(crate) fn open(self) {
        self.open.set(true);
        // Once its content is drawn: the first field in it gets the focus. Before any event: one of the last time that it
        // was closed may still come.
        queue_microtask(move || {
            if let Some(frame) = self.frame.try_get_untracked().flatten() {
                // Refused only when it is open already.
                let _ = frame.show_modal();
            }
        });
    }

    /// Closes it. What had the focus before has it again.
    pub(crate) fn close(self) {
        if let Some(frame) = self.frame.try_get_untracked().flatten() {
            frame.close();
        }
    }
}

/// A dialog: heading and content, which are drawn when it opens and gone when it is closed, so that no secret stays
/// behind.
#[component]
pub(crate) fn Dialog(
    state: DialogState,
    #[prop(into)] title: TextProp,
    /// It was closed, by a button or by Esc.
    #[prop(into, default = UnsyncCallback::from(|| ()))]
    on_close: UnsyncCallback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let heading = [state.name, "-heading"].concat();
    let labelled_by = heading.clone();
    let closed = move |_| {
        // The event comes a moment after: it may be open again.
        if state.frame.get_untracked().is_none_or(|frame| !frame.open()) {
            state.open.set(false);
            on_close.run(());
        }
    };
    let draw = move || {
        state.open.get().then(|| {
            view! {
                <h2 id=heading.clone()>{title.get()}</h2>
                {children()}
            }
        })
    };
    view! {
        <dialog node_ref=state.frame class="dialog" aria-labelledby=labelled_by on:close=closed>
            {draw}
        </dialog>
    }
}

/// A button, and the dialog of the same name that it opens.
#[component]
pub(crate) fn DialogButton(state: DialogState, label: Word, children: ChildrenFn) -> impl IntoView {
    view! {
        <div>
            <Button look=Look::Primary on_press=move || state.open()>
                {t(label)}
            </Button>
            <Dialog state title=t(label)>
                {children()}
            </Dialog>
        </div>
    }
}

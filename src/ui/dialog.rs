//! A modal `<dialog>`: the browser keeps the focus inside, closes it on Esc, and restores the focus.

use doorstep_locales::Word;
use leptos::{html, prelude::*, text_prop::TextProp};

use super::button::{Button, Look};
use crate::i18n::t;

/// The state of a dialog.
#[derive(Clone, Copy)]
pub(crate) struct DialogState {
    /// Distinguishes it from the other dialogs of the page.
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
        // Once the content is drawn, so that its first field gets the focus. In a microtask, before a pending `close`
        // event of the previous time is handled.
        queue_microtask(move || {
            if let Some(frame) = self.frame.try_get_untracked().flatten() {
                // Fails only if it is open already.
                let _ = frame.show_modal();
            }
        });
    }

    /// Closes the dialog. The browser restores the focus.
    pub(crate) fn close(self) {
        if let Some(frame) = self.frame.try_get_untracked().flatten() {
            frame.close();
        }
    }
}

/// A dialog: heading and content, which are drawn when it opens and removed when it closes, so that no secret remains
/// in the document.
#[component]
pub(crate) fn Dialog(
    state: DialogState,
    #[prop(into)] title: TextProp,
    /// Called when it was closed, by a button or by Esc.
    #[prop(into, default = UnsyncCallback::from(|| ()))]
    on_close: UnsyncCallback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let heading = [state.name, "-heading"].concat();
    let labelled_by = heading.clone();
    let closed = move |_| {
        // The `close` event is asynchronous: the dialog may be open again.
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

/// A button and the dialog that it opens, both with this label.
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

//! A modal dialog over the native one: the browser keeps the focus inside, closes it on Esc, and gives the focus back.

use leptos::{html, prelude::*};

/// A dialog.
#[derive(Clone, Copy)]
pub(crate) struct Dialog {
    /// Sets it apart from the other dialogs of the page.
    name: &'static str,
    frame: NodeRef<html::Dialog>,
    open: RwSignal<bool>,
}

impl Dialog {
    /// A dialog that is closed.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, frame: NodeRef::new(), open: RwSignal::new(false) }
    }

    /// Opens it.
    pub(crate) fn open(self) {
        self.open.set(true);
        // Once its content is drawn: the first field in it gets the focus.
        request_animation_frame(move || {
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

    /// The dialog itself: heading and content, which are there only while it is open, so that no secret stays behind.
    /// `closed`: it has been closed, whoever closed it.
    pub(crate) fn frame(
        self,
        content: impl Fn() -> (String, Vec<AnyView>) + Send + 'static,
        closed: impl Fn() + 'static,
    ) -> AnyView {
        self.erased_frame(Box::new(content), Box::new(closed))
    }

    fn erased_frame(self, content: Box<dyn Fn() -> (String, Vec<AnyView>) + Send>, closed: Box<dyn Fn()>) -> AnyView {
        let heading = [self.name, "-heading"].concat();
        let labelled_by = heading.clone();
        let close = move |_| {
            self.open.set(false);
            closed();
        };
        let draw = move || {
            self.open.get().then(|| {
                let (title, parts) = content();
                view! {
                    <h2 id=heading.clone()>{title}</h2>
                    {parts}
                }
            })
        };
        view! {
            <dialog node_ref=self.frame class="dialog" aria-labelledby=labelled_by on:close=close>
                {draw}
            </dialog>
        }
        .into_any()
    }
}

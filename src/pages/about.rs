//! The panel that says what something is, and turns into a form to change it.

use std::rc::Rc;

use doorstep_locales::{
    Word,
    words::{choose, dialog as dialog_words, list, profile, projects as words},
};
use leptos::prelude::*;

use super::{
    confirm::{Confirm, Question},
    press::Press,
};
use crate::{
    announcement::Announcement,
    api::Coming,
    i18n::t,
    ui::{
        busy::busy_button,
        focus::focus_on,
        form::{Form, form_view},
        part::{block, button, buttons, dynamic, panel},
    },
};

/// The `id` of its heading.
const HEADING: &str = "about-heading";

/// Saves a change, and sees to it that the page shows it.
pub(crate) type Change = Rc<dyn Fn() -> Coming<()>>;

/// The panel.
#[derive(Clone, Copy)]
pub(crate) struct About {
    editing: RwSignal<bool>,
    /// The field that has the focus when editing begins.
    first: &'static str,
    confirm: Confirm,
    press: Press,
    announcement: Announcement,
}

impl About {
    /// A panel that is read, with a form that begins with this field.
    pub(crate) fn new(first: &'static str) -> Self {
        Self {
            editing: RwSignal::new(false),
            first,
            confirm: Confirm::new(HEADING.to_owned()),
            press: Press::new(),
            announcement: Announcement::expect(),
        }
    }

    /// Draws it, by what draws it to be read and what draws the form.
    pub(crate) fn view(
        self,
        read: impl Fn() -> AnyView + Send + 'static,
        edit: impl Fn() -> AnyView + Send + 'static,
    ) -> AnyView {
        let drawn = dynamic(move || if self.editing.get() { edit() } else { read() });
        about_panel(vec![self.confirm.alert(), self.press.alert(), drawn, self.confirm.frame()])
    }

    /// The buttons below what is read: to edit it, and one more.
    pub(crate) fn buttons(self, other: AnyView) -> AnyView {
        let edit = move || {
            self.editing.set(true);
            request_animation_frame(move || focus_on(self.first));
        };
        buttons(vec![button("button", list::EDIT, edit), other])
    }

    /// A button that changes it at once.
    pub(crate) fn at_once(self, label: Word, change: Change) -> AnyView {
        let press = move || {
            let changing = change();
            self.press.run(async move || {
                changing.await?;
                self.saved();
                Ok(())
            });
        };
        busy_button(label, self.press.busy(), press)
    }

    /// A button that asks before it changes it: what that means, and what is told afterwards.
    pub(crate) fn on_second_thought(self, label: Word, meaning: Word, told: Word, change: Change) -> AnyView {
        let ask = move || {
            self.confirm.ask(Question { title: t(label).to_owned(), meaning, label, told, act: change.clone() });
        };
        button("button", label, ask)
    }

    /// The form, and a way out of it.
    pub(crate) fn form(self, form: Form, fields: Vec<AnyView>, send: impl Fn() + 'static) -> AnyView {
        let cancel = move || {
            self.editing.set(false);
            focus_on(HEADING);
        };
        let form = form_view(form, profile::SUBMIT, choose::SUBMITTING, fields, send);
        block("div", "stack", vec![form, button("button", dialog_words::CANCEL, cancel)])
    }

    /// It has been changed. The button that was pressed is gone.
    pub(crate) fn saved(self) {
        self.editing.set(false);
        self.announcement.tell(t(profile::SAVED).to_owned());
        focus_on(HEADING);
    }
}

/// The same for those who may read it, and no more.
pub(crate) fn about_panel(parts: Vec<AnyView>) -> AnyView {
    panel(HEADING, words::ABOUT, parts)
}

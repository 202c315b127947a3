//! The panel with the properties of a thing, which turns into a form to edit them. Buttons that change it may be
//! anywhere on the page.

use std::rc::Rc;

use doorstep_locales::{
    Word,
    words::{choose, list, profile, projects as words},
};
use leptos::prelude::*;

use super::{
    announcement::Announcement,
    confirm::{Confirm, ConfirmDialog, Question},
    press::Press,
    unsaved::is_kept,
};
use crate::{
    api::Coming,
    i18n::t,
    ui::{
        button::Button,
        cancel::Cancel,
        focus::focus_on,
        form::{Form, FormState, Refusal},
        live::Alert,
        page::Panel,
    },
};

/// The `id` of the panel's heading.
const HEADING: &str = "about-heading";

/// Saves a change, and updates the page.
pub(crate) type Change = Rc<dyn Fn() -> Coming<()>>;

/// The state of the panel.
#[derive(Clone, Copy)]
pub(crate) struct About {
    editing: RwSignal<bool>,
    /// The field that gets the focus when editing begins.
    first: &'static str,
    confirm: Confirm,
    press: Press,
    announcement: Announcement,
}

impl About {
    /// The state of a panel whose form begins with this field, and is watched by that name (`unsaved::watch`).
    pub(crate) fn new(first: &'static str) -> Self {
        Self {
            editing: RwSignal::new(is_kept(first)),
            first,
            confirm: Confirm::new(HEADING.to_owned()),
            press: Press::new(),
            announcement: Announcement::expect(),
        }
    }

    /// The change is saved, which is announced. The pressed button is gone.
    fn saved(self, done: Word) {
        self.editing.set(false);
        self.announcement.tell(t(done).to_owned());
        focus_on(HEADING);
    }
}

/// The panel: the properties, or the form.
#[component]
pub(crate) fn AboutPanel(about: About, #[prop(into)] read: ViewFn, #[prop(into)] edit: ViewFn) -> impl IntoView {
    let begin = move || {
        about.editing.set(true);
        request_animation_frame(move || focus_on(about.first));
    };
    let edit_button = move || {
        (!about.editing.get()).then(|| {
            view! {
                <Button small=true on_press=begin>
                    {t(list::EDIT)}
                </Button>
            }
        })
    };
    view! {
        <Panel heading_id=HEADING title=words::ABOUT actions=move || edit_button>
            <Alert error=about.confirm.error() />
            <Alert error=about.press.error() />
            {move || if about.editing.get() { edit.run() } else { read.run() }}
            <ConfirmDialog confirm=about.confirm />
        </Panel>
    }
}

/// The panel for users who may not edit it.
#[component]
pub(crate) fn AboutReadOnly(children: Children) -> impl IntoView {
    view! {
        <Panel heading_id=HEADING title=words::ABOUT>
            {children()}
        </Panel>
    }
}

/// A button for a change without confirmation.
#[component]
pub(crate) fn ImmediateChange(
    about: About,
    label: Word,
    /// Announced on success.
    done: Word,
    change: Change,
) -> impl IntoView {
    let press = move || {
        let changing = change();
        about.press.run(async move || {
            changing.await?;
            about.saved(done);
            Ok(())
        });
    };
    view! {
        <Button small=true busy=about.press.busy() on_press=press>
            {t(label)}
        </Button>
    }
}

/// A button for a change with confirmation, which can be undone.
#[component]
pub(crate) fn ConfirmedChange(
    about: About,
    label: Word,
    /// The title of the confirmation.
    question: String,
    /// The consequence of the change.
    meaning: Word,
    /// Announced on success.
    done: Word,
    change: Change,
) -> impl IntoView {
    let ask = move || {
        let (title, act) = (question.clone(), change.clone());
        about.confirm.ask(Question { title, meaning, label, destroys: false, told: done, act });
    };
    view! {
        <Button small=true on_press=ask>
            {t(label)}
        </Button>
    }
}

/// The form, with a cancel button.
#[component]
pub(crate) fn AboutForm<F: AsyncFn() -> Result<(), Refusal> + 'static>(
    about: About,
    state: FormState,
    /// Validates the input and sends it.
    on_submit: F,
    children: Children,
) -> impl IntoView {
    let cancel = move || {
        about.editing.set(false);
        focus_on(HEADING);
    };
    view! {
        <Form
            state
            submit=profile::SUBMIT
            submitting=choose::SUBMITTING
            on_submit
            on_done=move || about.saved(profile::SAVED)
            cancel=move || view! { <Cancel on_press=cancel /> }
            cancel_last=true
        >
            {children()}
        </Form>
    }
}

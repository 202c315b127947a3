//! Confirmation dialogs.

use std::rc::Rc;

use doorstep_locales::{Word, words::dialog as words};
use leptos::prelude::*;

use super::{announcement::Announcement, press::Press};
use crate::{
    api::Coming,
    i18n::{t, t_with},
    ui::{
        button::{Button, Look},
        cancel::Cancel,
        dialog::{Dialog, DialogState},
        focus::focus_on,
    },
};

/// The content of a confirmation, and its action.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) title: String,
    /// The consequence.
    pub(crate) meaning: Word,
    /// The label of the button that confirms.
    pub(crate) label: Word,
    /// Whether the action is destructive.
    pub(crate) destroys: bool,
    /// Announced on success.
    pub(crate) told: Word,
    /// Performs the action, and updates the page.
    pub(crate) act: Rc<dyn Fn() -> Coming<()>>,
}

/// The confirmation dialog of a panel.
#[derive(Clone, Copy)]
pub(crate) struct Confirm(StoredValue<Asked, LocalStorage>);

/// The state of the dialog.
#[derive(Clone)]
struct Asked {
    dialog: DialogState,
    press: Press,
    question: Option<Question>,
    /// The `id` of the panel's heading, which gets the focus if the pressed button is gone.
    heading: String,
    announcement: Announcement,
}

impl Confirm {
    /// For the panel with this heading.
    pub(crate) fn new(heading: String) -> Self {
        Self(StoredValue::new_local(Asked {
            dialog: DialogState::new("confirm"),
            press: Press::new(),
            question: None,
            heading,
            announcement: Announcement::expect(),
        }))
    }

    fn dialog(self) -> DialogState {
        self.0.with_value(|asked| asked.dialog)
    }

    /// Opens the dialog.
    pub(crate) fn ask(self, question: Question) {
        self.0.update_value(|asked| asked.question = Some(question));
        self.dialog().open();
    }

    fn carry_out(self) {
        let Asked { dialog, press, question, heading, announcement } = self.0.get_value();
        dialog.close();
        let Some(question) = question else {
            return;
        };
        press.run(async move || {
            (question.act)().await?;
            announcement.tell(t(question.told).to_owned());
            focus_on(&heading);
            Ok(())
        });
    }

    /// Why the last action failed.
    pub(crate) fn error(self) -> Signal<Option<Word>> {
        self.0.with_value(|asked| asked.press).error()
    }
}

/// An action, phrased as a question.
pub(crate) fn question(action: &str) -> String {
    t_with(words::QUESTION, "text", action)
}

/// The dialog.
#[component]
pub(crate) fn ConfirmDialog(confirm: Confirm) -> impl IntoView {
    let dialog = confirm.dialog();
    let question = move || confirm.0.with_value(|asked| asked.question.clone());
    let title = move || question().map(|question| question.title).unwrap_or_default();
    view! {
        <Dialog state=dialog title>
            {question()
                .map(|Question { meaning, label, destroys, .. }| {
                    let look = if destroys { Look::Danger } else { Look::Primary };
                    view! {
                        <p>{t(meaning)}</p>
                        <div class="buttons">
                            <Cancel on_press=move || dialog.close() />
                            <Button look on_press=move || confirm.carry_out()>
                                {t(label)}
                            </Button>
                        </div>
                    }
                })}
        </Dialog>
    }
}

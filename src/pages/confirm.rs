//! A question before something is ended.

use std::rc::Rc;

use doorstep_locales::{Word, words::dialog as words};
use leptos::prelude::*;

use super::press::Press;
use crate::{
    announcement::Announcement,
    api::Coming,
    i18n::t,
    session::proof::Proof,
    ui::{
        dialog::Dialog,
        focus::focus_on,
        part::{button, buttons, paragraph},
    },
};

/// What is about to be done.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) title: String,
    /// What it means.
    pub(crate) meaning: Word,
    /// On the button that does it.
    pub(crate) label: Word,
    /// Told afterwards.
    pub(crate) told: Word,
    /// Does it, and sees to it that the page shows that it is done.
    pub(crate) act: Rc<dyn Fn() -> Coming<()>>,
}

/// The dialog that asks, in a panel.
#[derive(Clone, Copy)]
pub(crate) struct Confirm(StoredValue<Asked, LocalStorage>);

/// What it asks, and by what.
#[derive(Clone)]
struct Asked {
    dialog: Dialog,
    press: Press,
    question: Option<Question>,
    /// The heading of the panel: the button that had the focus may be gone.
    heading: String,
    proof: Proof,
    announcement: Announcement,
}

impl Confirm {
    /// For the panel with this heading.
    pub(crate) fn new(heading: String) -> Self {
        Self(StoredValue::new_local(Asked {
            dialog: Dialog::new("confirm"),
            press: Press::new(),
            question: None,
            heading,
            proof: Proof::expect(),
            announcement: Announcement::expect(),
        }))
    }

    fn dialog(self) -> Dialog {
        self.0.with_value(|asked| asked.dialog)
    }

    /// Asks.
    pub(crate) fn ask(self, question: Question) {
        self.0.update_value(|asked| asked.question = Some(question));
        self.dialog().open();
    }

    fn carry_out(self) {
        let Asked { dialog, press, question, heading, proof, announcement } = self.0.get_value();
        dialog.close();
        let Some(question) = question else {
            return;
        };
        press.run(async move || {
            proof.with(async || (question.act)().await).await?;
            announcement.tell(t(question.told).to_owned());
            focus_on(&heading);
            Ok(())
        });
    }

    /// Where it is told why it did not work.
    pub(crate) fn alert(self) -> AnyView {
        self.0.with_value(|asked| asked.press).alert()
    }

    /// The dialog itself.
    pub(crate) fn frame(self) -> AnyView {
        let content = move || match self.0.with_value(|asked| asked.question.clone()) {
            Some(Question { title, meaning, label, .. }) => {
                let choices = vec![
                    button("button", words::CANCEL, move || self.dialog().close()),
                    button("button primary", label, move || self.carry_out()),
                ];
                (title, vec![paragraph(t(meaning)), buttons(choices)])
            }
            None => (String::new(), Vec::new()),
        };
        self.dialog().frame(content, || {})
    }
}

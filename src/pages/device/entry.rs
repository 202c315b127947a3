//! The form for the user code: painted by the server and adopted, or a copy of its template.
//!
//! ```text
//! painted, typed into before the app started -> the field's text is the code
//! key press -> the field is normalized to the displayed format -> Flow::code
//! Enter, or a submit before the app started -> look_up -> mod.rs
//! ```

use doorstep_contract::{
    shell::{attribute, id},
    user_code,
};
use doorstep_locales::{Word, words::device as words};
use leptos::prelude::*;
use web_sys::{Element, Event as DomEvent, HtmlFormElement, HtmlInputElement};

use super::{Flow, arrival::Arrival};
use crate::ui::{
    adopt::{Screen, bind_flag, bind_text, listen},
    form::{FormState, Problem, Refusal},
};

/// The view. It draws nothing: it adopts the form.
#[component]
pub(super) fn Entry(flow: Flow) -> impl IntoView {
    let screen = Screen::adopt(id::DEVICE, id::DEVICE_TEMPLATE, id::MAIN);
    if let Some(entry) = screen.as_ref().and_then(|screen| Handler::find(screen, flow)) {
        entry.attach();
    }
}

/// The form's elements, and their event handlers.
#[derive(Clone)]
struct Handler {
    flow: Flow,
    form: HtmlFormElement,
    state: FormState,
    code: HtmlInputElement,
}

impl Handler {
    fn find(screen: &Screen, flow: Flow) -> Option<Self> {
        let (state, arrival) = (FormState::new(id::DEVICE), Arrival::expect());
        let this = Self { flow, form: screen.find(id::DEVICE_FORM)?, state, code: screen.find(id::USER_CODE)? };
        let [half, alert, submit]: [Element; 3] =
            [screen.find(id::USER_CODE_HALF)?, screen.find(id::DEVICE_ALERT)?, screen.find(id::DEVICE_SUBMIT)?];
        bind_flag(&half, "hidden", move || !arrival.is_by_link());
        bind_text(&alert, move || state.told().to_owned());
        state.mark(&this.code, |state| state.blames(id::USER_CODE), id::USER_CODE_TEXT);
        state.show_on(&submit, words::CONTINUE, words::CONTINUING);
        Some(this)
    }

    /// Attaches the listeners, and carries out a submit from before the app started.
    fn attach(self) {
        // The user typed or cleared the field before the app started. Its text and caret stay until more is typed.
        let painted = self.code.get_attribute("value").unwrap_or_default();
        let there = self.code.value();
        if there != painted {
            self.flow.code.set(user_code::typed(&there));
        }
        let this = self.clone();
        Effect::new(move |_| {
            this.flow.code.with(|code| {
                if user_code::typed(&this.code.value()) != *code {
                    this.code.set_value(code);
                }
            });
        });
        let this = self.clone();
        listen(&self.code, "input", move |_: DomEvent| this.read());
        if self.form.has_attribute(attribute::EARLY_SUBMIT) {
            let _ = self.form.remove_attribute(attribute::EARLY_SUBMIT);
            self.submit();
        }
        let form = self.form.clone();
        listen(&form, "submit", move |event: DomEvent| {
            event.prevent_default();
            self.submit();
        });
    }

    /// Normalizes the field to the displayed format.
    fn read(&self) {
        let typed = self.code.value();
        let code = user_code::typed(&typed);
        // Setting the same text would move the caret.
        if code != typed {
            self.code.set_value(&code);
        }
        let _ = self.flow.code.try_set(code);
    }

    fn submit(&self) {
        // Autofill may not have fired an input event.
        self.read();
        let flow = self.flow;
        self.state.submit(look_up(flow), move || flow.arrival.typed());
    }
}

async fn look_up(flow: Flow) -> Result<(), Refusal> {
    if flow.whole_code().is_none() {
        return Err(code_problem(words::CODE_MISSING));
    }
    match flow.go_on().await {
        Ok(true) => Ok(()),
        Ok(false) => Err(code_problem(words::UNKNOWN_CODE)),
        Err(error) => flow.end(error).map_or(Ok(()), |error| Err(error.into())),
    }
}

fn code_problem(sentence: Word) -> Refusal {
    Problem { sentence, field: Some(id::USER_CODE) }.into()
}

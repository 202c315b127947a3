//! Forms: validation, submission, errors and limits.
//!
//! ```text
//! Enter -> Form reads its fields -> FormState::submit -> machine.rs decides -> on_submit checks and sends
//!       -> Ok, or a Refusal -> machine.rs -> alert, button, focus -> on_done
//! ```
//!
//! `on_submit` returns a [`Problem`] found in the page, or an error of the API mapped to the field at fault
//! (`problem::blame`), by `?`. The input stays. If the server requires re-authentication, the API client asks for it,
//! and the form waits longer.
//!
//! A form called `profile` has the element `profile-alert` for its errors, and `profile-submit` for its button.

mod machine;

use std::{future::Future, pin::Pin, rc::Rc, time::Duration};

use doorstep_locales::{
    Word, fill,
    words::{error, login},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use web_sys::{Element, Event, wasm_bindgen::JsCast as _};

pub(crate) use self::machine::{Problem, Refusal, State};
use super::{
    adopt::{bind_attribute, bind_flag, bind_text, set_attribute},
    button::Look,
    clock::Deadline,
    focus::focus_on,
};
use crate::i18n::{minutes, t, t_with};

/// The future of a submit. Boxed, because generic code would be compiled again for each future type.
type Submitting = Pin<Box<dyn Future<Output = Result<(), Refusal>>>>;

/// The state of a form, and its operations.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    name: &'static str,
    state: RwSignal<State>,
}

impl FormState {
    /// A form of this name, which must be unique in the page.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, state: RwSignal::new(State::Ready(None)) }
    }

    /// The `id` of the element for its errors.
    pub(crate) fn alert(self) -> String {
        [self.name, "-alert"].concat()
    }

    /// The `id` of its button.
    pub(crate) fn button(self) -> String {
        [self.name, "-submit"].concat()
    }

    /// The state; tracked.
    pub(crate) fn state(self) -> State {
        // A form that was removed has no state.
        self.state.try_get().unwrap_or(State::Done)
    }

    /// Submits the form if it is ready; calls `done` on success.
    pub(crate) fn submit(
        self,
        submit: impl Future<Output = Result<(), Refusal>> + 'static,
        done: impl FnOnce() + 'static,
    ) {
        self.carry_out(Box::pin(submit), Box::new(done));
    }

    fn carry_out(self, submit: Submitting, done: Box<dyn FnOnce()>) {
        let before = untrack(|| self.state());
        self.set(before.submitted());
        if !matches!(before, State::Ready(_)) {
            return;
        }
        spawn_local(async move {
            let answer = submit.await;
            // The page may be gone by the time of the answer.
            let Some(state) = self.state.try_get_untracked() else {
                return;
            };
            self.set(state.answered(answer));
            match answer {
                Ok(()) => done(),
                Err(Refusal::Problem(_)) => self.point_out(),
                Err(Refusal::Wait(seconds)) => self.tick_until(Deadline::after(seconds)),
            }
        });
    }

    /// Shows a problem from elsewhere.
    pub(crate) fn tell(self, problem: Problem) {
        self.set(State::Ready(Some(problem)));
    }

    /// Resets the form.
    pub(crate) fn reset(self) {
        self.set(State::Ready(None));
    }

    /// The form succeeded, and may be submitted again after this many seconds.
    pub(crate) fn rest(self, seconds: u32) {
        self.set(State::Resting(seconds));
        self.tick_until(Deadline::after(seconds));
    }

    /// Another account is meant now.
    pub(crate) fn turn(self) {
        self.set(untrack(|| self.state()).turned());
    }

    /// Whether this field is at fault.
    pub(crate) fn blames(self, field: &str) -> bool {
        self.state().problem().is_some_and(|problem| problem.field == Some(field))
    }

    /// The `id`s of the elements that describe a field: the error if the field is at fault, and a hint; `None` if
    /// neither.
    pub(crate) fn description(self, at_fault: bool, hint: &str) -> Option<String> {
        match (at_fault, hint) {
            (false, "") => None,
            (false, hint) => Some(hint.to_owned()),
            (true, "") => Some(self.alert()),
            (true, hint) => Some([&self.alert(), " ", hint].concat()),
        }
    }

    /// Whether the form was submitted.
    pub(crate) fn is_busy(self) -> bool {
        matches!(self.state(), State::Sending | State::Done)
    }

    /// Whether the form can't be submitted now.
    pub(crate) fn is_held(self) -> bool {
        !matches!(self.state(), State::Ready(_))
    }

    /// The error message. It does not contain the remaining seconds: a screen reader would read each change.
    pub(crate) fn told(self) -> &'static str {
        match self.state() {
            State::Ready(Some(problem)) => t(problem.sentence),
            State::Waiting(_) => t(error::RATE_LIMITED),
            State::Ready(None) | State::Resting(_) | State::Sending | State::Done => "",
        }
    }

    /// The label of the button.
    pub(crate) fn label(self, ready: Word, busy: Word) -> String {
        match self.state() {
            State::Ready(_) => t(ready).to_owned(),
            State::Sending | State::Done => t(busy).to_owned(),
            State::Waiting(seconds) => t_with(login::WAIT, "time", &minutes(seconds)),
            State::Resting(seconds) => fill(&t_with(login::REST, "action", t(ready)), "time", &minutes(seconds)),
        }
    }

    /// Binds a painted button to the form's state.
    pub(crate) fn show_on(self, button: &Element, ready: Word, busy: Word) {
        bind_flag(button, "aria-disabled", move || self.is_held());
        bind_flag(button, "aria-busy", move || self.is_busy());
        bind_text(button, move || self.label(ready, busy));
    }

    /// Binds the description of the field with this `id`, once it is drawn. An effect is smaller than an attribute.
    pub(crate) fn describe(self, id: &'static str, hint: &'static str) {
        Effect::new(move |_: Option<()>| {
            let description = self.description(self.blames(id), hint);
            if let Some(field) = document().get_element_by_id(id) {
                set_attribute(&field, "aria-describedby", description);
            }
        });
    }

    /// Binds a painted field to whether it is at fault; `hint` is the `id` of another description.
    pub(crate) fn mark(self, field: &Element, at_fault: fn(Self) -> bool, hint: &'static str) {
        bind_flag(field, "aria-invalid", move || at_fault(self));
        bind_attribute(field, "aria-describedby", Box::new(move || self.description(at_fault(self), hint)));
    }

    /// Moves the focus to the field at fault, else to the button.
    fn point_out(self) {
        match untrack(|| self.state()).problem().and_then(|problem| problem.field) {
            Some(field) => focus_on(field),
            None => focus_on(&self.button()),
        }
    }

    fn tick_until(self, deadline: Deadline) {
        let tick = move || {
            let left = deadline.seconds_left();
            let Some(state) = self.state.try_get_untracked() else {
                return;
            };
            let state = state.ticked(left);
            self.set(state);
            if matches!(state, State::Waiting(_) | State::Resting(_)) {
                self.tick_until(deadline);
            }
        };
        set_timeout(tick, Duration::from_secs(1));
    }

    fn set(self, state: State) {
        // The signal is gone when the page is.
        let _ = self.state.try_set(state);
    }
}

/// What was typed, without the spaces around it; if it is nothing, a problem with this message.
pub(crate) fn required(typed: RwSignal<String>, field: &'static str, missing: Word) -> Result<String, Problem> {
    let typed = typed.get_untracked().trim().to_owned();
    if typed.is_empty() { Err(Problem { sentence: missing, field: Some(field) }) } else { Ok(typed) }
}

/// Fires input events for the fields of a form: autofill need not have fired them.
fn read_fields(event: &SubmitEvent) {
    let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(fields) = form.and_then(|form| form.query_selector_all("input[name], textarea, select").ok()) else {
        return;
    };
    for field in (0..fields.length()).filter_map(|index| fields.item(index)) {
        for kind in ["input", "change"] {
            if let Ok(told) = Event::new(kind) {
                told.init_event_with_bubbles(kind, true);
                let _ = field.dispatch_event(&told);
            }
        }
    }
}

/// A form: its errors, its fields, and its button, whose label changes while a request is in progress.
#[component]
pub(crate) fn Form<F: AsyncFn() -> Result<(), Refusal> + 'static>(
    state: FormState,
    /// The button's label.
    submit: Word,
    /// The button's label while a request is in progress.
    submitting: Word,
    /// The role of the button.
    #[prop(default = Look::Primary)]
    look: Look,
    /// Validates the input and sends it.
    on_submit: F,
    /// Called on success. By default the form stays as it is, and can't be submitted again.
    #[prop(into, default = UnsyncCallback::from(|| ()))]
    on_done: UnsyncCallback<()>,
    /// A button that cancels the form, before the other as in every dialog.
    #[prop(optional, into)]
    cancel: Option<ViewFnOnce>,
    /// The cancel button comes after the other, as in forms on a page.
    #[prop(optional)]
    cancel_last: bool,
    children: Children,
) -> impl IntoView {
    let on_submit = Rc::new(on_submit);
    let carry_out = move || {
        let on_submit = Rc::clone(&on_submit);
        state.submit(async move { on_submit().await }, move || on_done.run(()));
    };
    view! {
        <Frame state submit submitting look on_submit=carry_out cancel cancel_last>
            {children()}
        </Frame>
    }
}

/// The part of a [`Form`] that is not generic, so that it is compiled once.
#[component]
fn Frame(
    state: FormState,
    submit: Word,
    submitting: Word,
    look: Look,
    #[prop(into)] on_submit: UnsyncCallback<()>,
    cancel: Option<ViewFnOnce>,
    cancel_last: bool,
    children: Children,
) -> impl IntoView {
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        read_fields(&event);
        on_submit.run(());
    };
    let button = view! {
        <button
            id=state.button()
            type="submit"
            class=look.class()
            aria-disabled=move || state.is_held().then_some("true")
            aria-busy=move || state.is_busy().then_some("true")
            // Reserves the width of the longer label, so that the button does not change its size.
            data-room=[t(submit), "\n", t(submitting)].concat()
        >
            {move || state.label(submit, submitting)}
        </button>
    };
    let end = match cancel {
        Some(cancel) => {
            let (first, last) = (cancel.run().into_any(), button.into_any());
            let (first, last) = if cancel_last { (last, first) } else { (first, last) };
            view! { <div class="buttons">{first} {last}</div> }.into_any()
        }
        None => button.into_any(),
    };
    view! {
        <form class="form" method="dialog" novalidate on:submit=submitted>
            // The error is in front of the fields, for screen readers.
            <FormAlert state />
            {children()}
            {end}
        </form>
    }
}

/// The element for a form's errors.
#[component]
pub(crate) fn FormAlert(state: FormState) -> impl IntoView {
    view! {
        <div id=state.alert() class="alert" role="alert">
            {move || state.told()}
        </div>
    }
}

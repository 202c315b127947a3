//! What every form goes through: it is checked, sent, and refused, throttled or done.
//!
//! ```text
//! Enter -> Form::submit(what is wrong, how to send) -> machine.rs decides -> the request
//!       -> an answer as a Refusal or nothing -> machine.rs -> alert, button, focus
//! ```
//!
//! A form called `profile` has the element `profile-alert` for its errors, and `profile-submit` for its button.

mod machine;

use std::{future::Future, pin::Pin, time::Duration};

use doorstep_locales::{
    Word,
    words::{error, login},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use web_sys::{Element, Event, wasm_bindgen::JsCast as _};

pub(crate) use self::machine::{Problem, Refusal, State};
use super::{clock::Deadline, focus::focus_on};
use crate::i18n::{minutes, t, t_with};

/// A request under way. Boxed: each type of its own would be compiled anew.
pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<(), Refusal>>>>;

/// A form.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    name: &'static str,
    state: RwSignal<State>,
}

impl Form {
    /// A form of this name, of which there is one on the page.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, state: RwSignal::new(State::Ready(None)) }
    }

    /// The `id` of the element that tells its errors.
    pub(crate) fn alert(self) -> String {
        [self.name, "-alert"].concat()
    }

    /// The `id` of its button.
    pub(crate) fn button(self) -> String {
        [self.name, "-submit"].concat()
    }

    /// What it shows, to be watched.
    pub(crate) fn state(self) -> State {
        // A form that has gone shows nothing.
        self.state.try_get().unwrap_or(State::Done)
    }

    /// Sends the form, unless it is under way, too early, or `found` to be wrong; `done` when it worked.
    pub(crate) fn submit(self, found: Option<Problem>, send: impl FnOnce() -> Sending, done: impl FnOnce() + 'static) {
        let before = untrack(|| self.state());
        let state = before.submitted(found);
        self.set(state);
        if state == State::Sending && before != State::Sending {
            self.carry_out(send(), Box::new(done));
        } else if found.is_some() {
            self.point_out();
        }
    }

    fn carry_out(self, sending: Sending, done: Box<dyn FnOnce()>) {
        spawn_local(async move {
            let answer = sending.await;
            // The page may have gone while the server was thinking.
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

    /// Tells a problem that came from elsewhere.
    pub(crate) fn tell(self, problem: Problem) {
        self.set(State::Ready(Some(problem)));
    }

    /// Begins anew.
    pub(crate) fn reset(self) {
        self.set(State::Ready(None));
    }

    /// Somebody else is meant now.
    pub(crate) fn turn(self) {
        self.set(untrack(|| self.state()).turned());
    }

    /// Whether this field is to blame.
    pub(crate) fn blames(self, field: &str) -> bool {
        self.state().problem().is_some_and(|problem| problem.field == Some(field))
    }

    /// Whether it is under way.
    pub(crate) fn is_busy(self) -> bool {
        matches!(self.state(), State::Sending | State::Done)
    }

    /// Whether its button does nothing now.
    pub(crate) fn is_held(self) -> bool {
        !matches!(self.state(), State::Ready(_))
    }

    /// What is wrong. It does not change while the seconds go by: a screen reader would read each of them.
    pub(crate) fn told(self) -> &'static str {
        match self.state() {
            State::Ready(Some(problem)) => t(problem.sentence),
            State::Waiting(_) => t(error::RATE_LIMITED),
            State::Ready(None) | State::Sending | State::Done => "",
        }
    }

    /// What stands on the button.
    pub(crate) fn label(self, ready: Word, busy: Word) -> String {
        match self.state() {
            State::Ready(_) => t(ready).to_owned(),
            State::Sending | State::Done => t(busy).to_owned(),
            State::Waiting(seconds) => t_with(login::WAIT, "time", &minutes(seconds)),
        }
    }

    /// Moves the focus to the field to blame, else to the button that tries again.
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
            self.set(state.ticked(left));
            if matches!(state.ticked(left), State::Waiting(_)) {
                self.tick_until(deadline);
            }
        };
        set_timeout(tick, Duration::from_secs(1));
    }

    fn set(self, state: State) {
        // Gone when the page is.
        let _ = self.state.try_set(state);
    }
}

/// Where the errors of a form are told.
pub(crate) fn form_alert(form: Form) -> AnyView {
    view! {
        <div id=form.alert() class="alert" role="alert">
            {move || form.told()}
        </div>
    }
    .into_any()
}

/// Has the fields of a form tell what stands in them. A program that fills them, such as a password manager, need not have
/// said so.
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

/// The form itself: its errors, its fields, and its button, with what stands on it, also while it is under way.
pub(crate) fn form_view(
    form: Form,
    submit: Word,
    submitting: Word,
    fields: Vec<AnyView>,
    on_submit: impl Fn() + 'static,
) -> AnyView {
    erased_form(form, submit, submitting, fields, Box::new(on_submit))
}

fn erased_form(form: Form, submit: Word, submitting: Word, fields: Vec<AnyView>, on_submit: Box<dyn Fn()>) -> AnyView {
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        read_fields(&event);
        on_submit();
    };
    view! {
        <form class="form" method="dialog" novalidate on:submit=submitted>
            // The error stands in front of the fields that it may be about.
            {form_alert(form)} {fields}
            <button
                id=form.button()
                type="submit"
                class="button primary"
                aria-disabled=move || form.is_held().then_some("true")
                aria-busy=move || form.is_busy().then_some("true")
            >
                {move || form.label(submit, submitting)}
            </button>
        </form>
    }
    .into_any()
}

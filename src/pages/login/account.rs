//! User name and password: the form that the server painted, adopted.

use std::time::Duration;

use doorstep_contract::{
    auth::LoginRequest,
    secret::Secret,
    shell::{attribute, id},
};
use doorstep_locales::words::{error, login};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{
    Element, Event as DomEvent, HtmlElement, HtmlFormElement, HtmlInputElement, KeyboardEvent, js_sys::Date,
    wasm_bindgen::JsCast as _,
};

use super::{
    Next,
    machine::{Effect as Follow, Event, Field, Problem, State},
};
use crate::{
    api,
    i18n::{minutes, t, t_with},
    problem::sentence,
    session::Session,
    ui::adopt::{Screen, bind_flag, bind_text, listen},
};

/// The stage. It draws nothing: the form is there.
#[component]
pub(crate) fn AccountStage(
    /// Somebody has signed in.
    on_signed_in: Next,
) -> impl IntoView {
    let form = Screen::adopt(id::LOGIN, id::LOGIN_TEMPLATE, id::MAIN).as_ref().and_then(Elements::find);
    if let Some(form) = form {
        let state = RwSignal::new(State::Ready(None));
        let session = Session::expect();
        form.show(state);
        form.watch_password();
        let handle = Handler { form, state, session, on_signed_in };
        handle.attach();
    }
}

/// What happens, carried out.
#[derive(Clone)]
struct Handler {
    form: Elements,
    state: RwSignal<State>,
    session: Session,
    on_signed_in: Next,
}

impl Handler {
    /// Listens for submits, and carries out the one that came before anybody listened.
    fn attach(self) {
        let form = self.form.form.clone();
        if form.has_attribute(attribute::EARLY_SUBMIT) {
            let _ = form.remove_attribute(attribute::EARLY_SUBMIT);
            self.submit();
        }
        let this = self.clone();
        listen(&self.form.username, "input", move |_: DomEvent| this.handle(Event::NameChanged));
        listen(&form, "submit", move |event: DomEvent| {
            event.prevent_default();
            self.submit();
        });
    }

    fn submit(&self) {
        self.handle(Event::Submitted {
            has_username: !self.form.username.value().trim().is_empty(),
            has_password: !self.form.password.value().is_empty(),
        });
    }

    fn handle(&self, event: Event) {
        // The page may have gone while the server was thinking.
        let Some(state) = self.state.try_get_untracked() else {
            return;
        };
        let (state, effects) = state.step(event);
        let _ = self.state.try_set(state);
        for effect in effects {
            match effect {
                Follow::Send => self.send(),
                Follow::StartClock => self.start_clock(),
                Follow::HidePassword => self.form.set_password_shown(false),
                Follow::EmptyPassword => self.form.password.set_value(""),
                Follow::Focus(field) => self.form.focus(*field),
                Follow::GoOn => self.on_signed_in.run(()),
            }
        }
    }

    /// Counts down to a time, not by ticks: a tab in the background gets few of those.
    fn start_clock(&self) {
        if let Some(State::Waiting(seconds)) = self.state.try_get_untracked() {
            self.clone().tick_until(Date::now() + f64::from(seconds) * 1e3);
        }
    }

    fn tick_until(self, deadline: f64) {
        let tick = move || {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
            let left = ((deadline - Date::now()) / 1e3).ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
            self.handle(Event::Ticked(left));
            if matches!(self.state.try_get_untracked(), Some(State::Waiting(_))) {
                self.tick_until(deadline);
            }
        };
        set_timeout(tick, Duration::from_secs(1));
    }

    fn send(&self) {
        let request = LoginRequest {
            username: Some(self.form.username.value().trim().to_owned()),
            password: Some(Secret::new(self.form.password.value())),
            ..LoginRequest::default()
        };
        let this = self.clone();
        spawn_local(async move {
            let answer = match api::auth::login(&request).await {
                Ok(_) => this.session.arrive().await,
                Err(error) => Err(error),
            };
            this.handle(Event::Answered(answer));
        });
    }
}

/// The painted elements.
#[derive(Clone)]
struct Elements {
    form: HtmlFormElement,
    username: HtmlInputElement,
    password: HtmlInputElement,
    toggle: HtmlElement,
    caps_lock: Element,
    alert: Element,
    submit: HtmlElement,
}

impl Elements {
    fn find(screen: &Screen) -> Option<Self> {
        Some(Self {
            form: screen.find(id::LOGIN_FORM)?,
            username: screen.find(id::USERNAME)?,
            password: screen.find(id::PASSWORD)?,
            toggle: screen.find(id::PASSWORD_TOGGLE)?,
            caps_lock: screen.find(id::CAPS_LOCK)?,
            alert: screen.find(id::LOGIN_ALERT)?,
            submit: screen.find(id::LOGIN_SUBMIT)?,
        })
    }

    /// Keeps alert, fields and button at what the state says.
    fn show(&self, state: RwSignal<State>) {
        let sending = move || matches!(state.get(), State::Sending | State::Done);
        // It does not change while the seconds go by: a screen reader would read each of them.
        bind_text(&self.alert, move || {
            match state.get() {
                State::Ready(Some(Problem::UsernameMissing)) => t(login::USERNAME_MISSING),
                State::Ready(Some(Problem::PasswordMissing)) => t(login::PASSWORD_MISSING),
                State::Ready(Some(Problem::Api(error))) => t(sentence(error)),
                State::Waiting(_) => t(error::RATE_LIMITED),
                State::Ready(None) | State::Sending | State::Done => "",
            }
            .to_owned()
        });
        bind_flag(&self.username, "aria-invalid", move || state.get().is_invalid(Field::Username));
        bind_flag(&self.password, "aria-invalid", move || state.get().is_invalid(Field::Password));
        bind_flag(&self.submit, "aria-disabled", move || sending() || matches!(state.get(), State::Waiting(_)));
        bind_flag(&self.submit, "aria-busy", sending);
        bind_text(&self.submit, move || match state.get() {
            State::Ready(_) => t(login::SUBMIT).to_owned(),
            State::Sending | State::Done => t(login::SUBMITTING).to_owned(),
            State::Waiting(seconds) => t_with(login::WAIT, "time", &minutes(seconds)),
        });
    }

    /// The toggle that shows the password, and the notice that capitals are locked.
    fn watch_password(&self) {
        let this = self.clone();
        listen(&self.toggle, "click", move |_: DomEvent| {
            this.set_password_shown(this.password.type_() == "password");
        });
        for event in ["keydown", "keyup"] {
            let notice = self.caps_lock.clone();
            listen(&self.password, event, move |event: KeyboardEvent| {
                // Autofill fires key events that have no state to ask for.
                let is_on = event.has_type::<KeyboardEvent>() && event.get_modifier_state("CapsLock");
                notice.set_text_content(Some(if is_on { t(login::CAPS_LOCK) } else { "" }));
            });
        }
        let notice = self.caps_lock.clone();
        listen(&self.password, "blur", move |_: DomEvent| notice.set_text_content(Some("")));
    }

    fn set_password_shown(&self, shown: bool) {
        self.password.set_type(if shown { "text" } else { "password" });
        let label = t(if shown { login::HIDE_PASSWORD } else { login::SHOW_PASSWORD });
        for (name, value) in [("aria-pressed", if shown { "true" } else { "false" }), ("title", label)] {
            let _ = self.toggle.set_attribute(name, value);
        }
    }

    fn focus(&self, field: Field) {
        let element: &HtmlElement = match field {
            Field::Username => &self.username,
            Field::Password => &self.password,
            Field::Submit => &self.submit,
        };
        let _ = element.focus();
    }
}

//! Username and password: the painted form, adopted.

use doorstep_contract::{
    auth::LoginRequest,
    envelope::ErrorCode,
    paths::provider_login,
    return_url::PARAMETER,
    secret::Secret,
    shell::{attribute, id},
};
use doorstep_locales::words::{error, login};
use leptos::prelude::*;
use web_sys::{
    Element, Event as DomEvent, HtmlElement, HtmlFormElement, HtmlInputElement, KeyboardEvent,
    wasm_bindgen::JsCast as _,
};

use super::{flow::LoginFlow, return_url, stage::Stage};
use crate::{
    i18n::t,
    preferences::choose_provider,
    problem::blame,
    ui::{
        adopt::{Screen, bind_attribute, bind_flag, bind_text, listen},
        form::{FormState, Problem, Refusal},
    },
};

/// The stage. It draws nothing: it adopts the form.
#[component]
pub(super) fn AccountStage(flow: LoginFlow) -> impl IntoView {
    let painted = Screen::adopt(id::LOGIN, id::LOGIN_TEMPLATE, id::MAIN).as_ref().and_then(Elements::find);
    if let Some(painted) = painted {
        let form = FormState::new(id::LOGIN);
        painted.show(form);
        painted.watch_password();
        if let Some(sentence) = flow.take_message() {
            form.tell(Problem { sentence, field: None });
        }
        Handler { painted, form, flow }.attach();
    }
}

/// The event handlers.
#[derive(Clone)]
struct Handler {
    painted: Elements,
    form: FormState,
    flow: LoginFlow,
}

impl Handler {
    /// Attaches the listeners, and carries out a submit from before the app started.
    fn attach(self) {
        let painted = self.painted.clone();
        if painted.username.value().is_empty() {
            painted.username.set_value(&self.flow.username());
        }
        let (form, flow) = (self.form, self.flow);
        listen(&painted.username, "input", move |_: DomEvent| form.turn());
        if let Some(button) = &painted.use_token {
            listen(button, "click", move |_: DomEvent| flow.go_to(Stage::TemporaryToken));
        }
        remember_provider(&painted);
        if painted.form.has_attribute(attribute::EARLY_SUBMIT) {
            let _ = painted.form.remove_attribute(attribute::EARLY_SUBMIT);
            self.submit();
        }
        listen(&painted.form, "submit", move |event: DomEvent| {
            event.prevent_default();
            self.submit();
        });
    }

    fn submit(&self) {
        let flow = self.flow;
        // When a second step is required, it is shown already.
        let done = move || {
            if flow.challenge().is_none() {
                flow.signed_in();
            }
        };
        self.form.submit(self.clone().sign_in(), done);
    }

    async fn sign_in(self) -> Result<(), Refusal> {
        self.painted.check()?;
        self.painted.set_password_shown(false);
        let request = LoginRequest {
            username: Some(self.painted.username.value().trim().to_owned()),
            password: Some(Secret::new(self.painted.password.value())),
            ..LoginRequest::default()
        };
        // The second step shows the username.
        self.flow.keep_username(self.painted.username.value().trim().to_owned());
        let answer = self.flow.sign_in(&request).await.map_err(blame(field_to_blame));
        // Keep a password that was not checked: nothing that was typed is lost.
        if matches!(answer, Ok(()) | Err(Refusal::Problem(Problem { field: Some(_), .. }))) {
            self.painted.password.set_value("");
        }
        answer
    }
}

/// Stores the chosen provider, which is painted first the next time, and passes the return URL on to the links.
fn remember_provider(painted: &Elements) {
    let Some(providers) = &painted.providers else {
        return;
    };
    listen(providers, "click", move |event: DomEvent| {
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("a").ok().flatten());
        let Some(link) = link else {
            return;
        };
        if let Some(provider) = link.get_attribute(attribute::PROVIDER) {
            choose_provider(&provider);
            let address = [&provider_login(&provider), "?", PARAMETER, "=", &return_url().encoded()].concat();
            let _ = link.set_attribute("href", &address);
        }
    });
}

/// The password is asked for again; the username may be wrong as well.
fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    (code == ErrorCode::InvalidCredentials).then_some(id::PASSWORD)
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
    /// For the error of one field.
    field_alert: Element,
    submit: HtmlElement,
    /// The links to single sign-on, if there are any.
    providers: Option<Element>,
    /// Only while a temporary token is valid.
    use_token: Option<HtmlElement>,
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
            field_alert: screen.find(id::LOGIN_FIELD_ALERT)?,
            submit: screen.find(id::LOGIN_SUBMIT)?,
            providers: screen.find(id::PROVIDERS),
            use_token: screen.find(id::USE_TOKEN),
        })
    }

    /// Validates the fields.
    fn check(&self) -> Result<(), Problem> {
        if self.username.value().trim().is_empty() {
            Err(Problem { sentence: login::USERNAME_MISSING, field: Some(id::USERNAME) })
        } else if self.password.value().is_empty() {
            Err(Problem { sentence: login::PASSWORD_MISSING, field: Some(id::PASSWORD) })
        } else {
            Ok(())
        }
    }

    /// Binds alert, fields and button to the form's state.
    fn show(&self, form: FormState) {
        let is_one = move || !both(form) && (form.blames(id::USERNAME) || form.blames(id::PASSWORD));
        for (alert, is_shown) in [(&self.alert, false), (&self.field_alert, true)] {
            bind_text(alert, move || if is_one() == is_shown { form.told() } else { "" }.to_owned());
        }
        mark(form, &self.username, |form| form.blames(id::USERNAME) || both(form), "");
        mark(form, &self.password, |form| form.blames(id::PASSWORD), id::CAPS_LOCK);
        form.show_on(&self.submit, login::SUBMIT, login::SUBMITTING);
    }

    /// Binds the button that reveals the password, and the caps lock notice.
    fn watch_password(&self) {
        let this = self.clone();
        listen(&self.toggle, "click", move |_: DomEvent| {
            this.set_password_shown(this.password.type_() == "password");
        });
        for event in ["keydown", "keyup"] {
            let notice = self.caps_lock.clone();
            listen(&self.password, event, move |event: KeyboardEvent| {
                // Autofill fires key events without a modifier state.
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
}

/// Binds a field to whether it is at fault. Of the two alerts that describe it, one is empty.
fn mark(form: FormState, field: &Element, at_fault: fn(FormState) -> bool, hint: &'static str) {
    bind_flag(field, "aria-invalid", move || at_fault(form));
    bind_attribute(
        field,
        "aria-describedby",
        Box::new(move || {
            let described = form.description(at_fault(form), hint);
            if at_fault(form) { described.map(|ids| [&ids, " ", id::LOGIN_FIELD_ALERT].concat()) } else { described }
        }),
    );
}

/// Whether the two fields are wrong together; tracked.
fn both(form: FormState) -> bool {
    form.state().problem().is_some_and(|problem| problem.sentence == error::INVALID_CREDENTIALS)
}

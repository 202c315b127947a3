//! A new password, typed twice, with the rules that it must keep ticked off meanwhile.

use doorstep_contract::{
    envelope::ErrorCode,
    password::{self, Weakness},
    secret::Secret,
};
use doorstep_locales::words::{choose, error};
use leptos::prelude::*;

use crate::{
    i18n::{t, t_count},
    problem::weak,
    shell::PasswordMinLength,
    ui::{
        field::{Kind, field, field_with_hint},
        form::{Form, Problem},
    },
};

const PASSWORD: &str = "new-password";
const CONFIRMATION: &str = "confirm-password";
const RULES: &str = "rules";

/// What is being typed.
#[derive(Clone, Copy)]
pub(crate) struct NewPassword {
    password: RwSignal<String>,
    confirmation: RwSignal<String>,
    /// What the password must not be made of.
    names: Signal<Vec<String>>,
    min_chars: u32,
}

impl NewPassword {
    /// Nothing yet, for somebody of these names.
    pub(crate) fn new(names: Signal<Vec<String>>) -> Self {
        let PasswordMinLength(min_chars) = use_context().unwrap_or_default();
        Self { password: RwSignal::new(String::new()), confirmation: RwSignal::new(String::new()), names, min_chars }
    }

    /// What is wrong with it, as far as can be told here.
    pub(crate) fn problem(self) -> Option<Problem> {
        let problem = |sentence, field| Some(Problem { sentence, field: Some(field) });
        untrack(|| match self.weakness() {
            Some(weakness) => problem(weak(weakness), PASSWORD),
            None if !self.is_confirmed() => problem(error::MISMATCH, CONFIRMATION),
            None => None,
        })
    }

    /// The field to blame for a code of the server.
    pub(crate) const fn blame(code: ErrorCode) -> Option<&'static str> {
        match code {
            ErrorCode::PasswordPolicy => Some(PASSWORD),
            ErrorCode::Mismatch => Some(CONFIRMATION),
            _ => None,
        }
    }

    /// Password and confirmation, to be sent.
    pub(crate) fn secrets(self) -> (Secret, Secret) {
        (Secret::new(self.password.get_untracked()), Secret::new(self.confirmation.get_untracked()))
    }

    /// Empties the fields.
    pub(crate) fn clear(self) {
        for field in [self.password, self.confirmation] {
            let _ = field.try_set(String::new());
        }
    }

    /// The fields, and the rules.
    pub(crate) fn fields(self, form: Form) -> [AnyView; 3] {
        let length = t_count(choose::RULE_LENGTH, self.min_chars);
        let mut rules = vec![rule(self, length, Rule::Length)];
        // Where nobody knows yet whose it is, only the server can tell.
        if untrack(|| !self.names.get().is_empty()) {
            rules.push(rule(self, t(choose::RULE_OWN_NAME).to_owned(), Rule::OwnName));
        }
        rules.push(rule(self, t(choose::RULE_SAME).to_owned(), Rule::Same));
        let rules = view! {
            <div id=RULES class="rules">
                <p>{t(choose::RULES)}</p>
                <ul>{rules}</ul>
            </div>
        };
        [
            field_with_hint(form, PASSWORD, choose::PASSWORD, Kind::NewPassword, self.password, RULES),
            field(form, CONFIRMATION, choose::CONFIRM, Kind::NewPassword, self.confirmation),
            rules.into_any(),
        ]
    }

    fn weakness(self) -> Option<Weakness> {
        let min_chars = usize::try_from(self.min_chars).unwrap_or(usize::MAX);
        let names = self.names.get();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        password::check(&self.password.get(), min_chars, &names).err()
    }

    fn is_confirmed(self) -> bool {
        self.password.get() == self.confirmation.get()
    }

    fn keeps(self, rule: Rule) -> bool {
        !self.password.get().is_empty()
            && match rule {
                Rule::Length => self.weakness() != Some(Weakness::TooShort),
                Rule::OwnName => !matches!(self.weakness(), Some(Weakness::OwnName | Weakness::TooShort)),
                Rule::Same => self.is_confirmed(),
            }
    }
}

/// What the page can tell by itself.
#[derive(Clone, Copy)]
enum Rule {
    Length,
    OwnName,
    Same,
}

/// A rule, ticked off when it is kept.
fn rule(typed: NewPassword, text: String, rule: Rule) -> AnyView {
    let kept = move || typed.keeps(rule);
    // For those who can't see the tick.
    let told = move || t(if kept() { choose::RULE_KEPT } else { choose::RULE_OPEN });
    view! {
        <li class:kept=kept>
            {text} <span class="visually-hidden">{told}</span>
        </li>
    }
    .into_any()
}

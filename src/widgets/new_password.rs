//! The field for a new password, with its strength and its rules.

use doorstep_contract::{
    envelope::ErrorCode,
    password::{self, Strength, Weakness},
    secret::Secret,
};
use doorstep_locales::words::choose;
use leptos::prelude::*;

use crate::{
    i18n::{t, t_count},
    problem::weak,
    shell::PasswordMinLength,
    ui::{
        field::{Field, Kind},
        form::{FormState, Problem},
    },
};

const PASSWORD: &str = "new-password";
const RULES: &str = "rules";

/// The state of the field.
#[derive(Clone, Copy)]
pub(crate) struct NewPassword {
    password: RwSignal<String>,
    /// Names that the password must not contain.
    names: Signal<Vec<String>>,
    min_chars: u32,
}

impl NewPassword {
    /// An empty field, for an account with these names.
    pub(crate) fn new(names: Signal<Vec<String>>) -> Self {
        let PasswordMinLength(min_chars) = use_context().unwrap_or_default();
        Self { password: RwSignal::new(String::new()), names, min_chars }
    }

    /// Validates what needs no server.
    pub(crate) fn check(self) -> Result<(), Problem> {
        let problem = |weakness| Problem { sentence: weak(weakness), field: Some(PASSWORD) };
        untrack(|| self.weakness()).map_or(Ok(()), |weakness| Err(problem(weakness)))
    }

    /// The field at fault for a code.
    pub(crate) const fn blame(code: ErrorCode) -> Option<&'static str> {
        match code {
            ErrorCode::PasswordPolicy => Some(PASSWORD),
            _ => None,
        }
    }

    /// The typed password.
    pub(crate) fn secret(self) -> Secret {
        Secret::new(self.password.get_untracked())
    }

    /// Empties the field.
    pub(crate) fn clear(self) {
        let _ = self.password.try_set(String::new());
    }

    fn weakness(self) -> Option<Weakness> {
        let min_chars = usize::try_from(self.min_chars).unwrap_or(usize::MAX);
        let names = self.names.get();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        password::check(&self.password.get(), min_chars, &names).err()
    }

    fn strength(self) -> Strength {
        Strength::of(&self.password.get(), self.weakness().is_some())
    }

    fn keeps(self, rule: Rule) -> bool {
        !self.password.get().is_empty()
            && match rule {
                Rule::Length => self.weakness() != Some(Weakness::TooShort),
                Rule::OwnName => !matches!(self.weakness(), Some(Weakness::OwnName | Weakness::TooShort)),
            }
    }
}

/// A rule that the page can check.
#[derive(Clone, Copy)]
enum Rule {
    Length,
    OwnName,
}

/// The field with its rules.
#[component]
pub(crate) fn NewPasswordField(form: FormState, password: NewPassword) -> impl IntoView {
    let length = t_count(choose::RULE_LENGTH, password.min_chars);
    // Without the names, only the server can check the password against them.
    let names_are_known = untrack(|| !password.names.get().is_empty());
    view! {
        <Field
            form
            id=PASSWORD
            label=choose::PASSWORD
            kind=Kind::NewPassword
            value=password.password
            hint=RULES
        />
        <Strength password />
        <div id=RULES class="rules">
            <p>{t(choose::RULES)}</p>
            <ul>
                <RuleItem password rule=Rule::Length text=length />
                {names_are_known
                    .then(|| view! { <RuleItem password rule=Rule::OwnName text=t(choose::RULE_OWN_NAME) /> })}
            </ul>
        </div>
    }
}

/// A rough estimate of the password's strength, beside the rules, which the server enforces.
#[component]
fn Strength(password: NewPassword) -> impl IntoView {
    let strength = move || password.strength();
    let word = move || {
        let word = match strength() {
            Strength::None => return "",
            Strength::Weak => choose::WEAK,
            Strength::Fair => choose::FAIR,
            Strength::Good => choose::GOOD,
            Strength::Strong => choose::STRONG,
        };
        t(word)
    };
    view! {
        <div class="strength note">
            <meter aria-label=t(choose::STRENGTH) max="4" low="2" high="3" optimum="4" value=move || strength() as u32></meter>
            <span>{word}</span>
        </div>
    }
}

/// A rule, ticked while it is met.
#[component]
fn RuleItem(password: NewPassword, rule: Rule, #[prop(into)] text: String) -> impl IntoView {
    let kept = move || password.keeps(rule);
    // For screen readers, in place of the tick.
    let said = move || t(if kept() { choose::RULE_KEPT } else { choose::RULE_OPEN });
    view! {
        <li class:kept=kept>
            {text} <span class="visually-hidden">{said}</span>
        </li>
    }
}

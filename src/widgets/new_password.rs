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

/// The `id` of the field.
pub(crate) const NEW_PASSWORD: &str = "new-password";
/// The `id` of the text of a card with this field alone.
pub(crate) const PASSWORD_TEXT: &str = "password-text";
const RULES: &str = "rules";
/// Describes the only field of a card, which gets the focus and so skips heading and text.
const DESCRIPTION: &str = "card-heading password-text rules";

/// The state of the field.
#[derive(Clone, Copy)]
pub(crate) struct NewPassword {
    password: RwSignal<String>,
    /// The last text that the server refused.
    refused: RwSignal<String>,
    /// Names that the password must not contain: username, email, display name.
    names: Signal<Vec<String>>,
    min_chars: u32,
}

impl NewPassword {
    /// An empty field, for an account with these names.
    pub(crate) fn new(names: Signal<Vec<String>>) -> Self {
        let PasswordMinLength(min_chars) = use_context().unwrap_or_default();
        Self { password: RwSignal::new(String::new()), refused: RwSignal::new(String::new()), names, min_chars }
    }

    /// Validates what needs no server.
    pub(crate) fn check(self) -> Result<(), Problem> {
        let problem = |weakness| Problem { sentence: weak(weakness), field: Some(NEW_PASSWORD) };
        untrack(|| self.weakness()).map_or(Ok(()), |weakness| Err(problem(weakness)))
    }

    /// The field at fault for a code. The refused password is weak from now on.
    pub(crate) fn blame(self, code: ErrorCode) -> Option<&'static str> {
        (code == ErrorCode::PasswordPolicy).then(|| {
            let _ = self.refused.try_set(self.password.try_get_untracked().unwrap_or_default());
            NEW_PASSWORD
        })
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
        let password = self.password.get();
        Strength::of(&password, self.weakness().is_some() || self.refused.get() == password)
    }

    /// Whether the password meets a rule; `None` if only the server can tell.
    fn meets(self, rule: Rule) -> Option<bool> {
        let weakness = self.weakness();
        let met = match rule {
            Rule::Length => weakness != Some(Weakness::TooShort),
            // The username alone is not enough.
            Rule::OwnName if self.names.with(Vec::len) < 2 => return None,
            Rule::OwnName => !matches!(weakness, Some(Weakness::OwnName | Weakness::TooShort)),
            Rule::Common => return None,
        };
        Some(met && !self.password.get().is_empty())
    }
}

/// A rule for passwords.
#[derive(Clone, Copy)]
enum Rule {
    Length,
    OwnName,
    Common,
}

/// The field with its rules.
#[component]
pub(crate) fn NewPasswordField(
    form: FormState,
    password: NewPassword,
    /// Whether it is the only field of a card.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let length = t_count(choose::RULE_LENGTH, password.min_chars);
    view! {
        <Field
            form
            id=NEW_PASSWORD
            label=choose::PASSWORD
            kind=Kind::NewPassword
            value=password.password
            hint=if alone { DESCRIPTION } else { RULES }
        />
        <Strength password />
        <div id=RULES class="rules">
            <p>{t(choose::RULES)}</p>
            <ul>
                <RuleItem password rule=Rule::Length text=length />
                <RuleItem password rule=Rule::OwnName text=t(choose::RULE_OWN_NAME) />
                <RuleItem password rule=Rule::Common text=t(choose::RULE_COMMON) />
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

/// A rule, ticked while it is met, if the page can check it.
#[component]
fn RuleItem(password: NewPassword, rule: Rule, #[prop(into)] text: String) -> impl IntoView {
    // The class, and the words for screen readers in place of the tick.
    let state = move || match password.meets(rule) {
        None => ("", ""),
        Some(false) => ("open", t(choose::RULE_OPEN)),
        Some(true) => ("kept", t(choose::RULE_KEPT)),
    };
    view! {
        <li class=move || state().0>
            {text} <span class="visually-hidden">{move || state().1}</span>
        </li>
    }
}

//! The re-authentication dialog.
//!
//! ```text
//! api/reauth.rs -> session/reauth.rs opens the dialog
//!   -> password or code -> api::auth::reauthenticate -> Reauth::confirm
//!   -> an identity provider, and back to this page
//! ```

use doorstep_contract::{
    auth::{Account, ReauthRequest, SetupStatus},
    envelope::ErrorCode,
    paths::provider_login,
    return_url::PARAMETER,
    secret::Secret,
    sso::start,
};
use doorstep_locales::{
    Word,
    words::{credentials, login, proof as words},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    address::current_address,
    api::auth::reauthenticate,
    i18n::{t, t_with},
    problem::blame,
    session::{Session, reauth::Reauth},
    ui::{
        cancel::Cancel,
        dialog::Dialog,
        field::{Field, Kind, UsernameForManagers},
        form::{Form, FormState, Problem, Refusal},
    },
};

const PASSWORD: &str = "proof-password";
const CODE: &str = "proof-code";

/// The dialog; closed until a request requires re-authentication.
#[component]
pub(crate) fn ReauthDialog() -> impl IntoView {
    let reauth = Reauth::expect();
    let path = use_location().pathname;
    // The request is dropped when the user leaves its page.
    Effect::new(move |earlier: Option<()>| {
        path.track();
        if earlier.is_some() {
            reauth.dialog.close();
        }
    });
    view! {
        <Dialog state=reauth.dialog title=t(words::TITLE) on_close=move || reauth.cancel()>
            <Content reauth />
        </Dialog>
    }
}

/// The content of the dialog.
#[component]
fn Content(reauth: Reauth) -> impl IntoView {
    let account = untrack(|| Session::expect().me()).map(|me| me.account);
    let username = account.as_ref().map(|account| account.username.clone()).unwrap_or_default();
    match Means::of(account.as_ref()) {
        Some(means) => view! { <SecretForm reauth means username /> }.into_any(),
        None => view! { <Providers reauth /> }.into_any(),
    }
}

/// What the user can be verified with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    Password,
    /// A verification code, for a user without a password.
    Code,
}

impl Means {
    /// `None` for a user with neither.
    fn of(account: Option<&Account>) -> Option<Self> {
        if account.is_none_or(|account| account.has_password) {
            Some(Self::Password)
        } else {
            account.is_some_and(|account| account.totp_enabled).then_some(Self::Code)
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Password => PASSWORD,
            Self::Code => CODE,
        }
    }

    const fn label(self) -> Word {
        match self {
            Self::Password => credentials::PASSWORD,
            Self::Code => words::CODE,
        }
    }

    const fn missing(self) -> Word {
        match self {
            Self::Password => login::PASSWORD_MISSING,
            Self::Code => words::CODE_MISSING,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Password => Kind::CurrentPassword,
            Self::Code => Kind::OneTimeCode,
        }
    }

    const fn request(self, secret: Secret) -> ReauthRequest {
        match self {
            Self::Password => ReauthRequest { password: Some(secret), code: None },
            Self::Code => ReauthRequest { password: None, code: Some(secret) },
        }
    }
}

/// The form for the password or the code.
#[component]
fn SecretForm(reauth: Reauth, means: Means, username: String) -> impl IntoView {
    let form = FormState::new("proof");
    let secret = RwSignal::new(String::new());
    let prove = async move || {
        let typed = secret.get_untracked();
        if typed.is_empty() {
            return Err(Problem { sentence: means.missing(), field: Some(means.id()) }.into());
        }
        let answer = reauthenticate(&means.request(Secret::new(typed))).await.map(drop).map_err(blame(field_to_blame));
        // A wrong secret has to be typed again.
        if matches!(answer, Err(Refusal::Problem(Problem { field: Some(_), .. }))) {
            let _ = secret.try_set(String::new());
        }
        answer
    };
    view! {
        <p>{move || t(reauth.reason.get())}</p>
        <Form
            state=form
            submit=words::SUBMIT
            submitting=words::SUBMITTING
            on_submit=prove
            on_done=move || reauth.confirm()
            cancel=move || view! { <Cancel on_press=move || reauth.dialog.close() /> }
        >
            <UsernameForManagers username />
            <Field form id=means.id() label=means.label() kind=means.kind() value=secret />
        </Form>
    }
}

const fn field_to_blame(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::WrongPassword => Some(PASSWORD),
        ErrorCode::InvalidCode => Some(CODE),
        _ => None,
    }
}

/// Links to the identity providers, for a user with neither password nor authenticator app. They return to this page.
#[component]
fn Providers(reauth: Reauth) -> impl IntoView {
    let providers = use_context::<SetupStatus>().map(|status| status.providers).unwrap_or_default();
    let links = providers.into_iter().map(|provider| {
        let back = current_address().encoded();
        let address = [&provider_login(&provider.name), "?", start::REAUTH, "=1&", PARAMETER, "=", &back].concat();
        view! {
            <a href=address rel="external" class="button">
                {t_with(login::WITH_PROVIDER, "name", &provider.display_name())}
            </a>
        }
    });
    view! {
        <p>{move || t(reauth.reason.get())}</p>
        <p>{t(words::TEXT_PROVIDER)}</p>
        <div class="buttons">
            <Cancel on_press=move || reauth.dialog.close() />
            {links.collect_view()}
        </div>
    }
}

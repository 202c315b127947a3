//! The dialog that asks again who somebody is, whatever page needs to know.

use doorstep_contract::{
    auth::{Provider, ReauthRequest, SetupStatus},
    envelope::ErrorCode,
    paths::provider_login,
    return_url::PARAMETER,
    secret::Secret,
    sso::start,
};
use doorstep_locales::words::{dialog, login, proof as words};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    address::here,
    api::auth::prove_again,
    i18n::{t, t_with},
    problem::refusal,
    session::{Session, proof::Proof},
    ui::{
        field::{Kind, field, username_for_managers},
        form::{Form, Problem, form_view},
        part::{button, buttons, paragraph},
    },
};

const PASSWORD: &str = "proof-password";
const CODE: &str = "proof-code";

/// Closed until [`Proof::with`] opens it.
pub(crate) fn proof_dialog() -> AnyView {
    let proof = Proof::expect();
    let path = use_location().pathname;
    // What wanted the proof is gone with its page.
    Effect::new(move |earlier: Option<()>| {
        path.track();
        if earlier.is_some() {
            proof.dialog.close();
        }
    });
    proof.dialog.frame(move || (t(words::TITLE).to_owned(), proof_form(proof)), move || proof.refused())
}

/// Asks for the password; whoever has none is asked for a one-time code.
fn proof_form(proof: Proof) -> Vec<AnyView> {
    let account = untrack(|| Session::expect().me()).map(|me| me.account);
    let with_password = account.as_ref().is_none_or(|account| account.has_password);
    let with_code = account.as_ref().is_some_and(|account| account.totp_enabled);
    if !with_password && !with_code {
        return with_providers(proof);
    }
    let (id, label, kind, missing) = if with_password {
        (PASSWORD, login::PASSWORD, Kind::CurrentPassword, login::PASSWORD_MISSING)
    } else {
        (CODE, words::CODE, Kind::OneTimeCode, words::CODE_MISSING)
    };
    let form = Form::new("proof");
    let value = RwSignal::new(String::new());
    let send = move || {
        let secret = value.get_untracked();
        let found = secret.is_empty().then_some(Problem { sentence: missing, field: Some(id) });
        let send = move || {
            let secret = Some(Secret::new(secret));
            let request = if with_password {
                ReauthRequest { password: secret, code: None }
            } else {
                ReauthRequest { password: None, code: secret }
            };
            Box::pin(async move {
                let answer = prove_again(&request).await;
                if matches!(answer, Err(error) if blame(error.code()).is_some()) {
                    let _ = value.try_set(String::new());
                }
                answer.map(|_| ()).map_err(|error| refusal(error, |code| blame(Some(code))))
            }) as _
        };
        form.submit(found, send, move || proof.given());
    };
    let name = account.map(|account| account.username).unwrap_or_default();
    vec![
        paragraph(t(words::TEXT)),
        form_view(
            form,
            words::SUBMIT,
            words::SUBMITTING,
            vec![username_for_managers(name), field(form, id, label, kind, value)],
            send,
        ),
        button("button", dialog::CANCEL, move || proof.dialog.close()),
    ]
}

fn blame(code: Option<ErrorCode>) -> Option<&'static str> {
    match code? {
        ErrorCode::WrongPassword => Some(PASSWORD),
        ErrorCode::InvalidCode => Some(CODE),
        _ => None,
    }
}

/// Whoever has neither password nor authenticator is asked by the other identity system, and comes back to this page.
fn with_providers(proof: Proof) -> Vec<AnyView> {
    let providers = use_context::<SetupStatus>().map(|status| status.providers).unwrap_or_default();
    let link = |provider: &Provider| {
        let back = here().encoded();
        let address = [&provider_login(&provider.name), "?", start::REAUTH, "=1&", PARAMETER, "=", &back].concat();
        view! {
            <a href=address rel="external" class="button">
                {t_with(login::WITH_PROVIDER, "name", &provider.display_name())}
            </a>
        }
        .into_any()
    };
    vec![
        paragraph(t(words::TEXT_PROVIDER)),
        buttons(providers.iter().map(link).collect()),
        button("button", dialog::CANCEL, move || proof.dialog.close()),
    ]
}

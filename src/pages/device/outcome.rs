//! The outcome of a request.

use doorstep_contract::{
    auth::Role,
    device::{DeviceRequest, SsoError},
    route::ClientRoute,
};
use doorstep_locales::{
    Word,
    words::{device as words, error, sso},
};
use leptos::prelude::*;

use super::{
    Flow,
    card::{DeviceCard, Picture},
    request::ApprovedFacts,
    view::Ending,
};
use crate::{
    i18n::t,
    ui::{
        button::{Button, Look},
        link::Link,
    },
};

/// The device is authorized.
#[component]
pub(super) fn Approved(
    flow: Flow,
    /// The approved request; unknown after a reload.
    request: Option<DeviceRequest>,
) -> impl IntoView {
    // A user of single sign-on has no account here: neither home page nor device list.
    let has_account = untrack(|| flow.session.is_ready());
    view! {
        <DeviceCard picture=Picture::Done title=t(words::DONE_TITLE)>
            <p>{t(words::DONE_TEXT)}</p>
            {request.map(|request| view! { <ApprovedFacts request /> })} {has_account.then(|| view! { <WithAccount /> })}
            <OtherCode flow />
        </DeviceCard>
    }
}

/// The links for a user with an account.
#[component]
fn WithAccount() -> impl IntoView {
    view! {
        <Done />
        <Link href=ClientRoute::AccountDevices.path()>{t(words::REVOKE_NOW)}</Link>
    }
}

#[component]
fn Done() -> impl IntoView {
    view! {
        <Link href=ClientRoute::Home.path() class="button primary">
            {t(words::DONE)}
        </Link>
    }
}

/// The device is denied.
#[component]
pub(super) fn Denied(flow: Flow) -> impl IntoView {
    let has_account = untrack(|| flow.session.is_ready());
    let is_operator = untrack(|| flow.session.me()).is_some_and(|me| me.account.role == Role::Operator);
    view! {
        <DeviceCard picture=Picture::Denied title=t(words::DENIED_TITLE)>
            <p>{t(words::DENIED_TEXT)}</p>
            <p>{t(words::REPORT_TEXT)}</p>
            {has_account.then(|| view! { <Done /> })}
            {is_operator
                .then(|| view! { <Link href=ClientRoute::Audit.path()>{t(words::AUDIT_LOG)}</Link> })}
        </DeviceCard>
    }
}

/// The request can't be decided any more.
#[component]
pub(super) fn Ended(flow: Flow, ending: Ending) -> impl IntoView {
    let (picture, title, text) = match ending {
        Ending::Expired => (Picture::Late, words::EXPIRED_TITLE, words::EXPIRED_TEXT),
        Ending::Used => (Picture::Problem, words::USED_TITLE, words::USED_TEXT),
        Ending::Lost => (Picture::Problem, words::LOST_TITLE, words::LOST_TEXT),
        Ending::Sso(error) => (Picture::Problem, words::SSO_FAILED_TITLE, sso_text(error)),
    };
    // The same code if it may be pending, otherwise another one.
    let label = if ending.may_go_on() { words::CODE_AGAIN } else { words::OTHER_CODE };
    view! {
        <DeviceCard picture title=t(title)>
            <p>{t(text)}</p>
            <OtherCode flow look=Look::Primary label />
        </DeviceCard>
    }
}

/// Leads back to the field for a code.
#[component]
pub(super) fn OtherCode(
    flow: Flow,
    #[prop(default = Look::Quiet)] look: Look,
    #[prop(default = words::OTHER_CODE)] label: Word,
) -> impl IntoView {
    view! {
        <Button look on_press=move || flow.start_again()>
            {t(label)}
        </Button>
    }
}

const fn sso_text(reason: SsoError) -> Word {
    match reason {
        SsoError::UserCodeNotPending => words::EXPIRED_TEXT,
        SsoError::EmailBelongsToAccount => words::SSO_EMAIL_TEXT,
        SsoError::AccessDenied => sso::ACCESS_DENIED,
        SsoError::TemporarilyUnavailable => sso::SERVICE_UNAVAILABLE,
        SsoError::RateLimited => error::RATE_LIMITED,
        SsoError::InvalidSsoAssertion | SsoError::SsoFailed | SsoError::Unknown => words::SSO_FAILED_TEXT,
    }
}

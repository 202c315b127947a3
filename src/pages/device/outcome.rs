//! How it ended.

use doorstep_contract::{device::SsoError, route::ClientRoute};
use doorstep_locales::{
    Word,
    words::{device as words, error, sso},
};
use leptos::prelude::*;

use super::{Flow, view::Ending};
use crate::{
    i18n::t,
    ui::{
        button::{Button, Look},
        link::Link,
        page::Card,
    },
};

/// The device is let in.
#[component]
pub(super) fn Approved(flow: Flow) -> impl IntoView {
    let can_revoke = untrack(|| flow.session.is_ready());
    view! {
        <Card title=words::DONE_TITLE>
            <p>{t(words::DONE_TEXT)}</p>
            {can_revoke
                .then(|| view! { <Link href=ClientRoute::AccountDevices.path()>{t(words::REVOKE_LINK)}</Link> })}
            <OtherCode flow look=Look::Quiet />
        </Card>
    }
}

/// The device is not let in.
#[component]
pub(super) fn Denied(flow: Flow) -> impl IntoView {
    view! {
        <Card title=words::DENIED_TITLE>
            <p>{t(words::DENIED_TEXT)}</p>
            <p>{t(words::REPORT_TEXT)}</p>
            <OtherCode flow />
        </Card>
    }
}

/// It can't be decided any more.
#[component]
pub(super) fn Ended(flow: Flow, ending: Ending) -> impl IntoView {
    let (title, text) = match ending {
        Ending::Expired => (words::EXPIRED_TITLE, words::EXPIRED_TEXT),
        Ending::Used => (words::USED_TITLE, words::USED_TEXT),
        Ending::Lost => (words::LOST_TITLE, words::LOST_TEXT),
        Ending::Sso(error) => (words::SSO_FAILED_TITLE, sso_text(error)),
    };
    view! {
        <Card title>
            <p>{t(text)}</p>
            <OtherCode flow />
        </Card>
    }
}

/// Leads back to the field for a code.
#[component]
pub(super) fn OtherCode(flow: Flow, #[prop(optional)] look: Look) -> impl IntoView {
    view! {
        <Button look on_press=move || flow.start_again()>
            {t(words::OTHER_CODE)}
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

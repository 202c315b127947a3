//! How it ended.

use doorstep_contract::{
    device::{Resolution, SsoError},
    route::ClientRoute,
};
use doorstep_locales::{
    Word,
    words::{device as words, error, sso},
};
use leptos::prelude::*;

use super::{Flow, view::Ending};
use crate::{
    i18n::t,
    ui::part::{button, card, link, paragraph},
};

/// It is decided.
pub(super) fn finished(flow: Flow, resolution: Resolution) -> AnyView {
    match resolution {
        Resolution::Approved => {
            let mut parts = vec![paragraph(t(words::DONE_TEXT))];
            if untrack(|| flow.session.is_ready()) {
                parts.push(link("", ClientRoute::AccountDevices.path(), words::REVOKE_LINK));
            }
            parts.push(button("link", words::OTHER_CODE, move || flow.start_again()));
            card(words::DONE_TITLE, parts)
        }
        Resolution::Denied => {
            let parts = vec![paragraph(t(words::DENIED_TEXT)), paragraph(t(words::REPORT_TEXT)), again(flow)];
            card(words::DENIED_TITLE, parts)
        }
    }
}

/// It can't be decided any more.
pub(super) fn ended(flow: Flow, ending: Ending) -> AnyView {
    let (title, told) = match ending {
        Ending::Expired => (words::EXPIRED_TITLE, words::EXPIRED_TEXT),
        Ending::Used => (words::USED_TITLE, words::USED_TEXT),
        Ending::Lost => (words::LOST_TITLE, words::LOST_TEXT),
        Ending::Sso(error) => (words::SSO_FAILED_TITLE, sso_text(error)),
    };
    card(title, vec![paragraph(t(told)), again(flow)])
}

fn again(flow: Flow) -> AnyView {
    button("button", words::OTHER_CODE, move || flow.start_again())
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

//! Errors of single sign-on: a code in the address, a sentence on the page.

use doorstep_contract::sso::{REASON, SsoReason};
use doorstep_locales::{Word, words::sso as words};
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use crate::address::replace_address;

/// Removes the error from the address and returns it.
pub(crate) fn take_reason() -> Option<SsoReason> {
    let location = window().location();
    let query = UrlSearchParams::new_with_str(&location.search().ok()?).ok()?;
    let reason = SsoReason::parse(&query.get(REASON)?)?;
    query.delete(REASON);
    let (path, rest) = (location.pathname().ok()?, String::from(query.to_string()));
    replace_address(&if rest.is_empty() { path } else { [&path, "?", &rest].concat() });
    Some(reason)
}

/// The sentence for it.
pub(crate) const fn sentence(reason: SsoReason) -> Word {
    match reason {
        SsoReason::InvalidCredentials => words::INVALID_CREDENTIALS,
        SsoReason::IdentityTaken => words::IDENTITY_TAKEN,
        SsoReason::InvalidProvider => words::INVALID_PROVIDER,
        SsoReason::UserNotRegistered => words::USER_NOT_REGISTERED,
        SsoReason::UserSuspended => words::USER_SUSPENDED,
        SsoReason::EmailTaken => words::EMAIL_TAKEN,
        SsoReason::AccessDenied => words::ACCESS_DENIED,
        SsoReason::StateExpired | SsoReason::InvalidOtp => words::STATE_EXPIRED,
        SsoReason::CookieLost => words::COOKIE_LOST,
        SsoReason::ServiceUnavailable => words::SERVICE_UNAVAILABLE,
        SsoReason::ReauthRequired => words::REAUTH_REQUIRED,
        SsoReason::UnknownException | SsoReason::Other => words::GENERAL,
    }
}

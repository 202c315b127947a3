//! What the page shows, as a plain value, and what follows from what the server says.

use doorstep_contract::{
    auth::Provider,
    device::{ApprovalContext, DeviceRequest, Lookup, OAuthErrorCode, Resolution, SsoError},
};

use crate::api::ApiError;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum View {
    /// The field for the code.
    Entry,
    /// How to say who one is, before one decides: beside an account here, over these other systems.
    Chooser(Vec<Option<Provider>>),
    /// What a user who is signed in decides about. Boxed, like the next: the others are small.
    Authorize(Box<DeviceRequest>),
    /// What a user decides about who came back from another identity system.
    External(Box<ApprovalContext>),
    /// It is approved. What was, is not known any more after a reload.
    Approved(Option<Box<DeviceRequest>>),
    /// It is denied.
    Denied,
    /// It can't be decided any more.
    Ended(Ending),
}

impl View {
    /// What was decided, with what it was about as far as it is known.
    pub(super) fn finished(resolution: Resolution, request: Option<DeviceRequest>) -> Self {
        match resolution {
            Resolution::Approved => Self::Approved(request.map(Box::new)),
            Resolution::Denied => Self::Denied,
        }
    }
}

/// Why it can't be decided any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Its time is over.
    Expired,
    /// It has been decided already.
    Used,
    /// The user who came back from another identity system took too long, or has decided in another tab.
    Lost,
    /// The other identity system did not say who it is.
    Sso(SsoError),
}

/// The ways over other systems: a provider each, or one that needs no name.
pub(super) fn ways(lookup: Lookup) -> Vec<Option<Provider>> {
    match (lookup.sso_enabled, lookup.sso_providers.is_empty()) {
        (false, _) => Vec::new(),
        (true, true) => vec![None],
        (true, false) => lookup.sso_providers.into_iter().map(Some).collect(),
    }
}

impl Ending {
    /// Whether the code may still wait to be decided about.
    pub(super) const fn may_go_on(self) -> bool {
        match self {
            Self::Expired | Self::Used | Self::Sso(SsoError::UserCodeNotPending) => false,
            Self::Lost | Self::Sso(_) => true,
        }
    }

    /// The end that an error means; `None` when it can be tried again.
    pub(super) const fn of(error: ApiError) -> Option<Self> {
        let ApiError::Device(code) = error else {
            return None;
        };
        match code {
            OAuthErrorCode::ExpiredOrUnknown | OAuthErrorCode::StateLost => Some(Self::Expired),
            OAuthErrorCode::AlreadyResolved
            | OAuthErrorCode::ApproveInProgress
            | OAuthErrorCode::SessionAlreadyConsumed
            | OAuthErrorCode::UserCodeNotPending => Some(Self::Used),
            OAuthErrorCode::NoSession
            | OAuthErrorCode::InvalidSession
            | OAuthErrorCode::CsrfMismatch
            | OAuthErrorCode::UserCodeMismatch => Some(Self::Lost),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_contract::envelope::ErrorCode;

    use super::*;

    fn lookup(sso_enabled: bool) -> Lookup {
        Lookup { valid: true, expires_in_remaining: 0, client_id: None, sso_enabled, sso_providers: Vec::new() }
    }

    #[test]
    fn a_system_alone_needs_no_name_and_providers_have_theirs() {
        assert_eq!(ways(lookup(false)), Vec::new());
        assert_eq!(ways(lookup(true)), vec![None]);
        let okta = Provider { name: "okta".to_owned(), driver: "openid".to_owned(), label: None, icon: None };
        let lookup = Lookup { sso_providers: vec![okta.clone()], ..lookup(true) };
        assert_eq!(ways(lookup), vec![Some(okta)]);
    }

    #[test]
    fn a_code_that_may_still_wait_is_asked_for_again_and_another_one_otherwise() {
        assert!(Ending::Lost.may_go_on() && Ending::Sso(SsoError::SsoFailed).may_go_on());
        assert!(!Ending::Expired.may_go_on() && !Ending::Used.may_go_on());
        assert!(!Ending::Sso(SsoError::UserCodeNotPending).may_go_on());
    }

    #[test]
    fn what_is_over_is_over_and_the_rest_can_be_repeated() {
        let ending = |code| Ending::of(ApiError::Device(code));
        assert_eq!(ending(OAuthErrorCode::ExpiredOrUnknown), Some(Ending::Expired));
        assert_eq!(ending(OAuthErrorCode::AlreadyResolved), Some(Ending::Used));
        assert_eq!(ending(OAuthErrorCode::InvalidSession), Some(Ending::Lost));
        assert_eq!(ending(OAuthErrorCode::BearerAuthDisabled), None);
        assert_eq!(Ending::of(ApiError::Unreachable), None);
        assert_eq!(Ending::of(ApiError::Refused(ErrorCode::TemporarySession)), None);
    }
}

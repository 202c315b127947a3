//! The page's views as plain values, and the transitions between them.

use doorstep_contract::{
    auth::Provider,
    device::{ApprovalContext, DeviceRequest, Lookup, OAuthErrorCode, Resolution, SsoError},
};

use crate::api::ApiError;

/// A view of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum View {
    /// The field for the code.
    Entry,
    /// How to sign in before deciding: with an account, or with one of these identity providers.
    Chooser(Vec<Option<Provider>>),
    /// The decision of a signed-in user. Boxed, like the next: the others are small.
    Authorize(Box<DeviceRequest>),
    /// The decision of a user who came back from single sign-on.
    External(Box<ApprovalContext>),
    /// Approved. The request is unknown after a reload.
    Approved(Option<Box<DeviceRequest>>),
    /// It is denied.
    Denied,
    /// The request can't be decided any more.
    Ended(Ending),
}

impl View {
    /// The view for a decision, with its request if known.
    pub(super) fn finished(resolution: Resolution, request: Option<DeviceRequest>) -> Self {
        match resolution {
            Resolution::Approved => Self::Approved(request.map(Box::new)),
            Resolution::Denied => Self::Denied,
        }
    }
}

/// Why a request can't be decided any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The code has expired.
    Expired,
    /// The request was decided already.
    Used,
    /// The identity from single sign-on has expired, or was used in another tab.
    Lost,
    /// Single sign-on failed.
    Sso(SsoError),
}

/// The links to single sign-on: one for each provider, or one without a name.
pub(super) fn ways(lookup: Lookup) -> Vec<Option<Provider>> {
    match (lookup.sso_enabled, lookup.sso_providers.is_empty()) {
        (false, _) => Vec::new(),
        (true, true) => vec![None],
        (true, false) => lookup.sso_providers.into_iter().map(Some).collect(),
    }
}

impl Ending {
    /// Whether the code may still be pending.
    pub(super) const fn may_go_on(self) -> bool {
        match self {
            Self::Expired | Self::Used | Self::Sso(SsoError::UserCodeNotPending) => false,
            Self::Lost | Self::Sso(_) => true,
        }
    }

    /// The final view for an error; `None` if the request can be tried again.
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
    fn a_single_identity_system_has_no_name_and_providers_have_theirs() {
        assert_eq!(ways(lookup(false)), Vec::new());
        assert_eq!(ways(lookup(true)), vec![None]);
        let okta = Provider { name: "okta".to_owned(), driver: "openid".to_owned(), label: None, icon: None };
        let lookup = Lookup { sso_providers: vec![okta.clone()], ..lookup(true) };
        assert_eq!(ways(lookup), vec![Some(okta)]);
    }

    #[test]
    fn a_code_that_may_be_pending_is_entered_again() {
        assert!(Ending::Lost.may_go_on() && Ending::Sso(SsoError::SsoFailed).may_go_on());
        assert!(!Ending::Expired.may_go_on() && !Ending::Used.may_go_on());
        assert!(!Ending::Sso(SsoError::UserCodeNotPending).may_go_on());
    }

    #[test]
    fn final_errors_have_a_view_and_others_can_be_repeated() {
        let ending = |code| Ending::of(ApiError::Device(code));
        assert_eq!(ending(OAuthErrorCode::ExpiredOrUnknown), Some(Ending::Expired));
        assert_eq!(ending(OAuthErrorCode::AlreadyResolved), Some(Ending::Used));
        assert_eq!(ending(OAuthErrorCode::InvalidSession), Some(Ending::Lost));
        assert_eq!(ending(OAuthErrorCode::BearerAuthDisabled), None);
        assert_eq!(Ending::of(ApiError::Unreachable), None);
        assert_eq!(Ending::of(ApiError::Refused(ErrorCode::TemporarySession)), None);
    }
}

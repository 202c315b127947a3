//! The kinds of audit events. Add new ones at the end, with a title in `[events]` of `crates/locales/languages/`.

macro_rules! events {
    ( $( $(#[$meta:meta])* $event:ident = $word:literal, )+ ) => {
        /// The kind of an audit event. Its name is stored in the database and must not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event {
            $( $(#[$meta])* $event, )+
        }

        impl Event {
            /// Every event.
            pub const ALL: &[Self] = &[$( Self::$event, )+];

            /// The name in the database and in the log.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$event => $word, )+
                }
            }
        }
    };
}

events! {
    /// A user approved a device.
    DeviceApproved = "device_approved",
    /// A user denied a device.
    DeviceDenied = "device_denied",
    /// A device fetched its token.
    DeviceTokenIssued = "device_token_issued",
    /// A device token expired.
    DeviceTokenExpired = "device_token_expired",
    /// A device token was revoked or ended early.
    DeviceTokenRevoked = "device_token_revoked",
    /// A device polled from another network than the one its request came from.
    DeviceCrossIpPoll = "device_cross_ip_poll",

    /// A session began.
    SignedIn = "signed_in",
    /// A wrong password, code or temporary token.
    SignInFailed = "sign_in_failed",
    /// A provider identified a user who may not sign in here.
    SsoRefused = "sso_refused",
    /// A user signed out.
    SignedOut = "signed_out",
    /// Sessions were ended from another session, or by an operator.
    SessionEnded = "session_ended",
    /// A refresh token was reused, so it was probably stolen.
    RefreshTokenReused = "refresh_token_reused",
    /// A signed-in user reauthenticated.
    Reauthenticated = "reauthenticated",
    /// A signed-in user failed to reauthenticate.
    ReauthFailed = "reauth_failed",
    /// The one-time codes of an account were blocked after too many wrong ones.
    SecondFactorLocked = "second_factor_locked",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// A password was changed.
    PasswordChanged = "password_changed",
    /// A password reset mail was queued.
    PasswordResetRequested = "password_reset_requested",
    /// An email change was requested.
    EmailChangeRequested = "email_change_requested",
    /// An email was changed.
    EmailChanged = "email_changed",
    /// A username was changed.
    UsernameChanged = "username_changed",
    /// Two-factor authentication was enabled.
    TotpEnabled = "totp_enabled",
    /// Two-factor authentication was disabled.
    TotpDisabled = "totp_disabled",
    /// Recovery codes were generated.
    RecoveryCodesReplaced = "recovery_codes_replaced",
    /// A browser was trusted to skip the one-time code.
    TrustedDeviceAdded = "trusted_device_added",
    /// A browser is not trusted any more.
    TrustedDeviceRemoved = "trusted_device_removed",
    /// An SSO identity was linked to an account.
    IdentityLinked = "identity_linked",
    /// An SSO identity was unlinked.
    IdentityRemoved = "identity_removed",
    /// A temporary sign-in token was created.
    LoginTokenMade = "login_token_made",
    /// An account was created.
    AccountAdded = "account_added",
    /// An account was suspended.
    AccountSuspended = "account_suspended",
    /// A suspended account was reactivated.
    AccountActivated = "account_activated",

    /// A project was created.
    ProjectCreated = "project_created",
    /// A project was edited, or linked to a client.
    ProjectEdited = "project_edited",
    /// A client was created.
    ClientCreated = "client_created",
    /// A client's name or slug was changed.
    ClientEdited = "client_edited",
    /// A client was deactivated.
    ClientDeactivated = "client_deactivated",
    /// A client was reactivated.
    ClientActivated = "client_activated",
    /// A magic link was created.
    LinkMade = "link_made",
    /// A magic link was revoked.
    LinkRevoked = "link_revoked",
    /// An account was added to a project.
    MemberAdded = "member_added",
    /// An account was removed from a project.
    MemberRemoved = "member_removed",
    /// An update was created.
    UpdateWritten = "update_written",
    /// An update was edited.
    UpdateEdited = "update_edited",
    /// An update was removed.
    UpdateRemoved = "update_removed",
    /// An operator began a preview of the portal.
    PreviewBegun = "preview_begun",
    /// A visitor opened the portal by a magic link.
    PortalEntered = "portal_entered",
    /// A visitor left the portal.
    PortalLeft = "portal_left",
    /// An account's previous email was restored.
    EmailRestored = "email_restored",
}

impl Event {
    /// Parses the name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use doorstep_locales::Language;

    use super::*;

    #[test]
    fn event_names_are_unique() {
        for &event in Event::ALL {
            assert_eq!(Event::parse(event.as_str()), Some(event));
        }
        assert_eq!(Event::parse("something_else"), None);
    }

    #[test]
    fn every_event_has_a_title_in_every_language() {
        for (language, &event) in
            Language::ALL.iter().flat_map(|language| Event::ALL.iter().map(move |e| (language, e)))
        {
            assert_ne!(language.event(event.as_str()), event.as_str(), "crates/locales/languages/ lack it");
        }
    }
}

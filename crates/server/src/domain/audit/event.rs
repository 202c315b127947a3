//! What can happen that is remembered. A new event goes to the end, with a title in `crates/locales/events/`.

macro_rules! events {
    ( $( $(#[$meta:meta])* $event:ident = $word:literal, )+ ) => {
        /// What happened. A word of the database: it must not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event {
            $( $(#[$meta])* $event, )+
        }

        impl Event {
            /// Every event.
            pub const ALL: &[Self] = &[$( Self::$event, )+];

            /// The word in the database and in the log.
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
    /// A user let a device in.
    DeviceApproved = "device_approved",
    /// A user refused a device.
    DeviceDenied = "device_denied",
    /// A device has picked up its token.
    DeviceTokenIssued = "device_token_issued",
    /// A device's token came to the end of its life.
    DeviceTokenExpired = "device_token_expired",
    /// A device's token was ended before that.
    DeviceTokenRevoked = "device_token_revoked",
    /// A device asked for its token from another network than it had asked to be let in from.
    DeviceCrossIpPoll = "device_cross_ip_poll",

    /// A session began.
    SignedIn = "signed_in",
    /// A password, code or temporary token was checked, and was wrong.
    SignInFailed = "sign_in_failed",
    /// A provider identified a user, who may not sign in here.
    SsoRefused = "sso_refused",
    /// A user ended the session that they were in.
    SignedOut = "signed_out",
    /// Sessions were ended from elsewhere.
    SessionEnded = "session_ended",
    /// A refresh token came a second time: it was stolen.
    RefreshTokenReused = "refresh_token_reused",
    /// A user who is signed in proved again who they are.
    Reauthenticated = "reauthenticated",
    /// They could not.
    ReauthFailed = "reauth_failed",
    /// The authenticator app of an account counts no more, after too many wrong codes.
    SecondFactorLocked = "second_factor_locked",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// An account has another password.
    PasswordChanged = "password_changed",
    /// A mail that resets a password was written.
    PasswordResetRequested = "password_reset_requested",
    /// An account is to have another email.
    EmailChangeRequested = "email_change_requested",
    /// It has.
    EmailChanged = "email_changed",
    /// An account has another user name.
    UsernameChanged = "username_changed",
    /// Signing in asks for a one-time code from now on.
    TotpEnabled = "totp_enabled",
    /// It does no more.
    TotpDisabled = "totp_disabled",
    /// There are new recovery codes.
    RecoveryCodesReplaced = "recovery_codes_replaced",
    /// A browser is not asked for a one-time code from now on.
    TrustedDeviceAdded = "trusted_device_added",
    /// It is again.
    TrustedDeviceRemoved = "trusted_device_removed",
    /// An identity of another system opens an account.
    IdentityLinked = "identity_linked",
    /// It does no more.
    IdentityRemoved = "identity_removed",
    /// A temporary login token was made.
    LoginTokenMade = "login_token_made",
    /// There is another account.
    AccountAdded = "account_added",
    /// An account was suspended.
    AccountSuspended = "account_suspended",
    /// It may be used again.
    AccountActivated = "account_activated",

    /// An operator made a project.
    ProjectCreated = "project_created",
    /// An operator changed a project, or linked it to a client.
    ProjectEdited = "project_edited",
    /// An operator made a client.
    ClientCreated = "client_created",
    /// An operator changed what a client is called.
    ClientEdited = "client_edited",
    /// An operator shut a client out of the portal.
    ClientDeactivated = "client_deactivated",
    /// An operator let a client in again.
    ClientActivated = "client_activated",
    /// An operator made a magic link.
    LinkMade = "link_made",
    /// An operator revoked a magic link.
    LinkRevoked = "link_revoked",
    /// An operator let an account see a project.
    MemberAdded = "member_added",
    /// An operator took an account out of a project.
    MemberRemoved = "member_removed",
    /// An operator wrote an update for a client.
    UpdateWritten = "update_written",
    /// An operator changed an update.
    UpdateEdited = "update_edited",
    /// An operator removed an update.
    UpdateRemoved = "update_removed",
    /// An operator looks at the portal as a client.
    PreviewBegun = "preview_begun",
    /// A visitor came into the portal with a magic link.
    PortalEntered = "portal_entered",
    /// A visitor left the portal.
    PortalLeft = "portal_left",
    /// An account has the email again that it had before a change.
    EmailRestored = "email_restored",
}

impl Event {
    /// From the word.
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
    fn every_event_has_a_word_of_its_own() {
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
            assert_ne!(language.event(event.as_str()), event.as_str(), "crates/locales/events/ lacks it");
        }
    }
}

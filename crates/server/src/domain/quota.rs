//! How often something may be done: so many times within a window of time, which begins with the first time.

use jiff::SignedDuration;

/// What is counted, each in a bucket of its own. The word is the key of the configuration (`[limits]`) and of the
/// database: it must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Sign-ins with a temporary token, per address.
    TemporaryToken,
    /// Mails that reset a password, per address.
    PasswordRequest,
    /// The same, per account.
    PasswordRequestAccount,
    /// Mails about sign-ins from new browsers, per account.
    NewBrowserMail,
    /// New passwords with the token of such a mail, per address.
    PasswordReset,
    /// Refreshed tokens, per address.
    Refresh,
    /// Magic links followed, per address.
    PortalEnter,
    /// Ways to a provider begun, per address.
    SsoStart,
    /// Ways back from one, per address.
    SsoCallback,
    /// Device codes asked for, per address.
    DeviceCode,
    /// User codes looked up, per address.
    DeviceLookup,
    /// Ways to another identity system begun for a device, per address.
    DeviceSsoInitiate,
    /// Devices approved or denied, per session.
    DeviceApprove,
    /// Devices approved or denied by people of another identity system, per person.
    DeviceApproveExternal,
    /// Wrong user codes, per address, over all endpoints that tell right from wrong.
    WrongUserCodes,
    /// Uses of a device's token, per token.
    Me,
}

impl Quota {
    /// Every quota.
    pub const ALL: [Self; 16] = [
        Self::TemporaryToken,
        Self::PasswordRequest,
        Self::PasswordRequestAccount,
        Self::NewBrowserMail,
        Self::PasswordReset,
        Self::Refresh,
        Self::PortalEnter,
        Self::SsoStart,
        Self::SsoCallback,
        Self::DeviceCode,
        Self::DeviceLookup,
        Self::DeviceSsoInitiate,
        Self::DeviceApprove,
        Self::DeviceApproveExternal,
        Self::WrongUserCodes,
        Self::Me,
    ];

    /// The word in the configuration and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TemporaryToken => "temporary_token_per_hour",
            Self::PasswordRequest => "password_request_per_hour",
            Self::PasswordRequestAccount => "password_request_account_per_hour",
            Self::NewBrowserMail => "new_browser_mail_per_day",
            Self::PasswordReset => "password_reset_per_hour",
            Self::Refresh => "refresh_per_minute",
            Self::PortalEnter => "portal_enter_per_hour",
            Self::SsoStart => "sso_start_per_minute",
            Self::SsoCallback => "sso_callback_per_minute",
            Self::DeviceCode => "device_code_per_hour",
            Self::DeviceLookup => "device_lookup_per_5_minutes",
            Self::DeviceSsoInitiate => "device_sso_initiate_per_hour",
            Self::DeviceApprove => "device_approve_per_hour",
            Self::DeviceApproveExternal => "device_approve_external_per_hour",
            Self::WrongUserCodes => "wrong_user_codes_per_5_minutes",
            Self::Me => "me_per_minute",
        }
    }

    /// How long a window lasts.
    #[must_use]
    pub const fn window(self) -> SignedDuration {
        match self {
            Self::TemporaryToken
            | Self::PasswordRequest
            | Self::PasswordRequestAccount
            | Self::PasswordReset
            | Self::PortalEnter
            | Self::DeviceCode
            | Self::DeviceSsoInitiate
            | Self::DeviceApprove
            | Self::DeviceApproveExternal => SignedDuration::from_hours(1),
            Self::NewBrowserMail => SignedDuration::from_hours(24),
            Self::DeviceLookup | Self::WrongUserCodes => SignedDuration::from_mins(5),
            Self::Refresh | Self::SsoStart | Self::SsoCallback | Self::Me => SignedDuration::from_mins(1),
        }
    }

    /// How often within it, when the operator says nothing else.
    #[must_use]
    pub const fn default_times(self) -> u32 {
        match self {
            Self::TemporaryToken | Self::PasswordRequest | Self::DeviceApprove | Self::DeviceApproveExternal => 10,
            Self::PasswordRequestAccount => 3,
            Self::NewBrowserMail => 5,
            Self::PasswordReset | Self::WrongUserCodes => 20,
            Self::Refresh
            | Self::PortalEnter
            | Self::SsoStart
            | Self::SsoCallback
            | Self::DeviceCode
            | Self::DeviceLookup
            | Self::DeviceSsoInitiate
            | Self::Me => 60,
        }
    }
}

/// How often each thing may be done within its window.
#[derive(Debug, Clone, Default)]
pub struct Quotas(Vec<(Quota, u32)>);

impl Quotas {
    /// What the operator says for one of them, instead of its default.
    pub fn set(&mut self, quota: Quota, times: u32) {
        self.0.retain(|(other, _)| *other != quota);
        self.0.push((quota, times));
    }

    /// How often.
    #[must_use]
    pub fn times(&self, quota: Quota) -> u32 {
        self.0.iter().find(|(other, _)| *other == quota).map_or(quota.default_times(), |(_, times)| *times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quota_has_a_word_that_tells_its_window() {
        for quota in Quota::ALL {
            let minutes = match quota.as_str().rsplit_once("_per_").expect("tells it").1 {
                "day" => 24 * 60,
                "hour" => 60,
                "5_minutes" => 5,
                "minute" => 1,
                other => panic!("{other}"),
            };
            assert_eq!(quota.window(), SignedDuration::from_mins(minutes), "{quota:?}");
            assert_eq!(Quota::ALL.iter().filter(|other| other.as_str() == quota.as_str()).count(), 1);
        }
    }

    #[test]
    fn what_the_operator_says_wins() {
        let mut quotas = Quotas::default();
        quotas.set(Quota::Me, 5);
        quotas.set(Quota::Me, 7);
        assert_eq!((quotas.times(Quota::Me), quotas.times(Quota::Refresh)), (7, 60));
    }
}

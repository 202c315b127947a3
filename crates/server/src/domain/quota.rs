//! Rate limits for requests: a number of times within a window, which begins with the first.

use jiff::SignedDuration;

/// The kind of a request, each with its own counts. Its name is the key in the configuration (`[limits]`) and the
/// database, and must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Sign-ins with a temporary token, per address.
    TemporaryToken,
    /// Password reset mails, per address.
    PasswordRequest,
    /// Password reset mails, per account.
    PasswordRequestAccount,
    /// Mails about sign-ins from new browsers, per account.
    NewBrowserMail,
    /// Passwords set by the token of a reset mail, per address.
    PasswordReset,
    /// Refreshed tokens, per address.
    Refresh,
    /// Opened magic links, per address.
    PortalEnter,
    /// SSO flows begun, per address.
    SsoStart,
    /// SSO callbacks, per address.
    SsoCallback,
    /// Device requests, per address.
    DeviceCode,
    /// Lookups of user codes, per address.
    DeviceLookup,
    /// SSO flows begun for a device, per address.
    DeviceSsoInitiate,
    /// Devices approved or denied, per session.
    DeviceApprove,
    /// Devices approved or denied by SSO users without an account, per user.
    DeviceApproveExternal,
    /// Wrong user codes, per address, over all endpoints that check them.
    WrongUserCodes,
    /// Uses of a device token, per token.
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

    /// The name in the configuration and the database.
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

    /// The length of the window.
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

    /// The default number of times within the window.
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

/// The configured number of times for each quota.
#[derive(Debug, Clone, Default)]
pub struct Quotas(Vec<(Quota, u32)>);

impl Quotas {
    /// Overrides the default of a quota.
    pub fn set(&mut self, quota: Quota, times: u32) {
        self.0.retain(|(other, _)| *other != quota);
        self.0.push((quota, times));
    }

    /// The number of times within the window.
    #[must_use]
    pub fn times(&self, quota: Quota) -> u32 {
        self.0.iter().find(|(other, _)| *other == quota).map_or(quota.default_times(), |(_, times)| *times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_each_quota_states_its_window() {
        for quota in Quota::ALL {
            let minutes = match quota.as_str().rsplit_once("_per_").expect("states it").1 {
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
    fn the_configuration_overrides_the_default() {
        let mut quotas = Quotas::default();
        quotas.set(Quota::Me, 5);
        quotas.set(Quota::Me, 7);
        assert_eq!((quotas.times(Quota::Me), quotas.times(Quota::Refresh)), (7, 60));
    }
}

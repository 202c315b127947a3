//! `[limits]` of the configuration file: rate limits.

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::domain::quota::{Quota, Quotas};

/// All limits, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The number of wrong passwords or codes without a wait; each further one makes the wait longer.
    pub sign_in_free_failures: u32,
    /// Sign-ins with a temporary token from one address.
    pub temporary_token_per_hour: u32,
    /// Password reset mails requested from one address.
    pub password_request_per_hour: u32,
    /// Password reset mails for one account.
    pub password_request_account_per_hour: u32,
    /// Mails about sign-ins from new browsers, to one account.
    pub new_browser_mail_per_day: u32,
    /// Passwords set by the token of a reset mail, from one address.
    pub password_reset_per_hour: u32,
    /// Refreshed tokens of the token surface, from one address.
    pub refresh_per_minute: u32,
    /// Magic links opened from one address.
    pub portal_enter_per_hour: u32,
    /// SSO flows begun from one address.
    pub sso_start_per_minute: u32,
    /// SSO callbacks from one address.
    pub sso_callback_per_minute: u32,
    /// Device requests from one address.
    pub device_code_per_hour: u32,
    /// User codes looked up from one address.
    pub device_lookup_per_5_minutes: u32,
    /// SSO flows begun for a device, from one address.
    pub device_sso_initiate_per_hour: u32,
    /// Devices approved or denied in one session.
    pub device_approve_per_hour: u32,
    /// Devices approved or denied by one SSO user without an account.
    pub device_approve_external_per_hour: u32,
    /// Wrong user codes from one address, over all endpoints that check them.
    pub wrong_user_codes_per_5_minutes: u32,
    /// Uses of one device token.
    pub me_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_free_failures: 5,
            temporary_token_per_hour: Quota::TemporaryToken.default_times(),
            password_request_per_hour: Quota::PasswordRequest.default_times(),
            password_request_account_per_hour: Quota::PasswordRequestAccount.default_times(),
            new_browser_mail_per_day: Quota::NewBrowserMail.default_times(),
            password_reset_per_hour: Quota::PasswordReset.default_times(),
            refresh_per_minute: Quota::Refresh.default_times(),
            portal_enter_per_hour: Quota::PortalEnter.default_times(),
            sso_start_per_minute: Quota::SsoStart.default_times(),
            sso_callback_per_minute: Quota::SsoCallback.default_times(),
            device_code_per_hour: Quota::DeviceCode.default_times(),
            device_lookup_per_5_minutes: Quota::DeviceLookup.default_times(),
            device_sso_initiate_per_hour: Quota::DeviceSsoInitiate.default_times(),
            device_approve_per_hour: Quota::DeviceApprove.default_times(),
            device_approve_external_per_hour: Quota::DeviceApproveExternal.default_times(),
            wrong_user_codes_per_5_minutes: Quota::WrongUserCodes.default_times(),
            me_per_minute: Quota::Me.default_times(),
        }
    }
}

impl Limits {
    pub(super) fn quotas(&self) -> Result<Quotas, ConfigError> {
        let mut quotas = Quotas::default();
        for (quota, times) in self.times() {
            if times == 0 {
                return Err(ConfigError::Value { name: quota.as_str(), problem: "must be at least 1".to_owned() });
            }
            quotas.set(quota, times);
        }
        Ok(quotas)
    }

    const fn times(&self) -> [(Quota, u32); Quota::ALL.len()] {
        [
            (Quota::TemporaryToken, self.temporary_token_per_hour),
            (Quota::PasswordRequest, self.password_request_per_hour),
            (Quota::PasswordRequestAccount, self.password_request_account_per_hour),
            (Quota::NewBrowserMail, self.new_browser_mail_per_day),
            (Quota::PasswordReset, self.password_reset_per_hour),
            (Quota::Refresh, self.refresh_per_minute),
            (Quota::PortalEnter, self.portal_enter_per_hour),
            (Quota::SsoStart, self.sso_start_per_minute),
            (Quota::SsoCallback, self.sso_callback_per_minute),
            (Quota::DeviceCode, self.device_code_per_hour),
            (Quota::DeviceLookup, self.device_lookup_per_5_minutes),
            (Quota::DeviceSsoInitiate, self.device_sso_initiate_per_hour),
            (Quota::DeviceApprove, self.device_approve_per_hour),
            (Quota::DeviceApproveExternal, self.device_approve_external_per_hour),
            (Quota::WrongUserCodes, self.wrong_user_codes_per_5_minutes),
            (Quota::Me, self.me_per_minute),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quota_can_be_set_by_its_name() {
        let written = serde_json::to_value(Limits::default()).expect("is written");
        for (quota, times) in Limits::default().times() {
            assert_eq!(written[quota.as_str()], times);
        }
        let said: Limits = serde_json::from_str(r#"{"me_per_minute": 9}"#).expect("is read");
        assert_eq!(said.quotas().expect("fits").times(Quota::Me), 9);
        assert!(Limits { me_per_minute: 0, ..Limits::default() }.quotas().is_err());
    }
}

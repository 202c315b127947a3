//! The operator's settings: permissions, limits and lifetimes.

use doorstep_contract::password::DEFAULT_MIN;
use jiff::SignedDuration;
use url::Url;

use super::{
    device_policy::DevicePolicy, limits::Backoff, password_policy::PasswordPolicy, quota::Quotas,
    session::SessionPolicy,
};

/// The settings of an installation. The defaults apply where the configuration is silent.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Lifetimes of sessions.
    pub sessions: SessionPolicy,
    /// Lifetime of an unused temporary sign-in token.
    pub login_token_life: SignedDuration,
    /// Whether users may sign in with a password.
    pub password_login: bool,
    /// The policy for new passwords.
    pub passwords: PasswordPolicy,
    /// The limit for wrong passwords and codes.
    pub sign_in_limit: Backoff,
    /// The limits for everything else.
    pub quotas: Quotas,
    /// The settings of the device flow.
    pub devices: DevicePolicy,
    /// The retention of the audit log; `None` for no limit.
    pub audit_life: Option<SignedDuration>,
    /// Pages outside this server that password reset links may lead to.
    pub reset_urls: Vec<Url>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            sessions: SessionPolicy::default(),
            login_token_life: SignedDuration::from_hours(1),
            password_login: true,
            passwords: PasswordPolicy { min_chars: DEFAULT_MIN, names: &[] },
            sign_in_limit: Backoff { free_failures: 5 },
            quotas: Quotas::default(),
            devices: DevicePolicy::default(),
            audit_life: Some(SignedDuration::from_hours(400 * 24)),
            reset_urls: Vec::new(),
        }
    }
}

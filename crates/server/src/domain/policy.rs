//! What an operator has decided: what is allowed, how often, and for how long.

use doorstep_contract::password::DEFAULT_MIN;
use jiff::SignedDuration;
use url::Url;

use super::{
    device_policy::DevicePolicy, limits::Backoff, password_policy::PasswordPolicy, quota::Quotas,
    session::SessionPolicy,
};

/// The policy of an installation. Its default is what holds unless the configuration says otherwise.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How long sessions live.
    pub sessions: SessionPolicy,
    /// How long a temporary login token waits to be used.
    pub login_token_life: SignedDuration,
    /// Whether users may sign in with a password.
    pub password_login: bool,
    /// Which new passwords are taken.
    pub passwords: PasswordPolicy,
    /// How often a password or code may be tried.
    pub sign_in_limit: Backoff,
    /// How often anything else may be done.
    pub quotas: Quotas,
    /// Which devices are let in, and for how long.
    pub devices: DevicePolicy,
    /// How long is remembered who did what; `None` for ever.
    pub audit_life: Option<SignedDuration>,
    /// Where links in mails that reset a password may lead, beside this server's own page.
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

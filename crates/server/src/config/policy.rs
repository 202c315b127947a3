//! Converts the file's settings to the [`Policy`] of the installation.

use doorstep_contract::password::MIN_EVER;
use jiff::SignedDuration;

use super::{
    ConfigError, duration,
    file::{File, Login, SessionLife},
};
use crate::domain::{limits::Backoff, password_policy::PasswordPolicy, policy::Policy, session::SessionPolicy};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The policy of a configuration file. `names` are those of the installation.
pub(super) fn policy(file: &File, names: &'static [String]) -> Result<Policy, ConfigError> {
    Ok(Policy {
        sessions: sessions(&file.session)?,
        login_token_life: duration("login.login_token_minutes", file.login.login_token_minutes, MINUTE)?,
        password_login: file.login.password,
        passwords: passwords(&file.login, names)?,
        sign_in_limit: Backoff { free_failures: file.limits.sign_in_free_failures },
        quotas: file.limits.quotas()?,
        devices: file.device.clone().policy()?,
        audit_life: file.audit.life(),
        reset_urls: file.password_reset_url_allow_list.clone(),
    })
}

fn passwords(login: &Login, names: &'static [String]) -> Result<PasswordPolicy, ConfigError> {
    let min_chars = login.password_min_length;
    if (MIN_EVER..=64).contains(&min_chars) {
        Ok(PasswordPolicy { min_chars, names })
    } else {
        let problem = format!("{min_chars} is not a number from {MIN_EVER} to 64");
        Err(ConfigError::Value { name: "login.password_min_length", problem })
    }
}

fn sessions(life: &SessionLife) -> Result<SessionPolicy, ConfigError> {
    let day = SignedDuration::from_hours(24);
    Ok(SessionPolicy {
        idle: duration("session.idle_days", life.idle_days, day)?,
        absolute: duration("session.absolute_days", life.absolute_days, day)?,
        temporary: duration("session.temporary_minutes", life.temporary_minutes, MINUTE)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quota::{Quota, Quotas};

    #[test]
    fn an_empty_file_is_the_default_policy() {
        let (read, default) = (policy(&File::default(), &[]).expect("fits"), Policy::default());
        for quota in Quota::ALL {
            assert_eq!(read.quotas.times(quota), default.quotas.times(quota), "{quota:?}");
        }
        let told = |policy: Policy| format!("{:?}", Policy { quotas: Quotas::default(), ..policy });
        assert_eq!(told(read), told(default));
    }
}

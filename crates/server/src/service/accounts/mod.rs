//! Accounts, as operators manage them.

mod first_start;

use doorstep_contract::auth::Role;

pub use self::first_start::FirstStart;
use crate::{
    domain::{
        account::{self, Account, NameKey, Status},
        audit::Event,
        email,
        id::Id,
        mail::{By, EndedSessions, Notice},
    },
    error::Error,
    service::{
        core::Core,
        passwords::{Chosen, Party},
    },
    store::NewAccount,
};

/// A new account.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The username.
    pub username: String,
    /// The email.
    pub email: String,
    /// The display name; may be empty.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Creating and changing accounts as an operator.
#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a> {
    core: &'a Core,
}

impl<'a> Accounts<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl Accounts<'_> {
    /// Creates an account.
    ///
    /// # Errors
    /// Validation errors of name, email and password; [`Error::UsernameTaken`]; database errors.
    pub async fn add(self, wanted: Wanted, password: &str) -> Result<Account, Error> {
        let username = account::read_username(&wanted.username).ok_or(Error::UsernameInvalid)?;
        let email = email::read(&wanted.email).ok_or(Error::EmailInvalid)?;
        let account = Account {
            name: account::read_name(&wanted.name).ok_or(Error::NameInvalid)?,
            ..Account::new(
                Id::new(&self.core.clock, &self.core.random)?,
                username,
                email,
                wanted.role,
                self.core.clock.now(),
            )
        };
        let password_hash = Some(self.new_password(&account, password).await?);
        let new = NewAccount { account, password_hash };
        let entry = self.core.command_event(Event::AccountAdded, &new.account)?.with("role", new.account.role.as_str());
        if !self.core.store.insert_account(&new, &entry).await? {
            return Err(Error::UsernameTaken);
        }
        entry.log();
        Ok(new.account)
    }

    /// All accounts.
    pub async fn list(self) -> Result<Vec<Account>, Error> {
        Ok(self.core.store.list_accounts().await?)
    }

    /// Sets a new password and ends all sessions of the account.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; [`Error::PasswordPolicy`]; database errors.
    pub async fn set_password(self, user: &str, password: &str) -> Result<Account, Error> {
        let account = self.find(user).await?;
        let hash = self.new_password(&account, password).await?;
        let entry = self.core.command_event(Event::PasswordChanged, &account)?.with("how", "command");
        let notice = self.core.write_notice(&account, Notice::PasswordChanged(EndedSessions::All), By::Operator)?;
        self.core.store.replace_password(&account.id, &hash, &entry, &notice, self.core.clock.now()).await?;
        entry.log();
        self.core.mail_bell.ring();
        Ok(account)
    }

    /// Suspends or reactivates an account. Suspending ends its sessions.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; database errors.
    pub async fn set_status(self, user: &str, status: Status) -> Result<Account, Error> {
        let account = self.find(user).await?;
        let (event, notice) = match status {
            Status::Active => (Event::AccountActivated, Notice::Activated),
            Status::Suspended => (Event::AccountSuspended, Notice::Suspended),
        };
        let entry = self.core.command_event(event, &account)?;
        let notice = self.core.write_notice(&account, notice, By::Operator)?;
        if self.core.store.set_status(&account.id, status, &entry, &notice, self.core.clock.now()).await? {
            entry.log();
            self.core.mail_bell.ring();
        }
        Ok(Account { status, ..account })
    }

    /// Ends all sessions of an account and returns their number.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; database errors.
    pub async fn end_sessions(self, user: &str) -> Result<u64, Error> {
        let account = self.find(user).await?;
        let entry = self.core.command_event(Event::SessionEnded, &account)?.with("which", "all");
        let count = self.core.store.end_sessions_of(&account.id, &entry).await?;
        if count > 0 {
            entry.log();
        }
        Ok(count)
    }

    /// The account with this username or email.
    pub(in crate::service) async fn find(self, user: &str) -> Result<Account, Error> {
        let login = self.core.store.find_login(&NameKey::new(user)).await?;
        login.map(|login| login.account).ok_or(Error::UnknownUser)
    }

    /// Checks a password against the policy and hashes it.
    async fn new_password(self, account: &Account, password: &str) -> Result<String, Error> {
        let names = [&account.username, &account.email, &account.name].map(String::clone).into();
        let chosen = Chosen { password: password.to_owned(), names, before: None };
        self.core
            .passwords
            .choose(&self.core.passwords.seat(&Party::Operator)?, self.core.policy.passwords, chosen)
            .await
    }

    /// Disables two-factor authentication of an account and ends all its sessions and tokens.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; database errors.
    pub async fn reset_totp(self, user: &str) -> Result<Account, Error> {
        let account = self.find(user).await?;
        let entry = self.core.command_event(Event::TotpDisabled, &account)?.with("how", "command");
        let notice = self.core.write_notice(&account, Notice::TotpDisabled(EndedSessions::All), By::Operator)?;
        if self.core.store.disable_totp(&account.id, None, &entry, &notice).await? {
            entry.log();
            self.core.mail_bell.ring();
        }
        Ok(Account { totp_enabled: false, recovery_codes_left: 0, ..account })
    }
}

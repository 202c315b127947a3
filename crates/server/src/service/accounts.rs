//! Accounts, made and changed by an operator.

use doorstep_contract::auth::Role;

use super::{Service, passwords::Chosen, queue::Party};
use crate::{
    domain::{
        account::{self, Account, NameKey, Status},
        audit::Event,
        email,
        id::Id,
        mail::{By, Notice},
    },
    error::Error,
    store::NewAccount,
};

/// An account that an operator wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its user name.
    pub username: String,
    /// Its email.
    pub email: String,
    /// What to call the person; may be empty.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

impl Service {
    /// Makes an account.
    ///
    /// # Errors
    /// What is wrong with name, email or password; [`Error::UsernameTaken`]; that of the database.
    pub async fn add_account(&self, wanted: Wanted, password: &str) -> Result<Account, Error> {
        let username = account::read_username(&wanted.username).ok_or(Error::UsernameInvalid)?;
        let email = email::read(&wanted.email).ok_or(Error::EmailInvalid)?;
        let account = Account {
            name: account::read_name(&wanted.name).ok_or(Error::NameInvalid)?,
            ..Account::new(Id::new(&self.clock, &self.random)?, username, email, wanted.role, self.clock.now())
        };
        let password_hash = Some(self.new_password(&account, password).await?);
        let new = NewAccount { account, password_hash };
        let entry = self.command_event(Event::AccountAdded, &new.account)?.with("role", new.account.role.as_str());
        if !self.store.insert_account(&new, &entry).await? {
            return Err(Error::UsernameTaken);
        }
        entry.log();
        Ok(new.account)
    }

    /// All accounts.
    pub async fn list_accounts(&self) -> Result<Vec<Account>, Error> {
        Ok(self.store.list_accounts().await?)
    }

    /// Sets a new password. All sessions of the account end.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; what is wrong with the password; that of the database.
    pub async fn set_password(&self, user: &str, password: &str) -> Result<Account, Error> {
        let account = self.find_account(user).await?;
        let hash = self.new_password(&account, password).await?;
        let entry = self.command_event(Event::PasswordChanged, &account)?.with("how", "command");
        let notice = self.write_notice(&account, Notice::PasswordChanged, By::Operator)?;
        self.store.replace_password(&account.id, &hash, &entry, &notice, self.clock.now()).await?;
        entry.log();
        self.mail_bell.ring();
        Ok(account)
    }

    /// Suspends an account, or lets it in again. The sessions of a suspended account end.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; that of the database.
    pub async fn set_status(&self, user: &str, status: Status) -> Result<Account, Error> {
        let account = self.find_account(user).await?;
        let (event, notice) = match status {
            Status::Active => (Event::AccountActivated, Notice::Activated),
            Status::Suspended => (Event::AccountSuspended, Notice::Suspended),
        };
        let entry = self.command_event(event, &account)?;
        let notice = self.write_notice(&account, notice, By::Operator)?;
        if self.store.set_status(&account.id, status, &entry, &notice, self.clock.now()).await? {
            entry.log();
            self.mail_bell.ring();
        }
        Ok(Account { status, ..account })
    }

    /// Ends all sessions of an account; how many there were.
    ///
    /// # Errors
    /// [`Error::UnknownUser`]; that of the database.
    pub async fn end_sessions(&self, user: &str) -> Result<u64, Error> {
        let account = self.find_account(user).await?;
        let entry = self.command_event(Event::SessionEnded, &account)?.with("which", "all");
        let count = self.store.end_sessions_of(&account.id, &entry).await?;
        if count > 0 {
            entry.log();
        }
        Ok(count)
    }

    /// The account with this user name or email.
    pub(super) async fn find_account(&self, user: &str) -> Result<Account, Error> {
        let login = self.store.find_login(&NameKey::new(user)).await?;
        login.map(|login| login.account).ok_or(Error::UnknownUser)
    }

    /// The hash of a password that keeps the policy.
    async fn new_password(&self, account: &Account, password: &str) -> Result<String, Error> {
        let names = [&account.username, &account.email, &account.name].map(String::clone).into();
        let chosen = Chosen { password: password.to_owned(), names, before: None };
        self.passwords.choose(&self.passwords.seat(&Party::Operator)?, self.policy.passwords, chosen).await
    }
}

//! The first start with an empty database: creates the first operator.

use doorstep_contract::auth::Role;

use super::Accounts;
use crate::{
    domain::{
        account::{Account, FirstAccount},
        audit::Event,
        id::Id,
        password,
    },
    error::Error,
    service::passwords::Party,
    store::NewAccount,
};

/// The username of the first operator.
const USERNAME: &str = "admin";

/// The result of a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstStart {
    /// There were accounts already. `true` while the initial password is in use.
    Existing(bool),
    /// The first operator was created with the configured password.
    CreatedAsConfigured,
    /// The first operator was created with this generated password. It is stored nowhere else: show it once.
    Created(String),
}

impl Accounts<'_> {
    /// Creates the first operator when there is no account.
    ///
    /// # Errors
    /// When the database fails or the password can't be hashed.
    pub async fn first_start(self, wishes: FirstAccount) -> Result<FirstStart, Error> {
        let (chosen, made_up) = if let Some(password) = wishes.password {
            (password, None)
        } else {
            let password = password::generate(&self.core.random)?;
            (password.clone(), Some(password))
        };
        let account = Account {
            password_is_initial: true,
            ..Account::new(
                Id::new(&self.core.clock, &self.core.random)?,
                USERNAME.to_owned(),
                wishes.email,
                Role::Operator,
                self.core.clock.now(),
            )
        };
        let password_hash = Some(self.core.passwords.hash(&self.core.passwords.seat(&Party::Operator)?, chosen).await?);
        let entry = self.core.command_event(Event::AccountAdded, &account)?.with("how", "first_start");
        if !self.core.store.insert_first_account(&NewAccount { account, password_hash }, &entry).await? {
            return Ok(FirstStart::Existing(self.core.store.initial_account().await?.is_some()));
        }
        entry.log();
        Ok(made_up.map_or(FirstStart::CreatedAsConfigured, FirstStart::Created))
    }
}

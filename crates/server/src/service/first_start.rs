//! The first start of an empty database: the first operator.

use doorstep_contract::auth::Role;

use super::{Service, queue::Party};
use crate::{
    domain::{account::Account, audit::Event, id::Id, password},
    error::Error,
    store::NewAccount,
};

/// The user name of the first operator.
pub const USERNAME: &str = "admin";

/// What an operator wants for the first account.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// The email of the first account.
    pub email: String,
    /// Its password; made up when absent.
    pub password: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstStart {
    /// There were accounts already. `true` while the password of the first start is in force.
    Earlier(bool),
    /// The first operator was made, with the wished password.
    MadeAsWished,
    /// The first operator was made with this password. It is nowhere else: show it once.
    Made(String),
}

impl Service {
    /// Makes the first operator when there is no account yet.
    ///
    /// # Errors
    /// When the database does not answer or the password can't be hashed.
    pub async fn first_start(&self, wishes: Wishes) -> Result<FirstStart, Error> {
        let (chosen, made_up) = if let Some(password) = wishes.password {
            (password, None)
        } else {
            let password = password::generate(&self.random)?;
            (password.clone(), Some(password))
        };
        let account = Account {
            password_is_initial: true,
            ..Account::new(
                Id::new(&self.clock, &self.random)?,
                USERNAME.to_owned(),
                wishes.email,
                Role::Operator,
                self.clock.now(),
            )
        };
        let password_hash = Some(self.passwords.hash(&self.passwords.seat(&Party::Operator)?, chosen).await?);
        let entry = self.event_of(Event::AccountAdded, &account, None)?.with("how", "first_start");
        if !self.store.insert_first_account(&NewAccount { account, password_hash }, &entry).await? {
            return Ok(FirstStart::Earlier(self.store.initial_account().await?.is_some()));
        }
        entry.log();
        Ok(made_up.map_or(FirstStart::MadeAsWished, FirstStart::Made))
    }
}

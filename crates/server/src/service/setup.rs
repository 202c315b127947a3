//! Choosing a password in place of one that must not stay: that of the first start.

use doorstep_contract::{
    auth::{BeganWith, SetupRequest},
    password::Weakness,
};
use tracing::info;

use super::{
    Service,
    sessions::Identity,
    sign_in::{Arrival, SignedIn},
};
use crate::{
    domain::account::{self, Account},
    error::Error,
    store::{NewCredentials, Replaced},
};

impl Service {
    /// For somebody who is signed in with a password that must be replaced.
    ///
    /// # Errors
    /// [`Error::SetupNotAllowed`] when it need not be; what is wrong with the request; that of the database.
    pub async fn set_up_authenticated(
        &self,
        identity: Identity,
        request: SetupRequest,
        arrival: &Arrival,
    ) -> Result<SignedIn, Error> {
        if !identity.account.password_is_initial {
            return Err(Error::SetupNotAllowed);
        }
        self.set_up(identity.account, request, identity.session.began_with, arrival).await
    }

    /// For whoever is first at a server that only this machine can reach and that does without the initial password.
    /// The caller has checked that.
    ///
    /// # Errors
    /// [`Error::SetupNotAllowed`] when the account has been set up; otherwise as above.
    pub async fn set_up_anonymous(&self, request: SetupRequest, arrival: &Arrival) -> Result<SignedIn, Error> {
        let account = self.store.initial_account().await?.ok_or(Error::SetupNotAllowed)?;
        self.set_up(account, request, BeganWith::Password, arrival).await
    }

    async fn set_up(
        &self,
        account: Account,
        request: SetupRequest,
        began_with: BeganWith,
        arrival: &Arrival,
    ) -> Result<SignedIn, Error> {
        let username = request.username.trim().to_owned();
        if !account::is_username(&username) {
            return Err(Error::UsernameInvalid);
        }
        let email = request.email.map_or_else(|| account.email.clone(), |email| email.trim().to_owned());
        if !account::is_email(&email) {
            return Err(Error::EmailInvalid);
        }
        let password = request.password.reveal();
        if password != request.confirm_password.reveal() {
            return Err(Error::Mismatch);
        }
        self.password_policy.check(password, &[&username, &email, &account.name]).map_err(Error::PasswordPolicy)?;
        let current = self.store.password_hash(&account.id).await?;
        if self.passwords.verify(password.to_owned(), current).await?.matches {
            return Err(Error::PasswordPolicy(Weakness::Unchanged));
        }

        let credentials = NewCredentials {
            username: username.clone(),
            email: email.clone(),
            password_hash: self.passwords.hash(password.to_owned()).await?,
        };
        let now = self.clock.now();
        match self.store.replace_initial_credentials(&account.id, &credentials, now).await? {
            Replaced::Done => {}
            Replaced::NameTaken => return Err(Error::UsernameTaken),
            Replaced::NotInitial => return Err(Error::SetupNotAllowed),
        }
        info!(event = "password_changed", account = %account.id, address = %arrival.visitor.address, by = "set-up");
        let account = Account { username, email, password_is_initial: false, password_changed_at: now, ..account };
        self.begin_session(account, &credentials.password_hash, began_with, None, arrival).await
    }
}

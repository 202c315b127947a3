//! Setting a password without the old one: replacing the initial password, or in a temporary session.

use doorstep_contract::auth::{BeganWith, SetupRequest};

use super::OwnAccount;
use crate::{
    domain::{
        account::{self, Account, NameKey},
        audit::{Entry, Event},
        email,
        mail::{EndedSessions, Notice},
        typed,
    },
    error::Error,
    service::{
        core::{ClientContext, Identity},
        passwords::{Chosen, Party},
        sessions::{NewSessionSpec, SessionOrigin, Sessions, SignedIn},
    },
    store::{NewCredentials, Proof, Replaceable, Replaced, SealedMail},
};

impl OwnAccount<'_> {
    /// For a user signed in with the initial password, or with a temporary token: a user with one controls the
    /// server and need not know the old password. The session keeps its expiry and is no longer restricted: a lost
    /// authenticator can be turned off and a new one enrolled. A changed email must be confirmed first, except for
    /// the first account.
    ///
    /// # Errors
    /// [`Error::SetupNotAllowed`] in any other session; validation errors; database errors.
    pub async fn set_up_authenticated(
        self,
        identity: Identity,
        request: SetupRequest,
        context: &ClientContext,
    ) -> Result<SignedIn, Error> {
        let Identity { session, account, .. } = identity;
        let temporary = session.is_temporary();
        if !account.password_is_initial && !temporary {
            return Err(Error::SetupNotAllowed);
        }
        let began = SessionOrigin { with: session.began_with, at: temporary.then_some(session.created_at) };
        self.set_up(account, request, (began, Replaceable::By(&session.id)), context).await
    }

    /// For the first client of a server that only this machine can reach and that is configured to skip the initial
    /// password. The caller has checked both.
    ///
    /// # Errors
    /// [`Error::SetupNotAllowed`] when the account was set up already; otherwise as [`Self::set_up_authenticated`].
    pub async fn set_up_anonymous(self, request: SetupRequest, context: &ClientContext) -> Result<SignedIn, Error> {
        let account = self.core.store.initial_account().await?.ok_or(Error::SetupNotAllowed)?;
        let began = SessionOrigin::now(BeganWith::Password);
        self.set_up(account, request, (began, Replaceable::StillInitial), context).await
    }

    async fn set_up(
        self,
        account: Account,
        request: SetupRequest,
        (began, replaceable): (SessionOrigin, Replaceable<'_>),
        context: &ClientContext,
    ) -> Result<SignedIn, Error> {
        let username = match &request.username {
            Some(name) => account::read_username(name).ok_or(Error::UsernameInvalid)?,
            None => account.username.clone(),
        };
        let typed_email = match &request.email {
            Some(email) => email::read(email).ok_or(Error::EmailInvalid)?,
            None => account.email.clone(),
        };
        // The first account has no user yet whom a wrong email could lock out, so the email takes effect at once.
        let counts = account.password_is_initial || NameKey::new(&typed_email) == NameKey::new(&account.email);
        let (email, awaited) =
            if counts { (typed_email.clone(), None) } else { (account.email.clone(), Some(typed_email.clone())) };
        let password = request.password.reveal();
        if typed::password(password) != typed::password(request.confirm_password.reveal()) {
            return Err(Error::Mismatch);
        }
        let chosen = Chosen {
            password: password.to_owned(),
            names: vec![username.clone(), typed_email, account.email.clone(), account.name.clone()],
            before: self.core.store.password_hash(&account.id).await?,
        };
        let seat = self.core.passwords.seat(&Party::Friend(account.id.clone()))?;
        let password_hash = self.core.passwords.choose(&seat, self.core.policy.passwords, chosen).await?;

        let now = self.core.clock.now();
        let renamed = Account { username: username.clone(), email: email.clone(), ..account.clone() };
        let mut notices = self.setup_notices(&account, &renamed, context)?;
        let awaited = match awaited {
            Some(email) => {
                self.check_are_free(&account, &[email.as_str()]).await?;
                Some(self.confirmation_mails(&renamed, email, context, &mut notices)?)
            }
            None => None,
        };
        let credentials = NewCredentials { username, email, awaited, password_hash };
        let entries = self.setup_entries(&account, &credentials, context)?;
        let told = (entries.as_slice(), notices.as_slice());
        match self.core.store.replace_credentials(&account.id, &credentials, replaceable, told, now).await? {
            Replaced::Done => {}
            Replaced::NameTaken => return Err(Error::UsernameTaken),
            Replaced::TooLate => return Err(Error::SetupNotAllowed),
        }
        entries.iter().for_each(Entry::log);
        self.core.mail_bell.ring();
        let account = Account { has_password: true, password_is_initial: false, password_changed_at: now, ..renamed };
        let proof = Proof::PasswordAndMore(&credentials.password_hash);
        let goes_on = matches!(replaceable, Replaceable::By(_));
        Sessions::new(self.core)
            .begin(account, NewSessionSpec { goes_on, ..NewSessionSpec::new(began, proof) }, None, context)
            .await
    }

    /// The notices about it, to the previous address. The first account has no user to notify.
    fn setup_notices(
        self,
        account: &Account,
        new: &Account,
        context: &ClientContext,
    ) -> Result<Vec<SealedMail>, Error> {
        if account.password_is_initial {
            return Ok(Vec::new());
        }
        let renamed = Notice::UsernameChanged { old: &account.username, new: &new.username };
        let differs = |one: &str, other: &str| NameKey::new(one) != NameKey::new(other);
        let changed = Notice::PasswordChanged(EndedSessions::Others);
        let notices = [Some(changed), differs(&new.username, &account.username).then_some(renamed)];
        notices.into_iter().flatten().map(|notice| self.core.write_notice(account, notice, context)).collect()
    }

    /// The audit entries.
    fn setup_entries(
        self,
        account: &Account,
        new: &NewCredentials,
        context: &ClientContext,
    ) -> Result<Vec<Entry>, Error> {
        let event = |event| self.core.own_event(event, account, context.visitor.address);
        let how = if account.password_is_initial { "first_set_up" } else { "temporary_session" };
        let mut entries = vec![event(Event::PasswordChanged)?.with("how", how)];
        if new.username != account.username {
            entries.push(event(Event::UsernameChanged)?.with("to", new.username.as_str()));
        }
        if new.email != account.email {
            let entry = event(Event::EmailChanged)?;
            entries.push(entry.with("from", account.email.as_str()).with("to", new.email.as_str()));
        }
        if let Some(awaited) = &new.awaited {
            entries.push(event(Event::EmailChangeRequested)?.with("to", awaited.email.as_str()));
        }
        Ok(entries)
    }
}

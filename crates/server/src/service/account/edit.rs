//! Editing the account of the signed-in user: name, password, email.

use doorstep_contract::{account::AccountEdit, secret::Secret};

use super::OwnAccount;
use crate::{
    domain::{
        account::{self, Account, NameKey},
        audit::{Entry, Event},
        email,
        known_browser::KnownBrowser,
        limits::{Backoff, Bucket, Whose},
        mail::{self, EndedSessions, Notice},
        session::SessionToken,
        token::Token,
        typed,
    },
    error::Error,
    metrics,
    service::{
        core::{ClientContext, Identity},
        passwords::{Chosen, Party},
        sign_in::SignIn,
    },
    store::{self, Confirmation, Confirmed, Edit, EmailEdit, NewEmail, SealedMail},
};

/// The result of an edit, for the browser.
#[derive(Debug)]
pub struct Edited {
    /// The new session token, if it was rotated.
    pub token: Option<SessionToken>,
    /// A new known-browser proof, if the edit invalidated the earlier one.
    pub proof: Option<String>,
}

/// The validated changes; `None` leaves a field as it is.
struct Wanted {
    username: Option<String>,
    name: Option<String>,
    email: EmailEdit<String>,
    password: Option<Chosen>,
}

impl OwnAccount<'_> {
    /// Edits an account: all of the requested changes, or none.
    ///
    /// A password in the request counts as a proof of identity, and rotates the session token as any proof does. So
    /// does a new password, which also ends all other sessions and tokens.
    ///
    /// # Errors
    /// [`Error::TemporarySession`], [`Error::ReauthRequired`]; validation errors; [`Error::WrongPassword`],
    /// [`Error::RateLimited`]; [`Error::UsernameTaken`]; [`Error::Unauthenticated`] when the session has ended
    /// meanwhile; database errors.
    pub async fn edit(
        self,
        identity: &Identity,
        request: &AccountEdit,
        context: &ClientContext,
    ) -> Result<Edited, Error> {
        let Identity { session, account, opened_with } = identity;
        let sets_password = session.is_temporary() && changes_password_alone(request);
        if !sets_password {
            identity.require_lasting()?;
            if request.password.is_none() {
                identity.require_fresh(self.core.clock.now())?;
            }
        }
        let wanted = Self::wanted(account, request)?;
        if let Some(password) = &request.password {
            SignIn::new(self.core).check_password(identity, password, context).await?;
        }
        let email = match &wanted.email {
            EmailEdit::Await(email) => Some(email),
            EmailEdit::Cancel | EmailEdit::Keep => None,
        };
        let names: Vec<&str> = wanted.username.iter().chain(email).map(String::as_str).collect();
        self.check_names_limited(account, &names).await?;
        let password_hash = match &wanted.password {
            Some(password) => Some(self.hash_changed_password(account, password).await?),
            None => None,
        };

        let now = self.core.clock.now();
        let proved = request.password.is_some();
        let new_token =
            (proved || password_hash.is_some()).then(|| SessionToken::new(&self.core.random)).transpose()?;
        let renamed = Account {
            username: wanted.username.clone().unwrap_or_else(|| account.username.clone()),
            ..account.clone()
        };
        let mut mails = Vec::new();
        if password_hash.is_some() {
            mails.push(self.core.write_notice(&renamed, Notice::PasswordChanged(EndedSessions::Others), context)?);
        }
        if NameKey::new(&renamed.username) != NameKey::new(&account.username) {
            let notice = Notice::UsernameChanged { old: &account.username, new: &renamed.username };
            mails.push(self.core.write_notice(&renamed, notice, context)?);
        }
        let entries = self.edit_entries(identity, &wanted, context)?;
        let email = match wanted.email {
            EmailEdit::Await(email) => EmailEdit::Await(self.confirmation_mails(&renamed, email, context, &mut mails)?),
            EmailEdit::Cancel => EmailEdit::Cancel,
            EmailEdit::Keep => EmailEdit::Keep,
        };
        let edit = Edit {
            account: &account.id,
            session,
            token: *opened_with,
            new_token: new_token.as_ref().map(SessionToken::hash),
            proved_at: if proved { now } else { session.proved_at },
            username: wanted.username.as_deref(),
            name: wanted.name.as_deref(),
            email,
            password_hash: password_hash.as_deref(),
            mails: &mails,
            entries: &entries,
        };
        match self.core.store.edit_account(&edit, now).await? {
            store::Edited::Done => {}
            store::Edited::NameTaken => return Err(Error::UsernameTaken),
            store::Edited::SessionGone => return Err(Error::Unauthenticated),
        }
        if !mails.is_empty() {
            self.core.mail_bell.ring();
        }
        entries.iter().for_each(Entry::log);
        let proof = match &password_hash {
            Some(_) => {
                let browser = self
                    .core
                    .known_browser(account, context)
                    .map_or_else(|| KnownBrowser::new(&self.core.random), Ok)?;
                Some(browser.proof(&account.id, now, &self.core.secret_keys))
            }
            None => None,
        };
        Ok(Edited { token: new_token, proof })
    }

    /// Makes the pending email the account's: the token proves that the user received the mail.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::TokenExpired`], [`Error::TokenUsed`]; [`Error::UsernameTaken`] when
    /// another account has the email meanwhile; database errors.
    pub async fn confirm_email(
        self,
        identity: &Identity,
        token: &Secret,
        context: &ClientContext,
    ) -> Result<(), Error> {
        let account = &identity.account;
        let token = Token::parse(token.reveal()).ok_or(Error::InvalidToken)?;
        let change = self.core.store.find_email_change(&account.id, token.hash()).await?.ok_or(Error::InvalidToken)?;
        let now = self.core.clock.now();
        if change.is_used {
            return Err(Error::TokenUsed);
        }
        if now >= change.expires_at {
            return Err(Error::TokenExpired);
        }
        // Sent to the previous address.
        let (revert, link) = self.new_email_revert(account)?;
        let notice = |revert| Notice::EmailChanged { email: &change.email, revert };
        let entry = self.core.own_event(Event::EmailChanged, account, context.visitor.address)?;
        let entry = entry.with("from", account.email.as_str()).with("to", change.email.as_str());
        let confirmation = Confirmation {
            account: &account.id,
            token: token.hash(),
            email: &change.email,
            revert: &revert,
            with_link: self.core.write_notice(account, notice(Some(&link)), context)?,
            without_link: self.core.write_notice(account, notice(None), context)?,
            entry: &entry,
        };
        match self.core.store.confirm_email(&confirmation, now).await? {
            Confirmed::Done => {}
            Confirmed::Taken => return Err(Error::UsernameTaken),
            Confirmed::Gone => return Err(Error::InvalidToken),
        }
        self.core.mail_bell.ring();
        entry.log();
        Ok(())
    }

    /// Removes unconfirmed email changes one day after they expire: until then their link is reported as expired.
    pub async fn prune_email_changes(self) {
        let before = self.core.clock.now().checked_sub(mail::LINK_LIFE).unwrap_or(jiff::Timestamp::MIN);
        if let Err(error) = self.core.store.prune_email_changes(before).await {
            tracing::warn!(%error, "unconfirmed emails were not removed");
        }
    }

    /// Validates an edit, without looking at other accounts.
    fn wanted(account: &Account, request: &AccountEdit) -> Result<Wanted, Error> {
        let username = request.new_username.as_deref();
        let username = username.map(|name| account::read_username(name).ok_or(Error::UsernameInvalid)).transpose()?;
        let name = match &request.new_name {
            Some(name) => Some(account::read_name(name).ok_or(Error::NameInvalid)?),
            None => None,
        };
        let email = request.new_email.as_deref();
        let email = email.map(|email| email::read(email).ok_or(Error::EmailInvalid)).transpose()?;
        let typed = |password: &Option<Secret>| password.as_ref().map(|password| typed::password(password.reveal()));
        if typed(&request.new_password) != typed(&request.confirm_password) {
            return Err(Error::Mismatch);
        }
        let password = request.new_password.as_ref().map(|password| password.reveal().to_owned());
        let password = password.map(|password| {
            let names = [
                username.as_deref().unwrap_or(&account.username),
                name.as_deref().unwrap_or(&account.name),
                &account.email,
                email.as_deref().unwrap_or_default(),
            ];
            Chosen { password, names: names.map(str::to_owned).into(), before: None }
        });
        let is_the_same = |email: &str| NameKey::new(email) == NameKey::new(&account.email);
        let email = match email {
            Some(email) if is_the_same(&email) => EmailEdit::Cancel,
            Some(email) => EmailEdit::Await(email),
            None => EmailEdit::Keep,
        };
        Ok(Wanted { username, name, email, password })
    }

    /// The audit entries of an edit. A changed display name is not recorded.
    fn edit_entries(self, identity: &Identity, wanted: &Wanted, context: &ClientContext) -> Result<Vec<Entry>, Error> {
        let Identity { session, account, .. } = identity;
        let event = |event| self.core.own_event(event, account, context.visitor.address);
        let mut entries = Vec::new();
        if wanted.password.is_some() {
            let how = if session.is_temporary() { "temporary_session" } else { "own" };
            entries.push(event(Event::PasswordChanged)?.with("how", how));
        }
        if let Some(username) = wanted.username.as_deref().filter(|username| *username != account.username) {
            entries.push(event(Event::UsernameChanged)?.with("to", username));
        }
        if let EmailEdit::Await(email) = &wanted.email {
            entries.push(event(Event::EmailChangeRequested)?.with("to", email.as_str()));
        }
        Ok(entries)
    }

    /// Checks that no other account has the requested username or email. Counted against a limit first, because the
    /// response reveals which accounts exist, and because an email causes a mail. An email that is free now may be
    /// taken by the time it is confirmed.
    async fn check_names_limited(self, account: &Account, names: &[&str]) -> Result<(), Error> {
        let own = [&account.username, &account.email].map(|own| NameKey::new(own));
        if names.iter().all(|name| own.contains(&NameKey::new(name))) {
            return Ok(());
        }
        let key = self.core.limit_key(Bucket::NameChange, Whose::Id(account.id.as_str()));
        self.core.count(metrics::NAME_CHANGE, vec![key], Backoff::NAME_CHANGES, self.core.clock.now()).await?;
        self.check_are_free(account, names).await
    }

    /// Checks that no other account has one of these names.
    pub(super) async fn check_are_free(self, account: &Account, names: &[&str]) -> Result<(), Error> {
        for name in names {
            let found = self.core.store.find_login(&NameKey::new(name)).await?;
            if found.is_some_and(|found| found.account.id != account.id) {
                return Err(Error::UsernameTaken);
            }
        }
        Ok(())
    }

    async fn hash_changed_password(self, account: &Account, chosen: &Chosen) -> Result<String, Error> {
        let chosen = Chosen { before: self.core.store.password_hash(&account.id).await?, ..chosen.clone() };
        let seat = self.core.passwords.seat(&Party::Friend(account.id.clone()))?;
        self.core.passwords.choose(&seat, self.core.policy.passwords, chosen).await
    }

    /// The mails about a new email: a confirmation link to the new address, and a notice to the old one.
    pub(super) fn confirmation_mails(
        self,
        account: &Account,
        email: String,
        context: &ClientContext,
        mails: &mut Vec<SealedMail>,
    ) -> Result<NewEmail, Error> {
        let now = self.core.clock.now();
        let token = Token::new(&self.core.random)?;
        mails.push(
            self.core
                .seal_mail(&mail::confirm_email(self.core.occasion(account), &token).to(&email), Some(&account.id))?,
        );
        mails.push(self.core.write_notice(account, Notice::EmailPending(&email), context)?);
        let expires_at = now.checked_add(mail::LINK_LIFE).unwrap_or(jiff::Timestamp::MAX);
        Ok(NewEmail { email, token: token.hash(), expires_at })
    }
}

/// Whether the edit changes the password and nothing else.
fn changes_password_alone(request: &AccountEdit) -> bool {
    request.new_password.is_some()
        && request.new_username.is_none()
        && request.new_email.is_none()
        && request.new_name.is_none()
}

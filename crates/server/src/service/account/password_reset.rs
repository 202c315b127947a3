//! Password reset: a mail with a link, and a new password with the token in the link.
//!
//! A request is stored as it came and acknowledged. It is processed later, at a time that does not depend on it,
//! with the same work for known and unknown emails. So neither the response, nor its timing, nor the timing of
//! later requests reveals whether an account exists (ASVS 6.3.8).

use doorstep_contract::{account_name::MAX_EMAIL, secret::Secret, tokens};
use doorstep_locales::Language;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};
use url::Url;

use super::OwnAccount;
use crate::{
    domain::{
        account::{Account, NameKey, Status},
        audit::Event,
        id::Id,
        limits::Whose,
        mail::{self, By, EndedSessions, Notice},
        network,
        password_reset::{self, MEMORY, RESET_LIFE},
        quota::Quota,
        secret_key::Purpose,
        session::Visitor,
        token::Token,
    },
    error::Error,
    service::{
        core::ClientContext,
        passwords::{Chosen, Party},
    },
    store::{NewReset, PasswordRequest, Processed},
};

/// A pending request.
#[derive(Serialize, Deserialize)]
struct ResetRequest {
    email: String,
    reset_url: Option<Url>,
    address: std::net::IpAddr,
    user_agent: String,
    language: Option<String>,
}

impl OwnAccount<'_> {
    /// Requests a mail that resets the password.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] when the link may not lead to that URL; [`Error::RateLimited`] by address;
    /// [`Error::Overloaded`] while too many requests are pending; database errors. None of them depends on the
    /// account.
    pub async fn request_reset(self, request: &tokens::PasswordRequest, context: &ClientContext) -> Result<(), Error> {
        let allowed = |text: &String| password_reset::page(text, &self.core.policy.reset_urls).cloned();
        let reset_url = request.reset_url.as_ref().map(|text| allowed(text).ok_or_else(not_allowed)).transpose()?;
        let Visitor { address, user_agent } = context.visitor.clone();
        self.core.spend(Quota::PasswordRequest, Whose::Address(address)).await?.keep();
        // Text that is too long for an email can't belong to an account, and is not stored.
        if request.email.len() > MAX_EMAIL {
            return Ok(());
        }
        let language = context.language.map(|language| language.tag().to_owned());
        let asked = ResetRequest { email: request.email.clone(), reset_url, address, user_agent, language };
        let id = Id::new(&self.core.clock, &self.core.random)?;
        let plain = serde_json::to_vec(&asked).map_err(|_| Error::NotJson)?;
        let sealed =
            self.core.secret_keys.seal(Purpose::PasswordRequests, id.as_str().as_bytes(), &plain, &self.core.random)?;
        let request = PasswordRequest { id, sealed, network: network::wide(address) };
        let has_room = self.core.store.put_password_request(&request, self.core.clock.now()).await?;
        if has_room { Ok(()) } else { Err(Error::Overloaded) }
    }

    /// Processes the pending requests, as far as the mail queue has room; the rest stays pending.
    pub async fn process_password_requests(self) {
        match self.try_password_requests().await {
            Ok(0) => {}
            Ok(_) => self.core.mail_bell.ring(),
            Err(error) => warn!(%error, "password requests were not processed"),
        }
    }

    /// Returns the number of requests processed. Every request causes the same writes: a count, and a queued mail,
    /// which is blank when there is nothing to send.
    async fn try_password_requests(self) -> Result<u32, Error> {
        let mut count = 0;
        while let Some(request) = self.core.store.next_password_request().await? {
            let place = request.id.as_str().as_bytes();
            let plain = self.core.secret_keys.open(Purpose::PasswordRequests, place, &request.sealed);
            let asked: Option<ResetRequest> = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
            let account = match &asked {
                Some(asked) => {
                    let account = self.account_to_reset(&asked.email).await?;
                    let within = self.count_request(asked).await?;
                    account.filter(|_| within)
                }
                None => None,
            };
            match account.zip(asked) {
                Some((account, asked)) => self.send_reset(&request.id, account, &asked).await?,
                None => {
                    self.core
                        .store
                        .process_password_request(&request.id, Processed::Blank(&self.core.blank_mail()?))
                        .await?;
                }
            }
            count += 1;
        }
        Ok(count)
    }

    /// Counts one mail to an address, as it was typed, against its limit; unknown addresses are counted as well.
    async fn count_request(self, asked: &ResetRequest) -> Result<bool, Error> {
        match self.core.spend(Quota::PasswordRequestAccount, Whose::Typed(&NameKey::new(&asked.email))).await {
            Ok(spent) => {
                spent.keep();
                Ok(true)
            }
            Err(Error::RateLimited(_)) => {
                info!(event = "password_reset_limited", address = %asked.address);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The account with this email, if its password can be reset: it has one and is active.
    async fn account_to_reset(self, email: &str) -> Result<Option<Account>, Error> {
        if !self.core.policy.password_login {
            return Ok(None);
        }
        let key = NameKey::new(email);
        let account = self.core.store.find_login(&key).await?.map(|login| login.account);
        let may = |account: &Account| {
            NameKey::new(&account.email) == key && account.has_password && account.status == Status::Active
        };
        Ok(account.filter(may))
    }

    async fn send_reset(self, request: &Id, account: Account, asked: &ResetRequest) -> Result<(), Error> {
        let address = asked.address;
        let token = Token::new(&self.core.random)?;
        let now = self.core.clock.now();
        let language = account.language.or_else(|| asked.language.as_deref().and_then(Language::of_tag));
        let account = Account { language, ..account };
        let link = password_reset::link(asked.reset_url.as_ref(), &self.core.public_url, &token, &account.username);
        let visitor = Visitor::new(address, &asked.user_agent);
        let letter = mail::reset_password(self.core.occasion(&account), link, By::Visitor(&visitor));
        let entry = self.core.event_of(Event::PasswordResetRequested, &account, Some(address))?;
        let new = NewReset {
            token: token.hash(),
            account: &account.id,
            expires_at: now.checked_add(RESET_LIFE).unwrap_or(now),
            mail: self.core.seal_mail(&letter.to(&account.email), None)?,
            entry: &entry,
        };
        self.core.store.process_password_request(request, Processed::Sent(&new)).await?;
        entry.log();
        Ok(())
    }

    /// Sets a new password by the token of a mail. It begins no session, and two-factor authentication stays on.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::TokenUsed`], [`Error::TokenExpired`]; [`Error::PasswordPolicy`], which
    /// does not use up the token; [`Error::RateLimited`]; database errors.
    pub async fn reset_password(self, reset: &tokens::PasswordReset, context: &ClientContext) -> Result<(), Error> {
        let address = context.visitor.address;
        self.core.spend(Quota::PasswordReset, Whose::Address(address)).await?.keep();
        let token = Token::parse(reset.token.reveal()).ok_or(Error::InvalidToken)?.hash();
        let found = self.core.store.find_reset(token).await?.ok_or(Error::InvalidToken)?;
        let now = self.core.clock.now();
        if found.is_used {
            return Err(Error::TokenUsed);
        }
        if now >= found.expires_at {
            return Err(Error::TokenExpired);
        }
        let account = &found.account;
        let hash = self.hash_for(account, &reset.password).await?;
        let notice = self.core.write_notice(account, Notice::PasswordChanged(EndedSessions::All), context)?;
        let entry = self.core.own_event(Event::PasswordChanged, account, address)?.with("how", "reset");
        if !self.core.store.reset_password(token, &account.id, &hash, &notice, &entry, now).await? {
            return Err(Error::TokenUsed);
        }
        self.core.mail_bell.ring();
        entry.log();
        Ok(())
    }

    async fn hash_for(self, account: &Account, password: &Secret) -> Result<String, Error> {
        let names = [&account.username, &account.email, &account.name].map(String::clone).into();
        let chosen = Chosen { password: password.reveal().to_owned(), names, before: None };
        // The token proves that the client controls the account.
        let seat = self.core.passwords.seat(&Party::Friend(account.id.clone()))?;
        self.core.passwords.choose(&seat, self.core.policy.passwords, chosen).await
    }

    /// Removes tokens some time after they expire: until then their link is reported as expired.
    pub async fn prune_password_resets(self) {
        let before = self.core.clock.now().checked_sub(MEMORY).unwrap_or(jiff::Timestamp::MIN);
        if let Err(error) = self.core.store.prune_password_resets(before).await {
            warn!(%error, "expired password resets were not removed");
        }
    }
}

fn not_allowed() -> Error {
    Error::InvalidRequest("`reset_url` is not among those that are allowed".to_owned())
}

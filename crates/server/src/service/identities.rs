//! Who people are at other identity systems: linked to accounts, and asked after while a session lives.

use std::net::IpAddr;

use doorstep_contract::{
    account::List,
    auth::Role,
    secret::Secret,
    sso::{Challenge, IdentityEntry, SsoReason},
};
use jiff::Timestamp;
use tracing::warn;
use url::Url;

use super::{
    Service,
    sessions::Identity,
    sign_in::Arrival,
    sso_arrival::{Arrived, Trouble},
};
use crate::{
    domain::{
        access::Mode,
        account::{self, Account, NameKey},
        audit::Event,
        email,
        id::Id,
        mail::Notice,
        second_factor::CHALLENGE_LIFE,
        secret_key::Purpose,
        session::{Session, Visitor, wire_time},
        sso::{CHECK_EVERY, Person},
        token::Token,
    },
    error::Error,
    idp::{IdpError, Known},
    store::{DueCheck, FoundIdentity, Linked, NewAccount, NewIdentity, Removed, SsoChallenge},
};

/// How many user names are tried for a new account.
const NAMES_TRIED: u32 = 20;

impl Service {
    /// The identities of whoever asks.
    pub async fn identities(&self, identity: &Identity) -> Result<List<IdentityEntry>, Error> {
        let found = self.store.identities_of(&identity.account.id).await?;
        let label = |name: &str| self.providers.find(name).and_then(|known| known.settings().label.clone());
        let entry = |found: crate::store::Identity| IdentityEntry {
            id: found.id.to_string(),
            label: label(&found.provider),
            provider: found.provider,
            email: found.email,
            created_at: wire_time(found.created_at),
            last_used_at: found.last_used_at.map(wire_time),
        };
        Ok(List::whole(found.into_iter().map(entry).collect()))
    }

    /// What an account signs in with, by the name that programs know: `default` is a password, another a provider.
    pub async fn provider_of(&self, account: &Account) -> Result<String, Error> {
        let without_password = !account.has_password;
        let identities = if without_password { self.store.identities_of(&account.id).await? } else { Vec::new() };
        let first = identities.into_iter().next();
        Ok(first.map_or_else(|| "default".to_owned(), |identity| identity.provider))
    }

    /// Removes an identity of whoever asks.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`]; [`Error::NotFound`]; [`Error::LastIdentity`]; that of the database.
    pub async fn remove_identity(&self, identity: &Identity, id: &Id, visitor: &Visitor) -> Result<(), Error> {
        self.require_fresh(identity)?;
        let Identity { session, account, .. } = identity;
        let found = self.store.identities_of(&account.id).await?.into_iter().find(|found| found.id == *id);
        let provider = found.ok_or(Error::NotFound)?.provider;
        let label = self.provider_label(&provider);
        let notice = self.write_notice(account, Notice::IdentityRemoved(&label), visitor)?;
        let entry = self.own_event(Event::IdentityRemoved, account, visitor.address)?;
        let entry = entry.with("identity_id", id.as_str()).with("provider", provider.as_str());
        let told = (&entry, &notice);
        match self.store.remove_identity(&account.id, id, self.policy.password_login, &session.id, told).await? {
            Removed::Done => {
                entry.log();
                self.mail_bell.ring();
                Ok(())
            }
            Removed::Unknown => Err(Error::NotFound),
            Removed::LastWayIn => Err(Error::LastIdentity),
        }
    }

    /// Adds the identity of a person to the account that is signed in.
    pub(super) async fn link(
        &self,
        known: &Known<'_>,
        identity: &Identity,
        person: &Person,
        arrival: &Arrival,
    ) -> Result<Arrived, Trouble> {
        let account = &identity.account;
        if let Some(found) = self.store.find_identity(&person.issuer, &person.subject).await? {
            let own = found.account.id == account.id;
            return if own { Ok(Arrived::Linked) } else { Err(Trouble::Reason(SsoReason::IdentityTaken)) };
        }
        let id = Id::new(&self.clock, &self.random)?;
        let new = new_identity(&id, &account.id, known, person);
        let entry = self.own_event(Event::IdentityLinked, account, arrival.visitor.address)?;
        let entry = entry.with("identity_id", id.as_str()).with("provider", new.provider);
        let notice = self.write_notice(account, Notice::IdentityLinked(&self.provider_label(new.provider)), arrival)?;
        if self.store.link_identity(new, &entry, &notice, self.clock.now()).await? == Linked::Taken {
            return Err(Trouble::Reason(SsoReason::IdentityTaken));
        }
        entry.log();
        self.mail_bell.ring();
        Ok(Arrived::Linked)
    }

    /// The name of a provider on screens and in mails, by the operator.
    fn provider_label(&self, name: &str) -> String {
        let label = self.providers.find(name).and_then(|known| known.settings().label.clone());
        label.unwrap_or_else(|| name.to_owned())
    }

    /// Makes an account for a person whose email the provider has made sure of; `None` when it does not fit.
    pub(super) async fn register(
        &self,
        known: &Known<'_>,
        person: &Person,
        email: &str,
        address: IpAddr,
    ) -> Result<Option<FoundIdentity>, Error> {
        let Some(email) = &email::read(email) else { return Ok(None) };
        let now = self.clock.now();
        for number in 1..=NAMES_TRIED {
            let id = Id::new(&self.clock, &self.random)?;
            let account = Account {
                name: person.name.as_deref().and_then(account::read_name).unwrap_or_default(),
                has_password: false,
                ..Account::new(
                    Id::new(&self.clock, &self.random)?,
                    username(person, email, number),
                    email.to_owned(),
                    Role::Member,
                    now,
                )
            };
            let new = NewAccount { account, password_hash: None };
            let identity = new_identity(&id, &new.account.id, known, person);
            let entry = self.own_event(Event::AccountAdded, &new.account, address)?;
            let entry = entry.with("how", "sso").with("provider", identity.provider).with("identity_id", id.as_str());
            if self.store.register(&new, identity, &entry, now).await? == Linked::Done {
                entry.log();
                return Ok(Some(FoundIdentity { id, linked_at: now, account: new.account }));
            }
            // Of two at once, one came first.
            if let Some(found) = self.store.find_identity(&person.issuer, &person.subject).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    pub(super) async fn has_account(&self, email: &str) -> Result<bool, Error> {
        Ok(self.store.find_login(&NameKey::new(email)).await?.is_some())
    }

    /// Puts down a sign-in that waits for a one-time code; `false` when it counts no more.
    pub(super) async fn put_sso_challenge(
        &self,
        token: &Token,
        account: &Account,
        identity: Id,
        refresh_token: Option<&Secret>,
        mode: Option<Mode>,
    ) -> Result<bool, Error> {
        let hash = token.hash();
        let seal = |token: &Secret| {
            self.secret_keys.seal(Purpose::ProviderTokens, hash.as_bytes(), token.reveal().as_bytes(), &self.random)
        };
        let provider_token = refresh_token.map(seal).transpose()?;
        let now = self.clock.now();
        let expires_at = now.checked_add(CHALLENGE_LIFE).unwrap_or(now);
        let sso = SsoChallenge { identity, provider_token, mode };
        Ok(self.store.put_sso_challenge(hash, &account.id, expires_at, &sso).await?)
    }

    /// The sign-in that waits in this browser for its one-time code, if it still does.
    ///
    /// # Errors
    /// [`Error::NotFound`]; that of the database.
    pub async fn waiting_challenge(&self, tokens: &[Token]) -> Result<Challenge, Error> {
        for token in tokens {
            if self.store.challenged(token.hash(), self.clock.now()).await?.is_some() {
                return Ok(Challenge { challenge: token.to_wire() });
            }
        }
        Err(Error::NotFound)
    }

    /// Asks the provider of a session, if it is time, whether it still knows the person; `false` when it does not, and
    /// the session has ended. A provider that does not answer ends nothing.
    pub(super) async fn provider_agrees(&self, session: &Session, account: &Account) -> Result<bool, Error> {
        let now = self.clock.now();
        let before = now.checked_sub(CHECK_EVERY).unwrap_or(Timestamp::MIN);
        let Some(DueCheck { provider, refresh_token }) =
            self.store.claim_provider_check(&session.id, before, now).await?
        else {
            return Ok(true);
        };
        let plain = self.secret_keys.open(Purpose::ProviderTokens, session.id.as_str().as_bytes(), &refresh_token);
        let token = plain.and_then(|plain| String::from_utf8(plain).ok()).map(Secret::new);
        let (Some(known), Some(token)) = (self.providers.find(&provider), token) else {
            // Its settings or our secret are gone: nobody says no.
            return Ok(true);
        };
        match known.still_knows(&token, now).await {
            Ok(Some(new)) => {
                self.store.renew_provider_token(&session.id, &self.seal_provider_token(&session.id, &new)?).await?;
                Ok(true)
            }
            Ok(None) => Ok(true),
            Err(IdpError::Revoked) => {
                let entry = self.event_of(Event::SessionEnded, account, None)?;
                let entry = entry.with("which", "one").with("session_id", session.id.as_str()).with("by", provider);
                if self.store.end_session_of(&account.id, &session.id, &entry).await?.is_some() {
                    entry.log();
                }
                Ok(false)
            }
            Err(error) => {
                warn!(event = "provider_unavailable", provider, error = ?error.to_string());
                Ok(true)
            }
        }
    }

    /// Seals the refresh token of a provider for a session.
    pub(super) fn seal_provider_token(&self, session: &Id, token: &Secret) -> Result<Vec<u8>, Error> {
        let place = session.as_str().as_bytes();
        Ok(self.secret_keys.seal(Purpose::ProviderTokens, place, token.reveal().as_bytes(), &self.random)?)
    }

    /// Where the user's session at a provider can be ended, if it offers that. Asks the provider when it was not asked lately.
    pub async fn end_session_url(&self, provider: &str) -> Option<Url> {
        let known = self.providers.find(provider)?;
        let mut back = self.public_url.clone();
        back.set_path(doorstep_contract::route::ClientRoute::Login.path());
        known.end_session_url(&back, self.clock.now()).await
    }
}

fn new_identity<'a>(id: &'a Id, account: &'a Id, known: &'a Known<'_>, person: &'a Person) -> NewIdentity<'a> {
    let (issuer, subject) = (person.issuer.as_str(), person.subject.as_str());
    NewIdentity { id, account, provider: &known.settings().name, issuer, subject, email: person.email.as_deref() }
}

/// A user name from what the provider says, with a number from the second try on.
fn username(person: &Person, email: &str, number: u32) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let wished = person.username.as_deref().and_then(account::read_username);
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let base = wished.map_or(plain, |name| name.chars().take(40).collect());
    let base = account::read_username(&base).unwrap_or_else(|| "member".to_owned());
    if number == 1 { base } else { format!("{base}-{number}") }
}

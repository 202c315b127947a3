//! The SSO identities linked to accounts.

use std::net::IpAddr;

use doorstep_contract::{
    account::List,
    auth::Role,
    sso::{IdentityEntry, SsoReason},
};
use url::Url;

use super::{
    Sso,
    outcome::{SsoFailure, SsoOutcome},
};
use crate::{
    domain::{
        account::{self, Account, NameKey},
        audit::Event,
        id::Id,
        mail::{LinkedIdentity, Notice},
        session::{Visitor, wire_time},
        sso::Person,
    },
    error::Error,
    idp::Known,
    service::core::{ClientContext, Identity},
    store::{FoundIdentity, Linked, NewAccount, NewIdentity, Removed},
};

/// How many usernames are tried for a new account.
const NAMES_TRIED: u32 = 20;

impl Sso<'_> {
    /// The linked identities of the user.
    pub async fn identities(self, identity: &Identity) -> Result<List<IdentityEntry>, Error> {
        let found = self.core.store.identities_of(&identity.account.id).await?;
        let label = |name: &str| self.core.providers.find(name).and_then(|known| known.settings().label.clone());
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

    /// How an account signs in, by the names that Directus uses: `default` for a password, else a provider.
    pub async fn provider_of(self, account: &Account) -> Result<String, Error> {
        let without_password = !account.has_password;
        let identities = if without_password { self.core.store.identities_of(&account.id).await? } else { Vec::new() };
        let first = identities.into_iter().next();
        Ok(first.map_or_else(|| "default".to_owned(), |identity| identity.provider))
    }

    /// Unlinks an identity of the user.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`]; [`Error::NotFound`]; [`Error::LastIdentity`]; database errors.
    pub async fn remove_identity(self, identity: &Identity, id: &Id, visitor: &Visitor) -> Result<(), Error> {
        identity.require_fresh(self.core.clock.now())?;
        let Identity { session, account, .. } = identity;
        let found = self.core.store.identities_of(&account.id).await?.into_iter().find(|found| found.id == *id);
        let crate::store::Identity { provider, email, .. } = found.ok_or(Error::NotFound)?;
        let label = self.provider_label(&provider);
        let removed = LinkedIdentity { provider: &label, email: email.as_deref() };
        let notice = self.core.write_notice(account, Notice::IdentityRemoved(removed), visitor)?;
        let entry = self.core.own_event(Event::IdentityRemoved, account, visitor.address)?;
        let entry = entry.with("identity_id", id.as_str()).with("provider", provider.as_str());
        let told = (&entry, &notice);
        match self
            .core
            .store
            .remove_identity(&account.id, id, self.core.policy.password_login, &session.id, told)
            .await?
        {
            Removed::Done => {
                entry.log();
                self.core.mail_bell.ring();
                Ok(())
            }
            Removed::Unknown => Err(Error::NotFound),
            Removed::LastMethod => Err(Error::LastIdentity),
        }
    }

    /// Links an identity to the signed-in account.
    pub(super) async fn link(
        self,
        known: &Known<'_>,
        identity: &Identity,
        person: &Person,
        context: &ClientContext,
    ) -> Result<SsoOutcome, SsoFailure> {
        let account = &identity.account;
        if let Some(found) = self.core.store.find_identity(&person.issuer, &person.subject).await? {
            let own = found.account.id == account.id;
            return if own { Ok(SsoOutcome::Linked) } else { Err(SsoFailure::Reason(SsoReason::IdentityTaken)) };
        }
        let id = Id::new(&self.core.clock, &self.core.random)?;
        let new = new_identity(&id, &account.id, known, person);
        let entry = self.core.own_event(Event::IdentityLinked, account, context.visitor.address)?;
        let entry = entry.with("identity_id", id.as_str()).with("provider", new.provider);
        let label = self.provider_label(new.provider);
        let linked = LinkedIdentity { provider: &label, email: new.email };
        let notice = self.core.write_notice(account, Notice::IdentityLinked(linked), context)?;
        if self.core.store.link_identity(new, &entry, &notice, self.core.clock.now()).await? == Linked::Taken {
            return Err(SsoFailure::Reason(SsoReason::IdentityTaken));
        }
        entry.log();
        self.core.mail_bell.ring();
        Ok(SsoOutcome::Linked)
    }

    /// The display name of a provider.
    fn provider_label(self, name: &str) -> String {
        let label = self.core.providers.find(name).and_then(|known| known.settings().label.clone());
        label.unwrap_or_else(|| name.to_owned())
    }

    /// Creates an account for a person with this email; `None` when no username is free.
    pub(super) async fn register(
        self,
        known: &Known<'_>,
        person: &Person,
        email: &str,
        address: IpAddr,
    ) -> Result<Option<FoundIdentity>, Error> {
        let now = self.core.clock.now();
        for number in 1..=NAMES_TRIED {
            let id = Id::new(&self.core.clock, &self.core.random)?;
            let account = Account {
                name: person.name.as_deref().and_then(account::read_name).unwrap_or_default(),
                has_password: false,
                ..Account::new(
                    Id::new(&self.core.clock, &self.core.random)?,
                    username(person, email, number),
                    email.to_owned(),
                    Role::Member,
                    now,
                )
            };
            let new = NewAccount { account, password_hash: None };
            let identity = new_identity(&id, &new.account.id, known, person);
            let entry = self.core.own_event(Event::AccountAdded, &new.account, address)?;
            let entry = entry.with("how", "sso").with("provider", identity.provider).with("identity_id", id.as_str());
            if self.core.store.register(&new, identity, &entry, now).await? == Linked::Done {
                entry.log();
                return Ok(Some(FoundIdentity { id, linked_at: now, account: new.account }));
            }
            // Of two concurrent requests, the other one was first.
            if let Some(found) = self.core.store.find_identity(&person.issuer, &person.subject).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    pub(super) async fn has_account(self, email: &str) -> Result<bool, Error> {
        Ok(self.core.store.find_login(&NameKey::new(email)).await?.is_some())
    }

    /// The provider's logout URL, if it has one. Loads the provider's metadata when it is not cached.
    pub async fn provider_logout_url(self, provider: &str) -> Option<Url> {
        let known = self.core.providers.find(provider)?;
        let mut back = self.core.public_url.clone();
        back.set_path(doorstep_contract::route::ClientRoute::Login.path());
        known.end_session_url(&back, self.core.clock.now()).await
    }
}

fn new_identity<'a>(id: &'a Id, account: &'a Id, known: &'a Known<'_>, person: &'a Person) -> NewIdentity<'a> {
    let (issuer, subject) = (person.issuer.as_str(), person.subject.as_str());
    NewIdentity { id, account, provider: &known.settings().name, issuer, subject, email: person.email.as_deref() }
}

/// A username from the person's claims, with a number from the second try on.
fn username(person: &Person, email: &str, number: u32) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let wished = person.username.as_deref().and_then(account::read_username);
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let base = wished.map_or(plain, |name| name.chars().take(40).collect());
    let base = account::read_username(&base).unwrap_or_else(|| "member".to_owned());
    if number == 1 { base } else { format!("{base}-{number}") }
}

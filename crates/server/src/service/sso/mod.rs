//! Signing in through an identity provider, proving again who is signed in, and linking: how each begins is here, how it ends
//! in `finish.rs`, and what comes of it in `outcome.rs`. The way itself is [`ProviderLogin`]'s.

mod finish;
mod identities;
mod outcome;

use std::net::IpAddr;

use doorstep_contract::{route::ClientRoute, sso::SsoReason};

pub use self::{finish::ProviderCallback, outcome::SsoOutcome};
pub use crate::service::provider::ProviderRedirect;
use crate::{
    domain::{
        access::Mode,
        limits::Whose,
        quota::Quota,
        sso::{Destination, Intent},
    },
    error::Error,
    idp::Known,
    service::{
        core::{Core, Identity},
        provider::ProviderLogin,
    },
};

/// What the start asks for, as it came.
#[derive(Debug, Default, Clone, Copy)]
pub struct LoginStart<'a> {
    /// Where to go in the end.
    pub redirect: Option<&'a str>,
    /// How programs get their tokens.
    pub mode: Option<&'a str>,
    /// Whether to prove again who is signed in.
    pub reauth: bool,
    /// Whether another site has led the browser here.
    pub from_elsewhere: bool,
}

/// An identity may be added.
#[derive(Debug)]
pub struct Link<'a> {
    /// The provider that knows it.
    pub known: Known<'a>,
    destination: Destination,
}

/// It failed: why, and where the person can go on.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub reason: SsoReason,
    /// For a `Location` header.
    pub location: String,
}

/// Signing in through identity providers.
#[derive(Debug, Clone, Copy)]
pub struct Sso<'a> {
    core: &'a Core,
}

impl<'a> Sso<'a> {
    pub(super) const fn new(core: &'a Core) -> Self {
        Self { core }
    }
}

impl<'a> Sso<'a> {
    /// Sends a user to a provider; the inner `Err` where they learn why not.
    ///
    /// # Errors
    /// [`Error::UnknownProvider`]; [`Error::InvalidRequest`] when the way may not end there; that of randomness.
    pub async fn begin(
        self,
        provider: &str,
        wish: LoginStart<'_>,
        identity: Option<&Identity>,
        address: IpAddr,
    ) -> Result<Result<ProviderRedirect, Failed>, Error> {
        let known = self.core.providers.find(provider).ok_or(Error::UnknownProvider)?;
        let destination = destination(wish.redirect, ClientRoute::Home, &known)?;
        let mode = match wish.mode {
            Some("json") => None,
            Some(word) => Some(Mode::parse(word).ok_or_else(|| Error::InvalidRequest("`mode` is unknown".to_owned()))?),
            None => known.settings().mode,
        };
        let intent = match (wish.reauth, identity) {
            (false, _) => Intent::SignIn,
            (true, Some(identity)) if !identity.account.password_is_initial => {
                let intent = Intent::Reauth(identity.session.id.to_string());
                // A proof is renewed because its person wants something here, not because another site does.
                if wish.from_elsewhere {
                    return Ok(Err(Failed::new(&destination, &intent, SsoReason::ReauthRequired)));
                }
                intent
            }
            // There is no user to prove anything: signing in comes first.
            (true, _) => return Ok(Err(Failed::new(&destination, &Intent::SignIn, SsoReason::InvalidCredentials))),
        };
        self.core.spend(Quota::SsoStart, Whose::Address(address)).await?.keep();
        let out = ProviderLogin::new(self.core).begin(&known, destination.clone(), mode, intent.clone()).await?;
        Ok(out.map_err(|reason| Failed::new(&destination, &intent, reason)))
    }

    /// Sends the person of a session to a provider, to add their identity there to their account; the inner `Err` where
    /// they learn why not.
    ///
    /// # Errors
    /// As [`begin`](Self::begin), and those of [`may_link`](Self::may_link).
    pub async fn begin_link(
        self,
        provider: &str,
        redirect: Option<&str>,
        identity: &Identity,
        address: IpAddr,
    ) -> Result<Result<ProviderRedirect, Failed>, Error> {
        let link = self.may_link(provider, redirect, identity)?;
        let intent = Intent::Link(identity.session.id.to_string());
        self.core.spend(Quota::SsoStart, Whose::Address(address)).await?.keep();
        let out =
            ProviderLogin::new(self.core).begin(&link.known, link.destination.clone(), None, intent.clone()).await?;
        Ok(out.map_err(|reason| Failed::new(&link.destination, &intent, reason)))
    }

    /// Whether the person of a session may begin that. Nothing is changed by asking.
    ///
    /// # Errors
    /// [`Error::UnknownProvider`]; [`Error::InvalidRequest`] when it may not end there; [`Error::TemporarySession`];
    /// [`Error::ReauthRequired`].
    pub fn may_link(self, provider: &str, redirect: Option<&str>, identity: &Identity) -> Result<Link<'a>, Error> {
        let known = self.core.providers.find(provider).ok_or(Error::UnknownProvider)?;
        let destination = destination(redirect, ClientRoute::AccountIdentities, &known)?;
        identity.require_lasting()?;
        identity.require_fresh(self.core.clock.now())?;
        Ok(Link { known, destination })
    }
}

impl Failed {
    /// Where the person can go on.
    #[must_use]
    pub fn new(destination: &Destination, intent: &Intent, reason: SsoReason) -> Self {
        Self { reason, location: destination.failed(intent, reason) }
    }
}

fn destination(wished: Option<&str>, otherwise: ClientRoute, known: &Known<'_>) -> Result<Destination, Error> {
    let text = wished.unwrap_or(otherwise.path());
    let destination = Destination::parse(text, &known.settings().redirect_allow_list);
    destination.ok_or_else(|| Error::InvalidRequest("`redirect` is not an address to return to".to_owned()))
}

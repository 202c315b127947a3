//! Single sign-on: signing in, reauthenticating and linking by a provider. This file begins a flow, `finish.rs`
//! completes it, and `outcome.rs` has the possible results. [`ProviderLogin`] redirects to the provider.

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

/// The parameters of a start, unvalidated.
#[derive(Debug, Default, Clone, Copy)]
pub struct LoginStart<'a> {
    /// The return URL.
    pub redirect: Option<&'a str>,
    /// How tokens are delivered, if they are requested.
    pub mode: Option<&'a str>,
    /// Whether to reauthenticate the signed-in user.
    pub reauth: bool,
    /// Whether another site led the browser here.
    pub from_elsewhere: bool,
}

/// Permission to link an identity.
#[derive(Debug)]
pub struct Link<'a> {
    /// The provider.
    pub known: Known<'a>,
    destination: Destination,
}

/// A failure, and where the user can continue.
#[derive(Debug)]
pub struct Failed {
    /// The reason.
    pub reason: SsoReason,
    /// The URL for `Location`.
    pub location: String,
}

/// Single sign-on by the configured providers.
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
    /// Begins a sign-in or a reauthentication: a redirect to the provider; the inner `Err` leads to where the
    /// reason is shown.
    ///
    /// # Errors
    /// [`Error::UnknownProvider`]; [`Error::InvalidRequest`] when the return URL is not allowed; when the random
    /// source fails.
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
                // Another site must not be able to refresh the user's proof of identity.
                if wish.from_elsewhere {
                    return Ok(Err(Failed::new(&destination, &intent, SsoReason::ReauthRequired)));
                }
                intent
            }
            // There is no user to reauthenticate: signing in comes first.
            (true, _) => return Ok(Err(Failed::new(&destination, &Intent::SignIn, SsoReason::InvalidCredentials))),
        };
        self.core.spend(Quota::SsoStart, Whose::Address(address)).await?.keep();
        let out = ProviderLogin::new(self.core).begin(&known, destination.clone(), mode, intent.clone()).await?;
        Ok(out.map_err(|reason| Failed::new(&destination, &intent, reason)))
    }

    /// Begins linking an identity to the account of a session; the inner `Err` leads to where the reason is shown.
    ///
    /// # Errors
    /// As [`begin`](Self::begin) and [`may_link`](Self::may_link).
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

    /// Checks whether a session may begin linking, without any effect.
    ///
    /// # Errors
    /// [`Error::UnknownProvider`]; [`Error::InvalidRequest`] when the return URL is not allowed;
    /// [`Error::TemporarySession`]; [`Error::ReauthRequired`].
    pub fn may_link(self, provider: &str, redirect: Option<&str>, identity: &Identity) -> Result<Link<'a>, Error> {
        let known = self.core.providers.find(provider).ok_or(Error::UnknownProvider)?;
        let destination = destination(redirect, ClientRoute::AccountIdentities, &known)?;
        identity.require_lasting()?;
        identity.require_fresh(self.core.clock.now())?;
        Ok(Link { known, destination })
    }
}

impl Failed {
    /// A failure, with the URL where the user can continue.
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

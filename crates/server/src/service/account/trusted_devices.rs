//! Trusted browsers, which skip the one-time code.

use doorstep_contract::account::{Agent, List, TrustedDeviceEntry};

use super::OwnAccount;
use crate::{
    domain::{
        audit::Event,
        known_browser::AccountCookie,
        session::wire_time,
        token::{Token, TokenHash},
        user_agent,
    },
    error::Error,
    service::core::{ClientContext, Identity},
};

impl OwnAccount<'_> {
    /// The account's trusted browsers.
    pub async fn trusted_devices(
        self,
        identity: &Identity,
        context: &ClientContext,
    ) -> Result<List<TrustedDeviceEntry>, Error> {
        let devices = self.core.store.trusted_devices(&identity.account.id, self.core.clock.now()).await?;
        let kept: Vec<TokenHash> = AccountCookie::of(&context.trusted, &identity.account.id).map(Token::hash).collect();
        let entries = devices.into_iter().map(|device| {
            let (browser, system) = user_agent::describe(&device.user_agent);
            TrustedDeviceEntry {
                id: device.id.to_string(),
                current: kept.iter().any(|token| token.as_bytes() == device.token),
                agent: Agent {
                    browser: browser.map(str::to_owned),
                    system: system.map(str::to_owned),
                    ip: device.address,
                },
                created_at: wire_time(device.created_at),
                last_used_at: wire_time(device.last_used_at),
                expires_at: wire_time(device.expires_at),
            }
        });
        Ok(List::whole(entries.collect()))
    }

    /// Removes a trusted browser.
    ///
    /// # Errors
    /// [`Error::ReauthRequired`]; [`Error::NotFound`] when the account does not trust it; database errors.
    pub async fn end_trusted_device(self, identity: &Identity, id: &str, context: &ClientContext) -> Result<(), Error> {
        identity.require_fresh(self.core.clock.now())?;
        let account = &identity.account;
        let entry = self.core.own_event(Event::TrustedDeviceRemoved, account, context.visitor.address)?;
        let entry = entry.with("trusted_device_id", id);
        if !self.core.store.end_trusted_device(&account.id, id, &entry).await? {
            return Err(Error::NotFound);
        }
        entry.log();
        Ok(())
    }
}

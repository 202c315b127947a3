//! Device requests: creating them, and looking them up.

use doorstep_contract::{
    account::Agent,
    device::{DeviceRequest, Lookup, OAuthErrorCode},
    user_code::UserCode,
};
use tracing::info;

use super::Devices;
use crate::{
    domain::{
        device_grant::{self, DeviceCode, Grant, LABEL_BYTES, LABEL_CHARS, State},
        device_token::{Kind, Subject, read_scope, title},
        id::Id,
        limits::Whose,
        network,
        quota::Quota,
        session::{Visitor, wire_time},
        user_agent,
    },
    error::Error,
    idp::Settings,
    store::NewGrant,
};

/// A device's request.
#[derive(Debug, Clone, Default)]
pub struct NewRequest {
    /// The id of the program.
    pub client_id: String,
    /// The device's name, as the program reports it.
    pub label: Option<String>,
    /// Separated by spaces; empty for the default.
    pub scope: Option<String>,
}

/// The response to a request.
#[derive(Debug)]
pub struct Codes {
    /// The device code, which the program polls with.
    pub device_code: DeviceCode,
    /// The user code, which the user types.
    pub user_code: UserCode,
    /// The lifetime of both in seconds.
    pub expires_in: i64,
    /// The interval between polls in seconds.
    pub interval: u32,
}

/// How many user codes are tried when they are in use by other requests.
const TRIES: u32 = 5;

impl Devices<'_> {
    /// Creates a request.
    ///
    /// # Errors
    /// `unsupported_client`, `invalid_scope`; [`Error::InvalidRequest`]; [`Error::RateLimited`]; database errors.
    pub async fn request(self, asked: NewRequest, visitor: &Visitor) -> Result<Codes, Error> {
        if self.core.policy.devices.clients.find(&asked.client_id).is_none() {
            return Err(Error::Device(OAuthErrorCode::UnsupportedClient));
        }
        let scopes = read_scope(asked.scope.as_deref().unwrap_or_default());
        let scopes = scopes.ok_or(Error::Device(OAuthErrorCode::InvalidScope))?;
        let label = device_grant::read_label(asked.label.as_deref().unwrap_or_default()).map_err(|_| too_long())?;
        self.core.spend(Quota::DeviceCode, Whose::Address(visitor.address)).await?.keep();

        let now = self.core.clock.now();
        let grant = Grant {
            id: Id::new(&self.core.clock, &self.core.random)?,
            client_id: asked.client_id,
            label,
            scopes,
            state: State::Pending,
            interval: device_grant::INTERVAL,
            address: visitor.address,
            user_agent: visitor.user_agent.clone(),
            created_at: now,
            expires_at: now.checked_add(device_grant::LIFE).unwrap_or(now),
            polled_at: None,
            cross_ip_told: false,
            token: None,
        };
        for _ in 0..TRIES {
            let device_code = DeviceCode::new(&self.core.random)?;
            let user_code = device_grant::new_user_code(&self.core.random)?;
            let hashes = (device_code.hash(), device_grant::hash_user_code(&user_code, &self.core.secret_keys));
            let new = NewGrant { grant: &grant, device_code: &hashes.0, user_code: &hashes.1 };
            if self.core.store.insert_grant(&new, device_grant::MOST_WAITING).await? {
                let device = title(&grant.client_id, grant.label.as_deref());
                info!(event = "device_requested", address = %visitor.address, ?device);
                let expires_in = device_grant::LIFE.as_secs();
                return Ok(Codes { device_code, user_code, expires_in, interval: grant.interval });
            }
        }
        Err(Error::Overloaded)
    }

    /// The response of `lookup`.
    ///
    /// # Errors
    /// [`Error::RateLimited`]; database errors.
    pub async fn look_up(self, user_code: &str, visitor: &Visitor) -> Result<Lookup, Error> {
        self.core.spend(Quota::DeviceLookup, Whose::Address(visitor.address)).await?.keep();
        let grant = self.find_pending_counted(user_code, visitor.address).await?;
        let providers = self.providers().filter(|_| self.core.policy.devices.external.is_none());
        Ok(Lookup {
            valid: grant.is_some(),
            expires_in_remaining: grant.as_ref().map_or(0, |grant| grant.seconds_left(self.core.clock.now())),
            client_id: grant.map(|grant| grant.client_id),
            sso_enabled: self.sso_users_may_decide(),
            sso_providers: providers.map(Settings::to_wire).collect(),
        })
    }

    /// The details of a request, for the signed-in user who is to decide.
    ///
    /// # Errors
    /// `expired_or_unknown`; [`Error::RateLimited`]; database errors.
    pub async fn context(self, account: &Id, user_code: &str, visitor: &Visitor) -> Result<DeviceRequest, Error> {
        self.core.spend(Quota::DeviceLookup, Whose::Address(visitor.address)).await?.keep();
        let grant = self.find_pending_counted(user_code, visitor.address).await?;
        let grant = grant.ok_or(Error::Device(OAuthErrorCode::ExpiredOrUnknown))?;
        self.describe_request(&grant, (Kind::Account, &Subject::account(account)), visitor).await
    }

    /// A request as shown to the user who decides, and who would own the token.
    pub(super) async fn describe_request(
        self,
        grant: &Grant,
        (kind, subject): (Kind, &Subject),
        visitor: &Visitor,
    ) -> Result<DeviceRequest, Error> {
        let now = self.core.clock.now();
        let (browser, system) = user_agent::describe(&grant.user_agent);
        let replaces = match grant.label.as_deref() {
            Some(label) => self.core.store.has_labelled_token(subject, &grant.client_id, label, now).await?,
            None => false,
        };
        Ok(DeviceRequest {
            client_name: self.core.policy.devices.clients.name(&grant.client_id).to_owned(),
            client_known: self.core.policy.devices.clients.find(&grant.client_id).is_some(),
            client_id: grant.client_id.clone(),
            device_label: grant.label.clone(),
            requester: Agent {
                browser: browser.map(str::to_owned),
                system: system.map(str::to_owned),
                ip: grant.address.to_string(),
            },
            requested_at: wire_time(grant.created_at),
            expires_in: grant.seconds_left(now),
            scopes: vec![kind.scope(&grant.scopes)],
            same_network: network::is_same(grant.address, visitor.address),
            access_expires_at: wire_time(self.core.policy.devices.access_until(now)),
            replaces,
        })
    }
}

fn too_long() -> Error {
    Error::InvalidRequest(format!("`device_label` has more than {LABEL_CHARS} characters or {LABEL_BYTES} bytes"))
}

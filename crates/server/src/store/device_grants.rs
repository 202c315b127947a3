//! Device requests.
//!
//! Each transition is one statement that names the state it leaves: of two concurrent ones, only one finds the row.

use std::net::{IpAddr, Ipv4Addr};

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError,
    accounts::correct_password_time,
    audit::{record, record_repeated},
    device_nonces::insert_nonce,
    device_tokens::{NewToken, insert_token, revoke_label},
    mails::{self, SealedMail},
    row,
};
use crate::domain::{
    account::Status,
    audit::{Entry, Repeated},
    device_grant::{Grant, Poll, State, Wait},
    device_token::{Holder, read_scope, write_scope},
    id::Id,
    network,
};

/// A new request.
#[derive(Debug)]
pub struct NewGrant<'a> {
    /// The request.
    pub grant: &'a Grant,
    /// The hash of the device code.
    pub device_code: &'a [u8],
    /// The keyed hash of the user code.
    pub user_code: &'a [u8],
}

/// An approval of a device.
#[derive(Debug)]
pub struct Approval<'a> {
    /// The request.
    pub grant: &'a Id,
    /// The new expiry of the request.
    pub pick_up_until: Timestamp,
    /// The new token.
    pub token: NewToken<'a>,
    /// The token, sealed.
    pub sealed: &'a [u8],
    /// The user who decides.
    pub decider: Decider<'a>,
    /// The audit event.
    pub entry: &'a Entry,
    /// The audit event for the token that is replaced, if there is one.
    pub replaced: Entry,
    /// The notice to the account, if the device is authorized for one.
    pub notice: Option<SealedMail>,
}

/// The authorization of the user who decides.
#[derive(Debug, Clone, Copy)]
pub enum Decider<'a> {
    /// The session of a signed-in user.
    Session(&'a Id),
    /// The nonce of an SSO user's approval grant, usable once, and its expiry.
    Nonce(&'a [u8], Timestamp),
}

/// The outcome of a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It was made. Contains the event for the token that was replaced.
    Made(Option<Entry>),
    /// Nothing was changed: it was decided before, or has expired.
    NotPending,
    /// Nothing was changed: the session has ended, or the nonce was used.
    DeciderGone,
}

/// The outcome of fetching a token.
#[derive(Debug)]
pub enum PickUp<T> {
    /// The token.
    Token(T),
    /// It can't be opened here. It remains for a server that has the secret key for it.
    Sealed,
    /// It was fetched before, or the request has expired.
    Over,
}

impl Store {
    /// Creates a request; `false` when another has its user code. Keeps at most `most` pending requests.
    pub async fn insert_grant(&self, new: &NewGrant<'_>, most: u32) -> Result<bool, StoreError> {
        let grant = new.grant;
        self.write_alone("device_grants", |mut transaction| async move {
            make_room(&mut transaction, most).await?;
            let result = sqlx::query(
                "INSERT INTO device_grants (id, device_code_hash, user_code_hash, client_id, device_label, scope, state, \
                 poll_interval, address, user_agent, created_at, expires_at, network) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
            )
            .bind(grant.id.as_str())
            .bind(new.device_code)
            .bind(new.user_code)
            .bind(&grant.client_id)
            .bind(grant.label.as_deref())
            .bind(write_scope(&grant.scopes))
            .bind(grant.state.as_str())
            .bind(i64::from(grant.interval))
            .bind(grant.address.to_string())
            .bind(&grant.user_agent)
            .bind(grant.created_at.as_millisecond())
            .bind(grant.expires_at.as_millisecond())
            .bind(network::wide(grant.address))
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(result.rows_affected() == 1)
        })
        .await
    }

    /// The request with this device code.
    pub async fn find_grant(&self, device_code: &[u8]) -> Result<Option<Grant>, StoreError> {
        let row = sqlx::query("SELECT * FROM device_grants WHERE device_code_hash = $1")
            .bind(device_code)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(grant).transpose()
    }

    /// The request with this user code.
    pub async fn find_grant_by_user_code(&self, user_code: &[u8]) -> Result<Option<Grant>, StoreError> {
        let row = sqlx::query("SELECT * FROM device_grants WHERE user_code_hash = $1")
            .bind(user_code)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(grant).transpose()
    }

    /// Records a poll of a pending request together with this server's judgement, and returns what it found.
    /// `stray` is recorded the first time the device polls from another network.
    pub async fn wait(
        &self,
        request: &Id,
        client_id: &str,
        wait: Wait,
        now: Timestamp,
        stray: Option<&Repeated>,
    ) -> Result<Poll, StoreError> {
        // Reading and writing are one transaction: of concurrent polls, all but one came too soon.
        self.write(|mut transaction| async move {
            let row = sqlx::query("SELECT * FROM device_grants WHERE id = $1")
                .bind(request.as_str())
                .fetch_optional(&mut *transaction)
                .await?;
            let Some(grant) = row.as_ref().map(grant).transpose()? else {
                return Ok(Poll::Over);
            };
            let poll = grant.poll(client_id, now);
            let Poll::Wait(found) = poll else {
                return Ok(poll);
            };
            let wait = wait.and(found);
            sqlx::query("UPDATE device_grants SET polled_at = $2, poll_interval = $3 WHERE id = $1")
                .bind(request.as_str())
                .bind(now.as_millisecond())
                .bind(i64::from(wait.interval))
                .execute(&mut *transaction)
                .await?;
            if let Some(stray) = stray
                && mark_reported(&mut transaction, &grant.id).await?
            {
                record_repeated(&mut transaction, stray).await?;
            }
            transaction.commit().await?;
            Ok(Poll::Wait(wait))
        })
        .await
    }

    /// Approves a device in one transaction: the request is approved, the device's earlier token ends, the new one
    /// is stored, and all of it is recorded.
    pub async fn approve_grant(&self, approval: Approval<'_>, now: Timestamp) -> Result<Decision, StoreError> {
        let approval = &approval;
        self.write(|mut transaction| async move {
            if !may_decide(&mut transaction, approval.decider, now).await? {
                return Ok(Decision::DeciderGone);
            }
            let approved = sqlx::query(
                "UPDATE device_grants SET state = $2, token_id = $3, sealed_token = $4, expires_at = $5 \
                 WHERE id = $1 AND state = $6 AND expires_at > $7",
            )
            .bind(approval.grant.as_str())
            .bind(State::Approved.as_str())
            .bind(approval.token.authorization.id.as_str())
            .bind(approval.sealed)
            .bind(approval.pick_up_until.as_millisecond())
            .bind(State::Pending.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?;
            if approved.rows_affected() == 0 {
                return Ok(Decision::NotPending);
            }
            let ended = revoke_label(&mut transaction, approval.token.authorization, now).await?;
            let replaced = ended.map(|prefix| approval.replaced.clone().with("prefix", prefix));
            if let Holder::Account(account) = &approval.token.authorization.holder {
                correct_password_time(&mut transaction, &account.id, approval.token.authorization.created_at).await?;
            }
            insert_token(&mut transaction, &approval.token).await?;
            mails::queue(&mut transaction, approval.notice.as_slice()).await?;
            record(&mut transaction, approval.entry).await?;
            if let Some(replaced) = &replaced {
                record(&mut transaction, replaced).await?;
            }
            transaction.commit().await?;
            Ok(Decision::Made(replaced))
        })
        .await
    }

    /// Denies a device.
    pub async fn deny_grant(
        &self,
        request: &Id,
        decider: Decider<'_>,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Decision, StoreError> {
        self.write(|mut transaction| async move {
            if !may_decide(&mut transaction, decider, now).await? {
                return Ok(Decision::DeciderGone);
            }
            let denied =
                sqlx::query("UPDATE device_grants SET state = $2 WHERE id = $1 AND state = $3 AND expires_at > $4")
                    .bind(request.as_str())
                    .bind(State::Denied.as_str())
                    .bind(State::Pending.as_str())
                    .bind(now.as_millisecond())
                    .execute(&mut *transaction)
                    .await?;
            if denied.rows_affected() == 0 {
                return Ok(Decision::NotPending);
            }
            record(&mut transaction, entry).await?;
            transaction.commit().await?;
            Ok(Decision::Made(None))
        })
        .await
    }

    /// Records that a device got a response other than a token; `false` when it got one before, or the request has
    /// expired.
    pub async fn consume(&self, request: &Id, from: State, now: Timestamp) -> Result<bool, StoreError> {
        let consumed = self
            .execute(|| {
                sqlx::query("UPDATE device_grants SET state = $2 WHERE id = $1 AND state = $3 AND expires_at > $4")
                    .bind(request.as_str())
                    .bind(State::Consumed.as_str())
                    .bind(from.as_str())
                    .bind(now.as_millisecond())
            })
            .await?;
        Ok(consumed.rows_affected() == 1)
    }

    /// Returns the sealed token, once, if `open` succeeds.
    pub async fn pick_up<T>(
        &self,
        request: &Id,
        open: impl Fn(&[u8]) -> Option<T>,
        now: Timestamp,
        entry: &Entry,
        stray: Option<&Entry>,
    ) -> Result<PickUp<T>, StoreError> {
        let open = &open;
        self.write(|mut transaction| async move {
            let row = sqlx::query(
                "UPDATE device_grants SET state = $2 WHERE id = $1 AND state = $3 AND expires_at > $4 \
                 RETURNING sealed_token",
            )
            .bind(request.as_str())
            .bind(State::Consumed.as_str())
            .bind(State::Approved.as_str())
            .bind(now.as_millisecond())
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else {
                return Ok(PickUp::Over);
            };
            let sealed: Vec<u8> = row.try_get("sealed_token")?;
            let Some(token) = open(&sealed) else {
                return Ok(PickUp::Sealed);
            };
            sqlx::query("UPDATE device_grants SET sealed_token = NULL WHERE id = $1")
                .bind(request.as_str())
                .execute(&mut *transaction)
                .await?;
            record(&mut transaction, entry).await?;
            if let Some(stray) = stray
                && mark_reported(&mut transaction, request).await?
            {
                record(&mut transaction, stray).await?;
            }
            transaction.commit().await?;
            Ok(PickUp::Token(token))
        })
        .await
    }
}

/// Whether the decision is authorized: the session is live and its account active, or the nonce was not used
/// before.
async fn may_decide(connection: &mut AnyConnection, decider: Decider<'_>, now: Timestamp) -> Result<bool, StoreError> {
    match decider {
        Decider::Session(session) => {
            let row = sqlx::query(
                "SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = $1 AND a.status = $2",
            )
            .bind(session.as_str())
            .bind(Status::Active.as_str())
            .fetch_optional(connection)
            .await?;
            Ok(row.is_some())
        }
        Decider::Nonce(hash, expires_at) => Ok(now < expires_at && insert_nonce(connection, hash, expires_at).await?),
    }
}

/// Marks a request as having been polled from another network; `false` when it is marked already.
async fn mark_reported(connection: &mut AnyConnection, request: &Id) -> Result<bool, StoreError> {
    let told = sqlx::query("UPDATE device_grants SET cross_ip_told = 1 WHERE id = $1 AND cross_ip_told = 0")
        .bind(request.as_str())
        .execute(connection)
        .await?;
    Ok(told.rows_affected() == 1)
}

/// Makes room for one more pending request: if there are too many, drops the oldest one from the network that has
/// the most. A flood from one network displaces its own requests, whose devices see their codes as expired.
async fn make_room(connection: &mut AnyConnection, most: u32) -> Result<(), StoreError> {
    let waiting = sqlx::query("SELECT COUNT(*) AS waiting FROM device_grants WHERE state = 'pending'")
        .fetch_one(&mut *connection)
        .await?;
    if waiting.try_get::<i64, _>("waiting")? < i64::from(most) {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM device_grants WHERE id = (SELECT MIN(id) FROM device_grants WHERE state = 'pending' AND network = \
         (SELECT network FROM device_grants WHERE state = 'pending' GROUP BY network \
         ORDER BY COUNT(*) DESC, MIN(id) LIMIT 1))",
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn grant(row: &AnyRow) -> Result<Grant, StoreError> {
    let address: String = row.try_get("address")?;
    Ok(Grant {
        id: Id::stored(row.try_get("id")?),
        client_id: row.try_get("client_id")?,
        label: row.try_get("device_label")?,
        scopes: row::word(row, "scope", read_scope)?,
        state: row::word(row, "state", State::parse)?,
        interval: u32::try_from(row.try_get::<i64, _>("poll_interval")?).unwrap_or(u32::MAX),
        address: address.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        user_agent: row.try_get("user_agent")?,
        created_at: row::time(row, "created_at")?,
        expires_at: row::time(row, "expires_at")?,
        polled_at: row::optional_time(row, "polled_at")?,
        cross_ip_told: row::flag(row, "cross_ip_told")?,
        token: row.try_get::<Option<String>, _>("token_id")?.map(Id::stored),
    })
}

//! Device tokens.

use doorstep_contract::device::Scope;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Store, StoreError,
    audit::record_if,
    row::{self, account_columns},
};
use crate::domain::{
    account::Account,
    audit::Entry,
    device_token::{Authorization, External, Holder, Kind, Subject},
    id::Id,
};

/// A new token.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// Its authorization.
    pub authorization: &'a Authorization,
    /// Its hash.
    pub hash: &'a [u8],
}

/// The live tokens; `$1` is the time. Tokens from before the account's last password change, and those of suspended
/// accounts, are not live.
macro_rules! live_tokens {
    ($condition:literal) => {
        concat!(
            "SELECT t.id, t.kind, t.subject, t.issuer, t.subject_email, t.prefix, t.client_id, t.device_label, t.scope, \
             t.created_at, t.expires_at, t.last_used_at, ",
            account_columns!(),
            " FROM device_tokens t LEFT JOIN accounts a ON a.id = t.account_id \
             WHERE t.revoked_at IS NULL AND t.expires_at > $1 \
             AND (t.account_id IS NULL OR (a.status = 'active' AND a.password_changed_at <= t.created_at)) AND ",
            $condition
        )
    };
}

impl Store {
    /// The live token with this hash.
    pub async fn find_device_token(&self, hash: &[u8], now: Timestamp) -> Result<Option<Authorization>, StoreError> {
        let row = sqlx::query(live_tokens!("t.token_hash = $2"))
            .bind(now.as_millisecond())
            .bind(hash)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(authorization).transpose()
    }

    /// The live token with this id.
    pub async fn device_token(&self, id: &Id, now: Timestamp) -> Result<Option<Authorization>, StoreError> {
        let row = sqlx::query(live_tokens!("t.id = $2"))
            .bind(now.as_millisecond())
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(authorization).transpose()
    }

    /// The live tokens of a user, newest first.
    pub async fn list_device_tokens(
        &self,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Vec<Authorization>, StoreError> {
        let rows = sqlx::query(live_tokens!("t.subject = $2 AND t.issuer = $3 ORDER BY t.created_at DESC, t.id DESC"))
            .bind(now.as_millisecond())
            .bind(&subject.key)
            .bind(&subject.issuer)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(authorization).collect()
    }

    /// Whether there is a live token for this subject, client and device name, which a new one would replace.
    pub async fn has_labelled_token(
        &self,
        subject: &Subject,
        client_id: &str,
        label: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let labelled = live_tokens!("t.subject = $2 AND t.issuer = $3 AND t.client_id = $4 AND t.device_label = $5");
        let row = sqlx::query(labelled)
            .bind(now.as_millisecond())
            .bind(&subject.key)
            .bind(&subject.issuer)
            .bind(client_id)
            .bind(label)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.is_some())
    }

    /// Records that a token was used.
    pub async fn touch_device_token(&self, id: &Id, now: Timestamp) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE device_tokens SET last_used_at = $2 WHERE id = $1")
                .bind(id.as_str())
                .bind(now.as_millisecond())
        })
        .await?;
        Ok(())
    }

    /// Revokes a token; `false` when it had ended before.
    pub async fn revoke_device_token(&self, id: &Id, entry: &Entry, now: Timestamp) -> Result<bool, StoreError> {
        self.write(|mut transaction| async move {
            let revoked = sqlx::query(
                "UPDATE device_tokens SET revoked_at = $2, end_told = 1 WHERE id = $1 AND revoked_at IS NULL",
            )
            .bind(id.as_str())
            .bind(now.as_millisecond())
            .execute(&mut *transaction)
            .await?;
            record_if(revoked.rows_affected() > 0, transaction, entry).await
        })
        .await
    }
}

/// Ends the token of the device with this name and returns its first characters, if it was live.
pub(super) async fn revoke_label(
    connection: &mut AnyConnection,
    new: &Authorization,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let subject = new.holder.subject();
    let row = sqlx::query(
        "UPDATE device_tokens SET revoked_at = $5, \
         end_told = CASE WHEN expires_at > $5 THEN 1 ELSE end_told END WHERE subject = $1 AND issuer = $2 AND client_id = $3 \
         AND device_label = $4 AND revoked_at IS NULL RETURNING prefix, expires_at",
    )
    .bind(&subject.key)
    .bind(&subject.issuer)
    .bind(&new.client_id)
    .bind(new.label.as_deref())
    .bind(now.as_millisecond())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let live = row::time(&row, "expires_at")? > now;
    Ok(if live { Some(row.try_get("prefix")?) } else { None })
}

/// Ends all tokens of an account, in the transaction that suspends it. Their audit events are recorded later
/// ([`Store::ended_device_tokens`]).
pub(super) async fn end_device_tokens(
    connection: &mut AnyConnection,
    account: &Id,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE device_tokens SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL")
        .bind(account.as_str())
        .bind(now.as_millisecond())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert_token(connection: &mut AnyConnection, new: &NewToken<'_>) -> Result<(), StoreError> {
    let token = new.authorization;
    let subject = token.holder.subject();
    let account = match &token.holder {
        Holder::Account(Account { id, .. }) => Some(id.as_str().to_owned()),
        Holder::External(_) => None,
    };
    sqlx::query(
        "INSERT INTO device_tokens (id, token_hash, kind, account_id, subject, issuer, subject_email, prefix, \
         client_id, device_label, scope, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(token.id.as_str())
    .bind(new.hash)
    .bind(token.holder.kind().as_str())
    .bind(account)
    .bind(subject.key)
    .bind(subject.issuer)
    .bind(token.holder.email())
    .bind(&token.prefix)
    .bind(&token.client_id)
    .bind(token.label.as_deref())
    .bind(token.scope.as_str())
    .bind(token.created_at.as_millisecond())
    .bind(token.expires_at.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}

fn authorization(row: &AnyRow) -> Result<Authorization, StoreError> {
    let holder = match row::word(row, "kind", Kind::parse)? {
        Kind::Account => Holder::Account(row::account(row)?),
        Kind::ExternalSso => Holder::External(External {
            email: row.try_get("subject_email")?,
            issuer: row.try_get("issuer")?,
            subject: row.try_get("subject")?,
        }),
    };
    Ok(Authorization {
        id: Id::stored(row.try_get("id")?),
        holder,
        prefix: row.try_get("prefix")?,
        client_id: row.try_get("client_id")?,
        label: row.try_get("device_label")?,
        scope: row::word(row, "scope", Scope::parse)?,
        created_at: row::time(row, "created_at")?,
        expires_at: row::time(row, "expires_at")?,
        last_used_at: row::optional_time(row, "last_used_at")?,
    })
}

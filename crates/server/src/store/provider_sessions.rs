//! Sessions that began by SSO: their provider, and when it last confirmed that the user is active.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};

use super::{Store, StoreError};
use crate::domain::{clock, id::Id};

/// A session whose provider must be asked whether the user is still active.
#[derive(Debug, Clone)]
pub struct DueCheck {
    /// The provider's name.
    pub provider: String,
    /// Its refresh token, sealed.
    pub refresh_token: Vec<u8>,
}

impl Store {
    /// Claims the next check of a session's provider, if the last one was before this time: of two concurrent
    /// requests, only one performs it.
    pub async fn claim_provider_check(
        &self,
        session: &Id,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<DueCheck>, StoreError> {
        let due = sqlx::query(
            "SELECT i.provider, p.refresh_token FROM provider_sessions p JOIN identities i ON i.id = p.identity_id \
             WHERE p.session_id = $1 AND (p.checked_at <= $2 OR p.checked_at > $3) AND p.refresh_token IS NOT NULL",
        )
        .bind(session.as_str())
        .bind(before.as_millisecond())
        .bind(clock::latest(now).as_millisecond())
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = due else { return Ok(None) };
        let claimed = self
            .execute(|| {
                sqlx::query(
                    "UPDATE provider_sessions SET checked_at = $3 \
                     WHERE session_id = $1 AND (checked_at <= $2 OR checked_at > $4)",
                )
                .bind(session.as_str())
                .bind(before.as_millisecond())
                .bind(now.as_millisecond())
                .bind(clock::latest(now).as_millisecond())
            })
            .await?;
        if claimed.rows_affected() == 0 {
            return Ok(None);
        }
        Ok(Some(DueCheck { provider: row.try_get("provider")?, refresh_token: row.try_get("refresh_token")? }))
    }

    /// Stores a new sealed refresh token of a session's provider.
    pub async fn renew_provider_token(&self, session: &Id, sealed: &[u8]) -> Result<(), StoreError> {
        self.execute(|| {
            sqlx::query("UPDATE provider_sessions SET refresh_token = $2 WHERE session_id = $1")
                .bind(session.as_str())
                .bind(sealed)
        })
        .await?;
        Ok(())
    }

    /// The provider of a session.
    pub async fn provider_of(&self, session: &Id) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "SELECT i.provider FROM provider_sessions p JOIN identities i ON i.id = p.identity_id \
             WHERE p.session_id = $1",
        )
        .bind(session.as_str())
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|row| row.try_get("provider")).transpose()?)
    }
}

/// Records the identity with which a session began.
pub(super) async fn insert_provider_session(
    connection: &mut AnyConnection,
    session: &Id,
    identity: &Id,
    refresh_token: Option<&[u8]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO provider_sessions (session_id, identity_id, refresh_token, checked_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(session.as_str())
    .bind(identity.as_str())
    .bind(refresh_token)
    .bind(now.as_millisecond())
    .execute(connection)
    .await?;
    Ok(())
}

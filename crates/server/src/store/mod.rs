//! SQL, and nothing but SQL. Every function fails when the database does not answer ([`StoreError`]); what comes of that is
//! said where it is not plain.
//!
//! One store, over one of two databases: SQLite, embedded, for one server; or PostgreSQL, which any number of servers share.
//! [`DatabaseUrl`] says which, and `open.rs` connects. From there on both are reached by `sqlx::Any`: each statement is written
//! once, with `$1` placeholders, and what the databases don't agree on is in `dialect.rs` alone.
//!
//! Reads are single statements by the connections that read (`self.readers`), which can do nothing else. All that is written is
//! written by `self.write`, in a transaction that is as if it ran alone (`write.rs`): on SQLite it is the only writer, on
//! PostgreSQL it may run more than once. A commit is on disk before it is acknowledged, so what was acknowledged survives
//! `kill -9` and a power loss.
//!
//! Each connection prepares a statement once. For a bare `LIMIT $1` SQLite looks at the value while it plans, and plans anew each
//! time another is bound, which takes longer than most statements do; so it is `LIMIT $1 + 0`.

mod account_edit;
mod accounts;
mod audit;
mod backup;
mod client_links;
mod clients;
mod connections;
mod copy;
mod copy_row;
mod credentials;
mod database_url;
mod demo;
mod device_ends;
mod device_grants;
mod device_nonces;
mod device_tokens;
mod dialect;
mod email_changes;
mod email_reverts;
mod endings;
mod first_look;
mod identities;
mod limits;
mod login_tokens;
mod mails;
mod open;
mod password_resets;
mod portal;
mod project_members;
mod project_updates;
mod projects;
mod provider_sessions;
mod quotas;
mod row;
mod second_factors;
mod selection;
mod session_list;
mod sessions;
mod settings;
mod times;
mod tls_files;
mod tokens;
mod totp;
mod trusted_devices;
mod usage;
mod write;

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use sqlx::migrate::MigrateError;
use tokio::sync::Mutex;

use self::{connections::Connections, dialect::Dialect, times::Readers};
use crate::{
    domain::{
        clock::{self, Clock},
        random::Random,
    },
    metrics::DatabaseTimes,
};

pub use account_edit::{Edit, Edited};
pub use accounts::{Login, NewAccount, NewCredentials, Replaceable, Replaced};
pub use backup::BackupError;
pub use client_links::LinkOutcome;
pub use clients::{ClientChange, ClientOutcome};
pub use connections::bounded;
pub use copy::{CopyError, Source};
pub use database_url::{BadDatabaseUrl, DatabaseUrl};
pub use demo::Sample;
pub use device_ends::EndedToken;
pub use device_grants::{Approval, Decider, Decision, NewGrant, PickUp};
pub use device_tokens::NewToken;
pub use email_changes::{Confirmation, Confirmed, EmailChange, EmailEdit, NewEmail};
pub use email_reverts::{NewRevert, Restoring, Reverted};
pub use identities::{FoundIdentity, Identity, Linked, NewIdentity, Removed, SsoChallenge};
pub use limits::Counted;
pub use login_tokens::{LoginToken, NewLoginToken};
pub use mails::{ClaimedMail, SealedMail};
pub use password_resets::{NewReset, PasswordRequest, Reset, Settled};
pub use portal::{LinkInForce, NewPreview, PreviewBegun, PreviewOutcome};
pub use projects::{ProjectChange, ProjectOutcome};
pub use provider_sessions::DueCheck;
pub use quotas::QuotaKey;
pub use second_factors::{CountedFactor, NewChallenge};
pub use sessions::{NewSession, Proof};
pub use tokens::{Rotated, Rotation};
pub use totp::Enrolment;
pub use trusted_devices::{NewTrustedDevice, TrustedDevice};

/// How long a statement waits for a lock, a request for a connection, and a transaction for others to leave it its turn, before
/// it is refused.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the database may take to say what time it is, one way, for its clock to be compared by that.
const LONGEST_WAY: SignedDuration = SignedDuration::from_millis(100);

/// How often at most the database is written only to find out whether it can be.
const PROBE_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// The setting that is written for that.
const PROBE: &str = "written_at";

/// The database.
#[derive(Clone)]
pub struct Store {
    dialect: Dialect,
    writer: Connections,
    readers: Readers,
    /// How long both take.
    times: DatabaseTimes,
    random: Random,
    /// Whether no account has the password of the first start any more.
    has_been_set_up: Arc<AtomicBool>,
    /// How often this process has written (`write.rs`).
    writes: Arc<AtomicU64>,
    /// What [`has_login_token`](Self::has_login_token) last found.
    login_token: login_tokens::Known,
    /// When [`check`](Self::check) last wrote.
    written_at: Arc<Mutex<Option<Timestamp>>>,
}

/// The database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It can't now: locked, full, read-only, or out of reach. The same request may work later.
    #[error("the database can't answer now: {0}")]
    Unavailable(sqlx::Error),
    /// It holds something that this program does not understand.
    #[error("the database holds an unknown {what}: {value:?}")]
    Unknown {
        /// What kind of value it is.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// Another program has it open.
    #[error("a server or another program uses this database; stop it first")]
    InUse,
    /// A file that its URL names for TLS is of no use.
    #[error("{parameter}: {} {problem}", file.display())]
    TlsFile {
        /// Which parameter of the URL names it.
        parameter: &'static str,
        /// The file.
        file: PathBuf,
        /// Why it is of no use.
        problem: String,
    },
    /// It is one of PostgreSQL that does not keep every text.
    #[error(
        "its encoding is {0}, and must be UTF8: make another with createdb --template template0 --encoding UTF8 --locale C NAME"
    )]
    Encoding(String),
    /// It is empty, or holds what is another program's.
    #[error("there is no installation of Doorstep in it: name the right database, or start a server on it first")]
    Foreign,
    /// It was used by an older program, and what asks for it must not change it.
    #[error(
        "the database was used by an older version of Doorstep: start a server of this version on it once, and stop it"
    )]
    Older,
    /// Something is where nothing must be.
    #[error("it is not empty: there are tables in it")]
    Taken,
    /// It was used by a newer program.
    #[error("the database was used by a newer version of Doorstep (migration {0}); run that version or a later one")]
    Newer(i64),
    /// Its tables could not be brought up to date.
    #[error("the database's tables could not be brought up to date: {0}")]
    Migration(MigrateError),
    /// It does not take a text, which has a character that it keeps in none: NUL, to PostgreSQL.
    #[error("a text has a character that is not allowed")]
    Text,
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if dialect::is_passing(&error) {
            Self::Unavailable(error)
        } else if dialect::refuses_text(&error) {
            Self::Text
        } else {
            Self::Failed(error)
        }
    }
}

impl Store {
    /// Whether the database can be read, and written: a disk may be full, or mounted read-only. It is written for that once
    /// in [`PROBE_EVERY`], however often it is asked, and each time while it fails.
    ///
    /// # Errors
    /// When it can't.
    pub async fn check(&self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM settings LIMIT 1").execute(&self.readers).await?;
        // One at a time: the others then know.
        let mut written_at = self.written_at.lock().await;
        let is_recent = |at: Timestamp| !clock::is_ahead(at, now) && now.duration_since(at) < PROBE_EVERY;
        if written_at.is_none_or(|at| !is_recent(at)) {
            self.put_setting(PROBE, &now.as_millisecond().to_be_bytes()).await?;
            *written_at = Some(now);
        }
        Ok(())
    }

    /// By how much the clock of the database is ahead of this machine's; `None` where they are one, or it could not be measured
    /// well.
    ///
    /// # Errors
    /// That of the database.
    pub async fn clock_ahead(&self, clock: &Clock) -> Result<Option<SignedDuration>, StoreError> {
        let Some(ask) = self.dialect.clock() else { return Ok(None) };
        self.readers
            .read(async |connection| {
                // Without the wait for a connection.
                let asked = clock.machine();
                let says = row::time(&sqlx::query(ask).fetch_one(connection).await?, "now")?;
                // It looked in the middle of the way there and back, if that is short.
                let way = clock.machine().duration_since(asked) / 2;
                Ok((way < LONGEST_WAY).then(|| says.duration_since(asked).saturating_sub(way)))
            })
            .await
    }

    /// Finishes what is under way and closes the files.
    pub async fn close(&self) {
        tokio::join!(self.readers.close(), self.writer.close());
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[tokio::test]
    async fn a_database_that_can_t_be_written_is_noticed_and_so_is_its_return() {
        let folder = std::env::temp_dir().join(format!("doorstep-probe-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is made");
        let url = DatabaseUrl::parse(&format!("sqlite://{}/doorstep.sqlite3", folder.display())).expect("is one");
        let store = Store::open(&url).await.expect("opens");
        let pragma = async |text: &'static str| {
            let mut connection = store.writer.acquire().await.expect("is there");
            sqlx::query(text).execute(&mut *connection).await.expect("is set")
        };
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).expect("is a time");
        store.check(at(0)).await.expect("can be written");
        pragma("PRAGMA query_only = 1").await;
        store.check(at(9)).await.expect("was written a moment ago");
        for _ in 0..2 {
            assert!(matches!(store.check(at(10)).await, Err(StoreError::Unavailable(_))));
        }
        // Also when the clock is corrected meanwhile.
        assert!(store.check(at(-3600)).await.is_err());
        pragma("PRAGMA query_only = 0").await;
        store.check(at(10)).await.expect("can be written");
        fs::remove_dir_all(&folder).expect("is removed");
    }

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_by_itself_leaves_others_working() {
        let folder = std::env::temp_dir().join(format!("doorstep-store-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is made");
        let url = DatabaseUrl::parse(&format!("sqlite://{}/doorstep.sqlite3", folder.display())).expect("is one");
        let store = Store::open(&url).await.expect("opens");
        let mut transaction = store.writer.begin("BEGIN IMMEDIATE").await.expect("begins");
        // As SQLite does where the disk is full.
        sqlx::query("ROLLBACK").execute(&mut *transaction).await.expect("ends");
        transaction.commit().await.expect_err("there is none");
        store.writer.begin("BEGIN IMMEDIATE").await.expect("begins").rollback().await.expect("ends");
        fs::remove_dir_all(&folder).expect("is removed");
    }
}

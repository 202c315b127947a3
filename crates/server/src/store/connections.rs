//! The connections to the database: those that read, and those that write.
//!
//! A database on another host can go silent: the host is lost, or the network between. TCP does not notice, and the driver waits
//! for an answer as long as it takes, also when it takes a connection back. So a statement that reads, and a transaction, have
//! a [`DEADLINE`]; and when no connection has come back for that long, all of them are lost, and a new pool takes the place of
//! the old one.

use std::{
    cell::Cell,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{
    Any, AnyPool, Connection as _, Error, Executor as _, Transaction,
    any::{AnyConnectOptions, AnyPoolOptions},
    pool::PoolConnection,
};
use tokio::{
    spawn, task_local,
    time::{Instant, timeout},
};
use tracing::warn;

use super::{PATIENCE, StoreError, dialect::Dialect};

/// How long a statement that reads, or a transaction, takes at most: its work and its waits, for a connection and for locks, of
/// which each is refused after [`PATIENCE`].
pub(super) const DEADLINE: Duration = Duration::from_secs(10);

/// How long all takes at most that one request asks of the database. It may wait for a connection more than once, and then for a
/// lock; [`PATIENCE`] bounds each.
const OF_A_REQUEST: Duration = Duration::from_secs(6);

task_local! {
    /// How long the database has taken for the request so far.
    static TAKEN: Cell<Duration>;
}

/// Does what a request asks for, with a bound on the time that the database takes for all of it.
pub async fn bounded<T>(request: impl Future<Output = T>) -> T {
    TAKEN.scope(Cell::new(Duration::ZERO), request).await
}

/// Ends work that takes longer than it may, or than is left for the request.
pub(super) async fn within<T, E: From<Error>>(
    deadline: Option<Duration>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let Some(deadline) = deadline else { return work.await };
    let began = Instant::now();
    let taken = TAKEN.try_with(Cell::get).ok();
    let deadline = taken.map_or(deadline, |taken| deadline.min(OF_A_REQUEST.saturating_sub(taken)));
    let result = timeout(deadline, work).await.unwrap_or_else(|_| {
        let late = match taken {
            None => format!("no answer within {} seconds", deadline.as_secs()),
            Some(_) => format!("no answers within {} seconds for one request", OF_A_REQUEST.as_secs()),
        };
        Err(Error::Io(io::Error::new(io::ErrorKind::TimedOut, late)).into())
    });
    if let Some(taken) = taken {
        let _ = TAKEN.try_with(|all| all.set(taken + began.elapsed()));
    }
    result
}

/// The connections that read, or those that write.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    dialect: Dialect,
    writes: bool,
    options: AnyConnectOptions,
    current: Arc<Mutex<Current>>,
}

#[derive(Debug)]
struct Current {
    pool: AnyPool,
    /// When it last lent a connection.
    lent_at: Instant,
}

impl Connections {
    /// Connects.
    pub(super) async fn open(dialect: Dialect, writes: bool, options: AnyConnectOptions) -> Result<Self, StoreError> {
        let pool = pool(dialect, writes).connect_with(options.clone()).await?;
        let current = Arc::new(Mutex::new(Current { pool, lent_at: Instant::now() }));
        Ok(Self { dialect, writes, options, current })
    }

    /// How long what is done with one may take; without end, where the database can't be lost.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.dialect.can_be_lost().then_some(DEADLINE)
    }

    /// A connection, which goes back when it is dropped.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<Any>, Error> {
        let pool = self.current().pool.clone();
        self.note(pool.acquire().await)
    }

    /// A transaction, which is rolled back when it is dropped.
    pub(super) async fn begin(&self, statement: &'static str) -> Result<Transaction<'static, Any>, Error> {
        let pool = self.current().pool.clone();
        self.note(pool.begin_with(statement).await)
    }

    /// Closes them, when what is under way has ended; those that are lost never come back, and are not waited for.
    pub(super) async fn close(&self) {
        let pool = self.current().pool.clone();
        match self.deadline() {
            Some(deadline) => drop(timeout(deadline, pool.close()).await),
            None => pool.close().await,
        }
    }

    /// Remembers that a connection was lent; or gives up a pool that has lent none for so long that all who have one must have
    /// given it back.
    fn note<T>(&self, lent: Result<T, Error>) -> Result<T, Error> {
        let mut current = self.current();
        match &lent {
            Ok(_) => current.lent_at = Instant::now(),
            Err(Error::PoolTimedOut) if self.dialect.can_be_lost() && current.lent_at.elapsed() > DEADLINE => {
                warn!("the database has not answered for {} s: connecting anew", DEADLINE.as_secs());
                let lost = std::mem::replace(
                    &mut *current,
                    Current {
                        pool: pool(self.dialect, self.writes).connect_lazy_with(self.options.clone()),
                        lent_at: Instant::now(),
                    },
                );
                // Callers that wait for one of its connections get `PoolClosed` at once.
                spawn(async move { timeout(DEADLINE, lost.pool.close()).await.ok() });
            }
            Err(_) => {}
        }
        lent
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pool(dialect: Dialect, writes: bool) -> AnyPoolOptions {
    let set_up = dialect.set_up(writes);
    AnyPoolOptions::new()
        .max_connections(dialect.connections(writes))
        .acquire_timeout(PATIENCE)
        .test_before_acquire(dialect.can_be_lost())
        .after_connect(move |connection, _| Box::pin(async move { connection.execute(set_up).await.map(drop) }))
        // Where the disk is full, SQLite ends a transaction by itself, and the connection takes itself to be in it for ever:
        // another one takes its place.
        .before_acquire(|connection, _| {
            let is_idle = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_idle) })
        })
}

//! The connections to the database: a pool for reading, and one for writing.
//!
//! A database on another host can become silent when the host or the network fails. TCP does not notice, and the
//! driver waits for a response indefinitely, even when it returns a connection to the pool. So each read and each
//! transaction has a [`DEADLINE`]; and when no connection was returned for that long, all of them are considered
//! lost, and a new pool replaces the old one.

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

/// The longest time for a read or a transaction, including its waits for a connection and for locks, each of which
/// is limited by [`PATIENCE`].
pub(super) const DEADLINE: Duration = Duration::from_secs(10);

/// The longest time for all database calls of one request. A request may wait for several connections and locks;
/// [`PATIENCE`] limits each wait.
const OF_A_REQUEST: Duration = Duration::from_secs(6);

task_local! {
    /// The time that database calls of the request have taken so far.
    static TAKEN: Cell<Duration>;
}

/// Runs a request with a limit on the total time of its database calls.
pub async fn bounded<T>(request: impl Future<Output = T>) -> T {
    TAKEN.scope(Cell::new(Duration::ZERO), request).await
}

/// Runs a database call until its limit, or that of the request.
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

/// The pool for reading, or the one for writing.
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
    /// Opens the pool.
    pub(super) async fn open(dialect: Dialect, writes: bool, options: AnyConnectOptions) -> Result<Self, StoreError> {
        let pool = pool(dialect, writes).connect_with(options.clone()).await?;
        let current = Arc::new(Mutex::new(Current { pool, lent_at: Instant::now() }));
        Ok(Self { dialect, writes, options, current })
    }

    /// The limit for a call; none for a local file.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.dialect.can_be_lost().then_some(DEADLINE)
    }

    /// A connection, returned to the pool when it is dropped.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<Any>, Error> {
        let pool = self.current().pool.clone();
        self.note(pool.acquire().await)
    }

    /// A transaction, rolled back when it is dropped.
    pub(super) async fn begin(&self, statement: &'static str) -> Result<Transaction<'static, Any>, Error> {
        let pool = self.current().pool.clone();
        self.note(pool.begin_with(statement).await)
    }

    /// Closes the pool when pending calls have ended, without waiting for lost connections.
    pub(super) async fn close(&self) {
        let pool = self.current().pool.clone();
        match self.deadline() {
            Some(deadline) => drop(timeout(deadline, pool.close()).await),
            None => pool.close().await,
        }
    }

    /// Records that a connection was lent; or replaces the pool when none was lent for so long that all holders
    /// must have passed their deadline.
    fn note<T>(&self, lent: Result<T, Error>) -> Result<T, Error> {
        let mut current = self.current();
        match &lent {
            Ok(_) => current.lent_at = Instant::now(),
            Err(Error::PoolTimedOut) if self.dialect.can_be_lost() && current.lent_at.elapsed() > DEADLINE => {
                warn!("the database has not answered for {} s: reconnecting", DEADLINE.as_secs());
                let lost = std::mem::replace(
                    &mut *current,
                    Current {
                        pool: pool(self.dialect, self.writes).connect_lazy_with(self.options.clone()),
                        lent_at: Instant::now(),
                    },
                );
                // Callers that wait for a connection of the old pool get `PoolClosed` at once.
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
        // When the disk is full, SQLite ends a transaction by itself, and the driver believes that the connection
        // is still in it: such a connection is replaced.
        .before_acquire(|connection, _| {
            let is_idle = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_idle) })
        })
}

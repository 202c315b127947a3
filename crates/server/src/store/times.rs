//! Measures how long the database takes, for monitoring: each read statement, and each write as a whole, successful
//! or not.

use std::ops::Deref;

use futures_util::{
    StreamExt as _, TryFutureExt as _, TryStreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use prometheus_client::metrics::histogram::Histogram;
use sqlx::{
    Any, AnyConnection, Describe, Either, Error, Execute, Executor, SqlStr,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
};
use tokio::time::Instant;

use super::{
    Store,
    connections::{Connections, within},
};
use crate::metrics::DatabaseTimes;

impl Store {
    /// The measurements so far.
    #[must_use]
    pub fn times(&self) -> DatabaseTimes {
        self.times.clone()
    }
}

/// Measures the time until it is dropped.
#[must_use = "it measures until it is dropped"]
pub(super) struct Timer<'a> {
    histogram: &'a Histogram,
    began: Instant,
}

impl<'a> Timer<'a> {
    pub(super) fn start(histogram: &'a Histogram) -> Self {
        Self { histogram, began: Instant::now() }
    }
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.histogram.observe(self.began.elapsed().as_secs_f64());
    }
}

/// The connections for reading. Every execution is measured, including the wait for a connection, and has a
/// deadline.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    connections: Connections,
    times: Histogram,
}

impl Readers {
    pub(super) fn new(connections: Connections, times: &DatabaseTimes) -> Self {
        Self { connections, times: times.reads.clone() }
    }

    /// Runs a read on one of them.
    pub(super) async fn read<T, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let _timer = Timer::start(&self.times);
        within(self.connections.deadline(), async { work(&mut *self.connections.acquire().await?).await }).await
    }
}

impl Deref for Readers {
    type Target = Connections;

    fn deref(&self) -> &Connections {
        &self.connections
    }
}

impl<'c> Executor<'c> for &'c Readers {
    type Database = Any;

    /// Fetches all rows at once: no list is longer than a page.
    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let rows = self.read(async |connection| connection.fetch_many(query).try_collect::<Vec<_>>().await);
        rows.map_ok(|rows| stream::iter(rows).map(Ok)).try_flatten_stream().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(self.read(async |connection| connection.fetch_optional(query).await))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        Box::pin(self.read(async |connection| connection.prepare_with(sql, parameters).await))
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, Error>>
    where
        'c: 'e,
    {
        Box::pin(self.read(async |connection| connection.describe(sql).await))
    }
}

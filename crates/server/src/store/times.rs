//! How long the database takes, for monitoring: measured around each statement that reads and each write as a whole, whatever
//! becomes of it.

use std::ops::Deref;

use futures_util::{StreamExt as _, future::BoxFuture, stream::BoxStream};
use prometheus_client::metrics::histogram::Histogram;
use sqlx::{
    Any, AnyPool, Describe, Either, Error, Execute, Executor, SqlStr,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
};
use tokio::time::Instant;

use super::Store;
use crate::metrics::DatabaseTimes;

impl Store {
    /// How long it has taken so far.
    #[must_use]
    pub fn times(&self) -> DatabaseTimes {
        self.times.clone()
    }
}

/// Measures until it is dropped.
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

/// The connections that read. What is executed on all of them is measured, with the wait for one.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    pool: AnyPool,
    times: Histogram,
}

impl Readers {
    pub(super) fn new(pool: AnyPool, times: &DatabaseTimes) -> Self {
        Self { pool, times: times.reads.clone() }
    }

    /// Measures what is read by one connection of them.
    pub(super) fn timer(&self) -> Timer<'_> {
        Timer::start(&self.times)
    }
}

impl Deref for Readers {
    type Target = AnyPool;

    fn deref(&self) -> &AnyPool {
        &self.pool
    }
}

impl<'c> Executor<'c> for &'c Readers {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let timer = self.timer();
        // The timer goes with the stream.
        let with_timer = move |_: &_| {
            let _ = &timer;
        };
        self.pool.fetch_many(query).inspect(with_timer).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(async move {
            let _timer = self.timer();
            self.pool.fetch_optional(query).await
        })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, Error>>
    where
        'c: 'e,
    {
        self.pool.describe(sql)
    }
}

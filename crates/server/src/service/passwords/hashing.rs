//! The worker threads that hash passwords: a fixed number, each with the memory that Argon2 needs.
//!
//! Tokio's blocking threads come and go by the hundred, and the memory of each stays in an arena of the allocator:
//! 500 concurrent sign-ins left 1.3 GB behind. Here the memory is bounded by the workers, and freed when it has not
//! been used for a while.
//!
//! The workers run at a lower priority than the threads that serve requests: a check takes tens of milliseconds
//! anyway, all other requests less than one.
//! one.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::Duration,
};

use flume::{Receiver, RecvTimeoutError, Sender};
use tokio::sync::oneshot;
use tracing::{error, warn};

use crate::{domain::password::Memory, error::Error};

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// How long an idle worker keeps its memory.
const KEPT: Duration = Duration::from_secs(15);

/// How much the workers' nice value is above that of the process (`nice(2)`; the range has 40 steps).
#[cfg(target_os = "linux")]
const GIVES_WAY_BY: i32 = 5;

/// A fixed number of threads with a queue of jobs in order of arrival. Callers bound the length of the queue.
///
/// The threads end when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Workers(Sender<Job>);

impl Workers {
    /// Starts this many threads.
    #[must_use]
    pub fn start(count: usize) -> Self {
        Self::start_with(count, KEPT)
    }

    fn start_with(count: usize, kept: Duration) -> Self {
        let (sender, jobs) = flume::unbounded();
        for number in 0..count {
            let jobs = jobs.clone();
            let name = format!("password-{number}");
            if let Err(error) = thread::Builder::new().name(name).spawn(move || work(&jobs, kept)) {
                // With fewer threads hashing is slower; without any, each job fails with an error.
                error!(%error, "a password thread did not start");
            }
        }
        Self(sender)
    }

    /// Runs a job and waits for its result. A job whose caller is gone by its turn is skipped; one that has begun
    /// is completed.
    ///
    /// # Errors
    /// [`Error::Panicked`] when it panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            if !answer.is_closed() {
                // The caller may be gone by now.
                let _ = answer.send(job(memory));
            }
        };
        self.0.send(Box::new(job)).map_err(|_| Error::WorkersGone)?;
        answered.await.map_err(|_| Error::Panicked)
    }
}

fn work(jobs: &Receiver<Job>, kept: Duration) {
    give_way();
    let mut memory = Memory::default();
    loop {
        let next = if memory.is_empty() {
            jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            jobs.recv_timeout(kept)
        };
        match next {
            // The caller notices a panic by the dropped channel; the thread continues.
            Ok(job) => drop(catch_unwind(AssertUnwindSafe(|| job(&mut memory)))),
            Err(RecvTimeoutError::Timeout) => memory = Memory::default(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Lowers the priority of this thread, if the system has priorities per thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(GIVES_WAY_BY) {
        warn!(%error, "the password threads have normal priority");
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        sync::{Arc, Barrier, Mutex, mpsc},
        thread::ThreadId,
    };

    use futures_util::future::join_all;

    use super::*;
    use crate::domain::{password::PasswordHasher, random::Random};

    #[tokio::test]
    async fn a_few_threads_run_all_jobs_and_survive_a_panic() {
        let workers = Workers::start(2);
        let panicked = workers.run(|_| if true { panic!("on purpose") } else { 1 }).await;
        assert!(matches!(panicked, Err(Error::Panicked)));
        let jobs = (0..100).map(|_| workers.run(|_| thread::current().id()));
        let threads: Result<HashSet<ThreadId>, _> = join_all(jobs).await.into_iter().collect();
        let count = threads.expect("all are done").len();
        assert!((1..=2).contains(&count), "{count}");
    }

    #[tokio::test]
    async fn unused_memory_is_freed() {
        let fill = |memory: &mut Memory| {
            let was_empty = memory.is_empty();
            let hasher = PasswordHasher::new(&Random::system()).expect("there are random bytes");
            assert!(!hasher.verify("password", None, memory).matches);
            was_empty
        };
        let workers = Workers::start_with(1, Duration::from_mins(1));
        assert!(workers.run(fill).await.expect("succeeds"));
        assert!(!workers.run(fill).await.expect("succeeds"), "the next check has it");
        let workers = Workers::start_with(2, Duration::ZERO);
        assert!(workers.run(fill).await.expect("succeeds"));
        // Each of the two workers checks its own memory.
        let both = || async {
            let met = Arc::new(Barrier::new(2));
            let look = || {
                let met = Arc::clone(&met);
                workers.run(move |memory: &mut Memory| {
                    met.wait();
                    memory.is_empty()
                })
            };
            let (one, other) = futures_util::future::join(look(), look()).await;
            one.expect("succeeds") && other.expect("succeeds")
        };
        // A worker looks for another job once more before it frees its memory.
        for _ in 0..1_000 {
            if both().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("an idle worker has kept its memory");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn workers_have_a_lower_priority() {
        let priority = || rustix::process::getpriority_process(None).expect("is readable");
        let theirs = Workers::start(1).run(move |_| priority()).await.expect("succeeds");
        assert_eq!(theirs, (priority() + GIVES_WAY_BY).min(19));
    }

    #[tokio::test]
    async fn a_job_whose_caller_is_gone_is_skipped() {
        let workers = Workers::start(1);
        let (release, held) = mpsc::channel::<()>();
        let busy = workers.run(move |_| held.recv());
        let done = Arc::new(Mutex::new(false));
        let mark = Arc::clone(&done);
        let mut gone = Box::pin(workers.run(move |_| *mark.lock().expect("no panic") = true));
        let mut busy = Box::pin(busy);
        assert!(futures_util::poll!(busy.as_mut()).is_pending());
        assert!(futures_util::poll!(gone.as_mut()).is_pending());
        drop(gone);
        release.send(()).expect("is awaited");
        busy.await.expect("succeeds").expect("is released");
        workers.run(|_| ()).await.expect("succeeds");
        assert!(!*done.lock().expect("no panic"));
    }
}

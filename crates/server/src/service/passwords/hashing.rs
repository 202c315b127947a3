//! The threads that hash passwords: few, made once, each with the memory that Argon2 needs.
//!
//! Tokio's threads for blocking work come and go by the hundred, and what each of them allocates stays in an arena of the
//! allocator: 500 sign-ins at once left 1.3 GB behind. Here it is what the workers hold, and no more; what none of them has
//! used for a while is given back.
//!
//! They give way to the threads that answer: a check takes tens of milliseconds anyway, and all other requests need less than
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

/// How long a worker without a job keeps its memory.
const KEPT: Duration = Duration::from_secs(15);

/// By how much more willing a worker is to let others go first than the rest of the process (`nice(2)`; there are 20 steps).
#[cfg(target_os = "linux")]
const GIVES_WAY_BY: i32 = 5;

/// A few threads, and the jobs that wait for them in the order in which they came. How many may wait is decided before.
///
/// The threads end with the last clone.
#[derive(Debug, Clone)]
pub struct Workers(Sender<Job>);

impl Workers {
    /// Starts so many threads.
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
                // With the others it goes on, slower; without any, each job is lost, and says so.
                error!(%error, "a thread for passwords did not start");
            }
        }
        Self(sender)
    }

    /// Has a job done, and waits for what comes of it. One whose caller has gone by the time that it is its turn is left
    /// out; one that has begun is finished.
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
                // A caller who has gone meanwhile needs no answer.
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
            // Its caller learns of a panic by the answer that does not come; the thread goes on.
            Ok(job) => drop(catch_unwind(AssertUnwindSafe(|| job(&mut memory)))),
            Err(RecvTimeoutError::Timeout) => memory = Memory::default(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Lowers the priority of this thread, as far as the system has one for each.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(GIVES_WAY_BY) {
        warn!(%error, "threads for passwords have the priority of all others");
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
    async fn jobs_of_all_callers_are_done_by_few_threads_that_outlive_a_panic() {
        let workers = Workers::start(2);
        let panicked = workers.run(|_| if true { panic!("on purpose") } else { 1 }).await;
        assert!(matches!(panicked, Err(Error::Panicked)));
        let jobs = (0..100).map(|_| workers.run(|_| thread::current().id()));
        let threads: Result<HashSet<ThreadId>, _> = join_all(jobs).await.into_iter().collect();
        let count = threads.expect("all are done").len();
        assert!((1..=2).contains(&count), "{count}");
    }

    #[tokio::test]
    async fn memory_that_is_not_used_is_given_back() {
        let fill = |memory: &mut Memory| {
            let was_empty = memory.is_empty();
            let hasher = PasswordHasher::new(&Random::system()).expect("there are random bytes");
            assert!(!hasher.verify("password", None, memory).matches);
            was_empty
        };
        let workers = Workers::start_with(1, Duration::from_mins(1));
        assert!(workers.run(fill).await.expect("is done"));
        assert!(!workers.run(fill).await.expect("is done"), "the next check has it");
        let workers = Workers::start_with(2, Duration::ZERO);
        assert!(workers.run(fill).await.expect("is done"));
        // Each of the two looks at its own, beside the other.
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
            one.expect("is done") && other.expect("is done")
        };
        // The worker looks for a job once more before it gives back what it holds.
        for _ in 0..1_000 {
            if both().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("a worker beside one that waits has kept its memory");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn workers_give_way_to_the_threads_that_answer() {
        let priority = || rustix::process::getpriority_process(None).expect("is readable");
        let theirs = Workers::start(1).run(move |_| priority()).await.expect("is done");
        assert_eq!(theirs, (priority() + GIVES_WAY_BY).min(19));
    }

    #[tokio::test]
    async fn a_job_whose_caller_has_gone_is_left_out() {
        let workers = Workers::start(1);
        let (release, held) = mpsc::channel::<()>();
        let busy = workers.run(move |_| held.recv());
        let done = Arc::new(Mutex::new(false));
        let mark = Arc::clone(&done);
        let mut gone = Box::pin(workers.run(move |_| *mark.lock().expect("nobody panicked") = true));
        let mut busy = Box::pin(busy);
        assert!(futures_util::poll!(busy.as_mut()).is_pending());
        assert!(futures_util::poll!(gone.as_mut()).is_pending());
        drop(gone);
        release.send(()).expect("is awaited");
        busy.await.expect("is done").expect("is released");
        workers.run(|_| ()).await.expect("is done");
        assert!(!*done.lock().expect("nobody panicked"));
    }
}

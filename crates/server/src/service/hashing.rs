//! The threads that hash passwords: few, made once, each with the memory that Argon2 needs.
//!
//! Tokio's threads for blocking work come and go by the hundred, and what each of them allocates stays in an arena of the
//! allocator: 500 sign-ins at once left 1.3 GB behind. Here it is what the workers hold, and no more.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;
use tracing::error;

use crate::{domain::password::Memory, error::Error};

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// A few threads, and the jobs that wait for them in the order in which they came. How many may wait is decided before.
///
/// The threads end with the last clone.
#[derive(Debug, Clone)]
pub struct Workers(mpsc::Sender<Job>);

impl Workers {
    /// Starts so many threads.
    #[must_use]
    pub fn start(count: usize) -> Self {
        let (sender, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..count {
            let jobs = Arc::clone(&jobs);
            let name = format!("password-{number}");
            if let Err(error) = thread::Builder::new().name(name).spawn(move || work(&jobs)) {
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
    /// [`Error::TaskLost`] when it panicked.
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
        self.0.send(Box::new(job)).map_err(|_| Error::TaskLost)?;
        answered.await.map_err(|_| Error::TaskLost)
    }
}

fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    let mut memory = Memory::default();
    loop {
        // The guard goes before the job begins, so that another thread can take the next one.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // Its caller learns of a panic by the answer that does not come; the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread::ThreadId};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn jobs_of_all_callers_are_done_by_few_threads_that_outlive_a_panic() {
        let workers = Workers::start(2);
        let panicked = workers.run(|_| if true { panic!("on purpose") } else { 1 }).await;
        assert!(matches!(panicked, Err(Error::TaskLost)));
        let jobs = (0..100).map(|_| workers.run(|_| thread::current().id()));
        let threads: Result<HashSet<ThreadId>, _> = join_all(jobs).await.into_iter().collect();
        let count = threads.expect("all are done").len();
        assert!((1..=2).contains(&count), "{count}");
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

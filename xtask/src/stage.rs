//! The stages of a command: each is announced and timed, and a table is printed at the end.

use std::{
    panic, thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::term;

/// The work of a stage that runs in parallel with others.
pub(crate) type Work<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// The stages of a command, in order.
pub(crate) struct Stages {
    count: usize,
    done: Vec<(&'static str, Duration)>,
}

impl Stages {
    /// A command of `count` stages.
    pub(crate) fn new(count: usize) -> Self {
        Self { count, done: Vec::new() }
    }

    /// Runs the next stage.
    pub(crate) fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let label = label(self.done.len(), self.count, name);
        term::say(&format!("{label} …"));
        let start = Instant::now();
        let result = work()?;
        let time = start.elapsed();
        term::say(&format!("{label} … {}", shown(time)));
        self.done.push((name, time));
        Ok(result)
    }

    /// Runs the next stages in parallel, each to its end; returns the first error in this order.
    pub(crate) fn side_by_side<const N: usize>(&mut self, stages: [(&'static str, Work<'_>); N]) -> Result<()> {
        let (done, count) = (self.done.len(), self.count);
        let results = thread::scope(|scope| {
            let threads = stages.into_iter().enumerate().map(|(index, (name, work))| {
                let label = label(done + index, count, name);
                term::say(&format!("{label} …"));
                scope.spawn(move || {
                    let start = Instant::now();
                    let result = work();
                    let time = start.elapsed();
                    term::say(&match &result {
                        Ok(()) => format!("{label} … {}", shown(time)),
                        Err(error) => format!("{label} … failed: {error:#}"),
                    });
                    result.map(|()| (name, time))
                })
            });
            let threads: Vec<_> = threads.collect();
            let ends = threads.into_iter().map(thread::ScopedJoinHandle::join);
            ends.map(|end| end.unwrap_or_else(|cause| panic::resume_unwind(cause))).collect::<Vec<Result<_>>>()
        });
        for result in results {
            self.done.push(result?);
        }
        Ok(())
    }

    /// The durations of the stages.
    pub(crate) fn table(&self) -> String {
        let total = self.done.iter().map(|(_, time)| *time).sum();
        let rows = self.done.iter().copied().chain([("all", total)]);
        let rows: Vec<_> = rows.map(|(name, time)| [name.to_owned(), shown(time)]).collect();
        term::table(&rows)
    }
}

fn label(done: usize, count: usize, name: &str) -> String {
    format!("[{}/{count}] {name}", done + 1)
}

fn shown(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use std::sync::Barrier;

    use anyhow::{Result, bail};

    use super::{Stages, shown};

    #[test]
    fn stages_side_by_side_run_at_once_and_the_first_failure_counts() -> Result<()> {
        let both = Barrier::new(2);
        let mut stages = Stages::new(4);
        let meet = || {
            both.wait();
            Ok(())
        };
        stages.side_by_side([("one", Box::new(meet)), ("two", Box::new(meet))])?;
        assert!(stages.table().contains("one") && stages.table().contains("two"));

        let fail = || bail!("three failed");
        let failed = stages.side_by_side([("three", Box::new(fail)), ("four", Box::new(|| Ok(())))]);
        assert_eq!(failed.map_err(|error| error.to_string()), Err("three failed".to_owned()));
        Ok(())
    }

    #[test]
    fn times_are_short_to_read() {
        assert_eq!(shown(Duration::from_millis(12_345)), "12.3 s");
        assert_eq!(shown(Duration::from_millis(185_900)), "3 min 05 s");
    }
}

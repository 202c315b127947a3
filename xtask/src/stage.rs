//! The steps of a longer command: each announced, timed, and listed at the end.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::term;

/// The stages of one command, in the order in which they run.
pub(crate) struct Stages {
    count: usize,
    done: Vec<(&'static str, Duration)>,
}

impl Stages {
    /// A command of `count` stages.
    pub(crate) fn new(count: usize) -> Self {
        Self { count, done: Vec::new() }
    }

    /// Runs the next stage; the command ends with the first that fails.
    pub(crate) fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.announce(name);
        let start = Instant::now();
        let result = work()?;
        let time = start.elapsed();
        term::say(&format!("{} … {}", self.label(name), shown(time)));
        self.done.push((name, time));
        Ok(result)
    }

    /// Prints the name of the next stage, when it starts.
    pub(crate) fn announce(&self, name: &str) {
        term::say(&format!("{} …", self.label(name)));
    }

    /// What took how long.
    pub(crate) fn table(&self) -> String {
        let total = self.done.iter().map(|(_, time)| *time).sum();
        let rows = self.done.iter().copied().chain([("all", total)]);
        let rows: Vec<_> = rows.map(|(name, time)| [name.to_owned(), shown(time)]).collect();
        term::table(&rows)
    }

    fn label(&self, name: &str) -> String {
        format!("[{}/{}] {name}", self.done.len() + 1, self.count)
    }
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

    use super::shown;

    #[test]
    fn times_are_short_to_read() {
        assert_eq!(shown(Duration::from_millis(12_345)), "12.3 s");
        assert_eq!(shown(Duration::from_millis(185_900)), "3 min 05 s");
    }
}

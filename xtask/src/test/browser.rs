//! Runs Playwright against the built server: browser tests, pictures and benchmarks.

use std::{fs, path::Path, process::Command, time::SystemTime};

use anyhow::Result;

use super::{
    device_clients,
    postgres::{Cluster, Durability},
};
use crate::{
    command, project,
    tools::{self, Toolbox},
};

/// The folder of the tests and their `package.json`.
const TESTS: &str = "tests";

/// Type-checks the tests, then runs them.
pub(crate) fn test(tools: &Toolbox) -> Result<()> {
    command::run(&mut playwright(tools, &["tsc", "--noEmit"])?)?;
    device_clients::ready(tools)?;
    // For the tests with two servers.
    let cluster = Cluster::start(tools.postgres()?, Durability::InMemory)?;
    let mut tests = playwright(tools, &["playwright", "test"])?;
    tests.env("DOORSTEP_TEST_POSTGRES", cluster.url());
    // If it is not in that folder, it is on PATH.
    let psql = tools.postgres()?.join("psql");
    if psql.is_file() {
        tests.env("PSQL_BIN", psql);
    }
    command::run(&mut tests)
}

/// Takes pictures of every screen, with pinned fonts.
pub(crate) fn pictures(tools: &Toolbox) -> Result<()> {
    tools::fonts()?;
    let fonts = project::path(TESTS).join("support/pictures_fonts.conf");
    let mut npx = playwright(tools, &["playwright", "test", "--config", "pictures.config.ts"])?;
    command::run(npx.env("FONTCONFIG_FILE", fonts))
}

/// A command of the packages in [`TESTS`], which are installed first if they are out of date.
pub(crate) fn playwright(tools: &Toolbox, arguments: &[&str]) -> Result<Command> {
    let server = project::built_server()?;
    let folder = project::path(TESTS);
    if packages_are_old(&folder) {
        command::run(tools.command("npm")?.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    }
    // `--no-install`: only packages of package-lock.json are used.
    let mut npx = tools.command("npx")?;
    npx.arg("--no-install").args(arguments).current_dir(&folder);
    npx.env("DOORSTEP_BIN", &server).env("CHROMIUM", tools.chromium()?);
    Ok(npx)
}

/// npm stores a copy of the lock file when it installs.
fn packages_are_old(folder: &Path) -> bool {
    let modified = |file: &str| -> Option<SystemTime> { fs::metadata(folder.join(file)).ok()?.modified().ok() };
    modified("node_modules/.package-lock.json") < modified("package-lock.json")
}

#[cfg(test)]
mod tests {
    use std::{
        env,
        fs::{self, File},
        time::{Duration, SystemTime},
    };

    use anyhow::Result;

    use super::packages_are_old;
    use crate::files;

    #[test]
    fn packages_are_installed_when_missing_and_when_the_lock_is_newer() -> Result<()> {
        let folder = env::temp_dir().join(format!("doorstep-npm-{}", std::process::id()));
        let (lock, note) = (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
        files::write(&lock, b"{}")?;
        let missing = packages_are_old(&folder);
        files::write(&note, b"{}")?;
        let current = packages_are_old(&folder);
        File::options().write(true).open(&lock)?.set_modified(SystemTime::now() + Duration::from_mins(1))?;
        let old = packages_are_old(&folder);
        fs::remove_dir_all(&folder)?;
        assert_eq!((missing, current, old), (true, false, true));
        Ok(())
    }
}

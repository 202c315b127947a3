//! Tools that cargo can build: taken from PATH, else from a cache of our own, else installed into it.

use std::{
    collections::VecDeque,
    env,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};

use super::{Version, version_of};
use crate::{command, term};

/// A tool, and the version of it that we have tried.
pub(super) struct CargoTool {
    /// The program.
    pub(super) name: &'static str,
    /// The package that contains it.
    pub(super) package: &'static str,
    /// What to install.
    pub(super) version: Version,
    /// What of the package is built, as arguments of `cargo install`: what a chore has no use for costs minutes.
    pub(super) parts: &'static [&'static str],
    /// What else will do.
    pub(super) accept: Accept,
    /// How long building it takes on two cores.
    pub(super) minutes: u32,
}

/// Which versions of a tool will do.
pub(super) enum Accept {
    ThisOnly,
    OrNewer,
}

/// How much of a failed installation's output to show.
const TAIL: usize = 12;

impl CargoTool {
    /// Makes the tool available: nothing to do if PATH has it, else the folder that does.
    pub(super) fn ready(&self) -> Result<Option<PathBuf>> {
        if self.suits(version_of(self.name)) {
            return Ok(None);
        }
        let root = cache()?.join(format!("{}-{}", self.name, self.version));
        let folder = root.join("bin");
        if !self.suits(version_of(folder.join(self.name))) {
            self.install(&root)?;
        }
        Ok(Some(folder))
    }

    fn suits(&self, found: Option<Version>) -> bool {
        found.is_some_and(|found| match self.accept {
            Accept::ThisOnly => found == self.version,
            Accept::OrNewer => found >= self.version,
        })
    }

    /// Builds the tool with the versions of its dependencies that its authors have locked; where those don't
    /// resolve any more, with today's.
    fn install(&self, root: &Path) -> Result<()> {
        let Self { name, version, minutes, .. } = self;
        term::say(&format!("installing {name} {version}: once, about {minutes} minutes on two cores"));
        let locked = self.cargo_install(root, &["--locked"]);
        let Err(last_lines) = locked.or_else(|_| self.cargo_install(root, &[])) else {
            return Ok(());
        };
        for line in last_lines {
            term::say(&format!("    {line}"));
        }
        bail!("could not install {name}: is the network reachable? cargo's last lines are above");
    }

    /// Runs `cargo install`; the error is the last lines that it printed.
    fn cargo_install(&self, root: &Path, more: &[&str]) -> Result<(), VecDeque<String>> {
        let mut cargo = command::program("cargo");
        command::forget(&mut cargo, disturbs_an_installation);
        cargo.env_remove("CARGO_TARGET_DIR");
        cargo.args(["install", self.package, "--version", &format!("={}", self.version)]);
        cargo.args(self.parts).args(more).arg("--root").arg(root);
        // Six minutes instead of fourteen, for tools that run for seconds.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());

        let in_words = |error: io::Error| VecDeque::from([error.to_string()]);
        let mut child = cargo.spawn().map_err(in_words)?;
        let mut last_lines = VecDeque::new();
        for line in child.stderr.take().into_iter().flat_map(|stderr| BufReader::new(stderr).lines()) {
            let line = line.map_err(in_words)?;
            term::flash(&line);
            last_lines.push_back(line);
            if last_lines.len() > TAIL {
                last_lines.pop_front();
            }
        }
        term::flash("");
        if child.wait().map_err(in_words)?.success() { Ok(()) } else { Err(last_lines) }
    }
}

/// Where tools are kept: outside the repository, so that all its copies share them.
fn cache() -> Result<PathBuf> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = given.or_else(|| Some(env::home_dir()?.join(".cache")));
    Ok(folder.context("no folder to keep tools in: set HOME")?.join("doorstep-tools"))
}

/// Is this a variable that is meant for this workspace's builds, and would change or break a
/// tool's? The way to the registry and the linker stay.
fn disturbs_an_installation(name: &str) -> bool {
    const NAMES: &[&str] =
        &["CARGO_BUILD_TARGET", "CARGO_INCREMENTAL", "CARGO_INSTALL_ROOT", "CARGO_MAKEFLAGS", "MAKEFLAGS"];
    NAMES.contains(&name) || name.starts_with("CARGO_PROFILE_") || name.ends_with("RUSTFLAGS")
}

#[cfg(test)]
mod tests {
    use super::{Accept, CargoTool, Version, disturbs_an_installation};

    fn tool(accept: Accept) -> CargoTool {
        CargoTool { name: "t", package: "t", version: Version(0, 20, 2), parts: &[], accept, minutes: 1 }
    }

    #[test]
    fn a_pinned_tool_must_have_exactly_its_version() {
        let pinned = tool(Accept::ThisOnly);
        assert!(pinned.suits(Some(Version(0, 20, 2))));
        assert!(!pinned.suits(Some(Version(0, 20, 3))));
        assert!(!pinned.suits(None));
    }

    #[test]
    fn a_checker_may_be_newer_but_not_older() {
        let checker = tool(Accept::OrNewer);
        assert!(checker.suits(Some(Version(0, 21, 0))));
        assert!(!checker.suits(Some(Version(0, 20, 1))));
    }

    #[test]
    fn an_installation_keeps_the_way_to_the_registry_and_drops_the_flags() {
        assert!(disturbs_an_installation("CARGO_PROFILE_RELEASE_LTO"));
        assert!(disturbs_an_installation("RUSTFLAGS"));
        assert!(disturbs_an_installation("CARGO_ENCODED_RUSTFLAGS"));
        assert!(!disturbs_an_installation("CARGO_HOME"));
        assert!(!disturbs_an_installation("CARGO_REGISTRIES_CRATES_IO_PROTOCOL"));
        assert!(!disturbs_an_installation("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER"));
        assert!(!disturbs_an_installation("CARGO_HTTP_CAINFO"));
    }
}

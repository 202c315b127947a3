//! Tools that cargo can build: used from PATH or from our cache, or installed into the cache.

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

/// A tool and its version.
pub(super) struct CargoTool {
    /// The name of the program.
    pub(super) name: &'static str,
    /// The package that contains it.
    pub(super) package: &'static str,
    /// The version to install.
    pub(super) version: Version,
    /// Arguments of `cargo install` that leave out unused features, which would cost minutes.
    pub(super) parts: &'static [&'static str],
    /// Other acceptable versions.
    pub(super) accept: Accept,
    /// The minutes to build it on two cores.
    pub(super) minutes: u32,
}

/// Which installed versions are acceptable.
pub(super) enum Accept {
    ThisOnly,
    OrNewer,
}

/// The number of lines of a failed installation's output to show.
const TAIL: usize = 12;

impl CargoTool {
    /// Installs the tool if needed. `None` if it is on PATH, else its folder.
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

    /// Builds the tool with its locked dependencies; if those don't resolve any more, with current ones.
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

    /// Runs `cargo install`; the error is the end of its output.
    fn cargo_install(&self, root: &Path, more: &[&str]) -> Result<(), VecDeque<String>> {
        let mut cargo = command::program("cargo");
        command::remove_env(&mut cargo, affects_cargo_install);
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
            term::show_progress(&line);
            last_lines.push_back(line);
            if last_lines.len() > TAIL {
                last_lines.pop_front();
            }
        }
        term::show_progress("");
        if child.wait().map_err(in_words)?.success() { Ok(()) } else { Err(last_lines) }
    }
}

/// The folder for tools: outside the repository, so that clones share them.
fn cache() -> Result<PathBuf> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = given.or_else(|| Some(env::home_dir()?.join(".cache")));
    Ok(folder.context("no folder to keep tools in: set HOME")?.join("doorstep-tools"))
}

/// Whether a variable is meant for builds of this workspace, and would change or break a tool's build. Variables for
/// registries and linkers are kept.
fn affects_cargo_install(name: &str) -> bool {
    const NAMES: &[&str] =
        &["CARGO_BUILD_TARGET", "CARGO_INCREMENTAL", "CARGO_INSTALL_ROOT", "CARGO_MAKEFLAGS", "MAKEFLAGS"];
    NAMES.contains(&name) || name.starts_with("CARGO_PROFILE_") || name.ends_with("RUSTFLAGS")
}

#[cfg(test)]
mod tests {
    use super::{Accept, CargoTool, Version, affects_cargo_install};

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
    fn other_tools_may_be_newer_but_not_older() {
        let checker = tool(Accept::OrNewer);
        assert!(checker.suits(Some(Version(0, 21, 0))));
        assert!(!checker.suits(Some(Version(0, 20, 1))));
    }

    #[test]
    fn an_installation_keeps_registry_settings_and_drops_flags() {
        assert!(affects_cargo_install("CARGO_PROFILE_RELEASE_LTO"));
        assert!(affects_cargo_install("RUSTFLAGS"));
        assert!(affects_cargo_install("CARGO_ENCODED_RUSTFLAGS"));
        assert!(!affects_cargo_install("CARGO_HOME"));
        assert!(!affects_cargo_install("CARGO_REGISTRIES_CRATES_IO_PROTOCOL"));
        assert!(!affects_cargo_install("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER"));
        assert!(!affects_cargo_install("CARGO_HTTP_CAINFO"));
    }
}

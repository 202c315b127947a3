//! Starting other programs: in the repository's root, without the environment variables that `cargo run` has set, and
//! with errors that quote the command.

use std::{
    env,
    ffi::OsStr,
    io,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::project;

/// A command in the repository's root that builds into its `target/`.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(project::path(""));
    remove_env(&mut command, comes_from_cargo_run);
    // Trunk, the server's build and the tests share this folder, whatever the user's own configuration is.
    command.env("CARGO_TARGET_DIR", project::path("target"));
    command
}

/// Removes the matching variables from the command's environment.
pub(crate) fn remove_env(command: &mut Command, matches: fn(&str) -> bool) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(matches) {
            command.env_remove(name);
        }
    }
}

/// Runs a command with its output passed through; fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    ensure!(status.success(), "`{}` ended with {status}", shown(command));
    Ok(())
}

/// Runs a command and returns its stdout.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let reason = stderr.lines().next_back().unwrap_or_default();
        bail!("`{}` ended with {}: {reason}", shown(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("reading what `{}` printed", shown(command)))
}

/// The error for a command that could not be started.
pub(crate) fn not_started(command: &Command, error: &io::Error) -> anyhow::Error {
    anyhow!("could not start `{}`: {error}", shown(command))
}

/// The command line, as typed in a shell.
fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Whether a variable describes xtask's own package. Build scripts that watch it would be run again whenever cargo is
/// started by xtask instead of by hand, or the other way round.
fn comes_from_cargo_run(name: &str) -> bool {
    matches!(name, "CARGO" | "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH") || name.starts_with("CARGO_PKG_")
}

#[cfg(test)]
mod tests {
    use super::{program, shown};

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        assert_eq!(shown(program("cargo").args(["doc", "--no-deps"])), "cargo doc --no-deps");
    }
}

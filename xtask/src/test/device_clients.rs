//! Programs that the browser tests let in as devices: what they are built of, other people have written.

use std::{fs, path::PathBuf};

use anyhow::Result;

use crate::{command, files, project, tools::Toolbox};

/// What the Python program imports.
const REQUIREMENTS: &str = "tests/device/clients/python/requirements.txt";
/// Where it is installed; the tests look for it there.
const ENVIRONMENT: &str = "target/device-client-python";

/// Builds the programs, and installs what they need.
pub(super) fn ready(tools: &Toolbox) -> Result<()> {
    command::run(tools.command("cargo")?.args(["build", "--workspace", "--bin", "device-client"]))?;
    python(tools, ENVIRONMENT, REQUIREMENTS).map(drop)
}

/// The program of an environment with the libraries that the requirements pin, made anew when they change.
pub(super) fn python(tools: &Toolbox, environment: &str, requirements: &str) -> Result<PathBuf> {
    let (environment, requirements) = (project::path(environment), project::path(requirements));
    let program = environment.join("bin/python");
    // A copy, made last, says what is installed.
    let (wanted, note) = (fs::read(&requirements)?, environment.join("installed.txt"));
    if fs::read(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(program);
    }
    command::run(tools.command("python3")?.args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut pip = command::program(environment.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r"]);
    command::run(pip.arg(&requirements))?;
    files::write(&note, &wanted)?;
    Ok(program)
}

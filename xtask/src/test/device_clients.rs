//! The third-party client programs that the browser tests authorize as devices.

use std::{fs, path::PathBuf};

use anyhow::Result;

use crate::{command, files, project, tools::Toolbox};

/// The dependencies of the Python client.
const REQUIREMENTS: &str = "tests/device/clients/python/requirements.txt";
/// The folder of its environment; the tests look for it there.
const ENVIRONMENT: &str = "target/device-client-python";

/// Builds the programs, and installs their dependencies.
pub(super) fn ready(tools: &Toolbox) -> Result<()> {
    command::run(tools.command("cargo")?.args(["build", "--workspace", "--bin", "device-client"]))?;
    python(tools, ENVIRONMENT, REQUIREMENTS).map(drop)
}

/// The interpreter of a virtual environment with the pinned requirements, which is created anew when they change.
pub(super) fn python(tools: &Toolbox, environment: &str, requirements: &str) -> Result<PathBuf> {
    let (environment, requirements) = (project::path(environment), project::path(requirements));
    let program = environment.join("bin/python");
    // A copy of the requirements, written last, records what is installed.
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

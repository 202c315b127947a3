//! Tests the release build against its API description, with requests that schemathesis generates.

use anyhow::Result;

use super::device_clients::python;
use crate::{command, project, tools::Toolbox};

const CHECK: &str = "tests/api/check.py";
const REQUIREMENTS: &str = "tests/api/requirements.txt";
const ENVIRONMENT: &str = "target/api-check-python";

/// Runs schemathesis.
pub(super) fn test(tools: &Toolbox) -> Result<()> {
    let server = project::built_server()?;
    let python = python(tools, ENVIRONMENT, REQUIREMENTS)?;
    command::run(command::program(python).arg(project::path(CHECK)).env("DOORSTEP_BIN", server))
}

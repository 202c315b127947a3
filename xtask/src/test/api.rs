//! The release build beside the description of its API: schemathesis makes requests from it, and looks at the answers.

use anyhow::Result;

use super::device_clients::python;
use crate::{command, project, tools::Toolbox};

const CHECK: &str = "tests/api/check.py";
const REQUIREMENTS: &str = "tests/api/requirements.txt";
const ENVIRONMENT: &str = "target/api-check-python";

/// Makes them.
pub(super) fn test(tools: &Toolbox) -> Result<()> {
    let server = project::built_server()?;
    let python = python(tools, ENVIRONMENT, REQUIREMENTS)?;
    command::run(command::program(python).arg(project::path(CHECK)).env("DOORSTEP_BIN", server))
}

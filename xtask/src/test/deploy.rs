//! Tests the files of `deploy/`: the release build behind nginx, and two servers over PostgreSQL.

use anyhow::Result;

use super::postgres::{Cluster, Durability};
use crate::{command, project, tools::Toolbox};

/// Runs the tests.
pub(super) fn test(tools: &Toolbox) -> Result<()> {
    let server = project::built_server()?;
    let cluster = Cluster::start(tools.postgres()?, Durability::InMemory)?;
    let mut cargo = super::cargo_command(tools, "test --workspace --test deploy")?;
    cargo.env("DOORSTEP_BIN", server).env("NGINX_BIN", tools.nginx()?).env("DOORSTEP_TEST_POSTGRES", cluster.url());
    command::run(&mut cargo)
}

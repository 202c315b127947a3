//! `cargo deny`: checks the dependencies by deny.toml.

use anyhow::Result;

use crate::{command, term, tools::Toolbox};

/// Runs all checks, and those of the advisories only if their database, a git repository, is reachable.
pub(super) fn check(tools: &Toolbox) -> Result<()> {
    // The root is a package and a workspace: without `--workspace` only that package would be checked.
    let deny = |arguments: &[&str]| -> Result<_> {
        let mut cargo = tools.command("cargo")?;
        cargo.args(["deny", "--workspace"]).args(arguments);
        Ok(cargo)
    };
    command::run(&mut deny(&["check", "bans", "licenses", "sources"])?)?;
    if let Err(error) = command::output(&mut deny(&["fetch", "db"])?) {
        term::say(&format!("advisories were NOT checked: their database could not be fetched ({error:#})"));
        return Ok(());
    }
    command::run(&mut deny(&["check", "advisories"])?)
}

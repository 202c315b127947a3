//! Design rules that the compiler can't check, for all files that git tracks or would add.
//!
//! The rules are data: see [`rules`], and [`layers`] for imports between modules.

mod cycles;
mod imports;
mod layers;
mod pattern;
mod rules;
mod source;

use std::{collections::BTreeSet, fs};

use anyhow::{Result, ensure};

use self::{imports::Crate, layers::LAYERS, rules::RULES, source::Source};
use crate::{command, project, term};

/// The maximum number of lines of a file.
const MAX_LINES: usize = 400;

/// Exceptions, each with its reason.
const MAX_LINES_EXCEPTIONS: &[&str] = &[];

/// Prints a line for each violation, and fails if there are any.
pub(crate) fn run() -> Result<()> {
    let mut findings = wasm_bindgen_versions_agree()?;
    let sources = sources()?;
    for source in &sources {
        findings.extend(RULES.iter().flat_map(|rule| rule.findings(source)));
        findings.extend(too_long(source));
    }
    for all in Crate::all(&sources) {
        findings.extend(LAYERS.iter().flat_map(|layers| layers.findings(&all)));
        findings.extend(cycles::findings(&all));
    }
    for finding in &findings {
        term::print(finding);
    }
    ensure!(findings.is_empty(), "{} broken: see above", if findings.len() == 1 { "a rule is" } else { "rules are" });
    Ok(())
}

/// The text files to check.
fn sources() -> Result<Vec<Source>> {
    let mut git = command::program("git");
    // Otherwise git refuses to list a clone of another owner, which is common in containers.
    git.args(["-c", "safe.directory=*"]);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = command::output(&mut git)?;
    let paths: BTreeSet<_> = listed.split('\0').filter(|path| Source::is_of_interest(path)).collect();
    // A file that was removed but not committed is listed too.
    let there = paths.into_iter().filter(|path| project::path(path).is_file());
    there.map(|path| Ok(Source::new(path, fs::read_to_string(project::path(path))?))).collect()
}

fn too_long(source: &Source) -> Option<String> {
    let length = source.text().lines().count();
    let counts = ["rs", "ts", "css"].contains(&source.kind()) && !MAX_LINES_EXCEPTIONS.contains(&source.path());
    (counts && length > MAX_LINES).then(|| {
        let path = source.path();
        format!("{path}:{}: {length} lines: a file of more than {MAX_LINES} should be split", MAX_LINES + 1)
    })
}

/// The library and the program wasm-bindgen share a private protocol.
fn wasm_bindgen_versions_agree() -> Result<Vec<String>> {
    let tool = project::wasm_bindgen_version()?;
    let manifest = project::toml_file("Cargo.toml")?;
    let library = manifest.get("dependencies").and_then(|all| all.get("wasm-bindgen"));
    let library = library.and_then(|entry| entry.get("version").unwrap_or(entry).as_str());
    let pinned = format!("={tool}");
    if library == Some(pinned.as_str()) {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(project::path("Cargo.toml"))?;
    let line = text.lines().position(|line| line.starts_with("wasm-bindgen ")).map_or(1, |index| index + 1);
    Ok(vec![format!("Cargo.toml:{line}: wasm-bindgen must be pinned to \"{pinned}\", the version in Trunk.toml")])
}

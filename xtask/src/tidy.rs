//! The design's rules that the compiler can't keep, checked in the files that git knows or would add.
//!
//! The rules themselves are data: see [`rules`], and [`rooms`] for who imports whom.

mod circles;
mod imports;
mod pattern;
mod rooms;
mod rules;
mod source;

use std::{collections::BTreeSet, fs};

use anyhow::{Result, ensure};

use self::{imports::Crate, rooms::ROOMS, rules::RULES, source::Source};
use crate::{command, project, term};

/// More than a reader keeps in mind.
const LONGEST: usize = 400;

/// Files that may be longer, each with its reason.
const MAY_BE_LONGER: &[&str] = &[];

/// Prints what breaks a rule, one line each, and fails if anything does.
pub(crate) fn run() -> Result<()> {
    let mut findings = wasm_bindgen_versions_agree()?;
    let sources = sources()?;
    for source in &sources {
        findings.extend(RULES.iter().flat_map(|rule| rule.findings(source)));
        findings.extend(too_long(source));
    }
    for all in Crate::all(&sources) {
        findings.extend(ROOMS.iter().flat_map(|rooms| rooms.findings(&all)));
        findings.extend(circles::findings(&all));
    }
    for finding in &findings {
        term::print(finding);
    }
    ensure!(findings.is_empty(), "{} broken: see above", if findings.len() == 1 { "a rule is" } else { "rules are" });
    Ok(())
}

/// The text files that rules are about.
fn sources() -> Result<Vec<Source>> {
    let mut git = command::program("git");
    // Elsewhere git refuses to list a clone that somebody else owns, as is usual in containers.
    git.args(["-c", "safe.directory=*"]);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = command::output(&mut git)?;
    let paths: BTreeSet<_> = listed.split('\0').filter(|path| Source::is_of_interest(path)).collect();
    // A file that was removed but not yet committed is listed too.
    let there = paths.into_iter().filter(|path| project::path(path).is_file());
    there.map(|path| Ok(Source::new(path, fs::read_to_string(project::path(path))?))).collect()
}

fn too_long(source: &Source) -> Option<String> {
    let length = source.text().lines().count();
    let counts = ["rs", "ts", "css"].contains(&source.kind()) && !MAY_BE_LONGER.contains(&source.path());
    (counts && length > LONGEST).then(|| {
        let path = source.path();
        format!("{path}:{}: {length} lines: a file of more than {LONGEST} is two things", LONGEST + 1)
    })
}

/// The library that is compiled in and the program that post-processes it speak a private protocol.
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

//! Where things are in the repository, and the versions that it pins.

use std::{env::consts::EXE_SUFFIX, fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use toml::Table;

/// What the server embeds: the browser app with its compressed copies.
pub(crate) const DIST: &str = "target/dist";

/// A path inside the repository, made absolute.
pub(crate) fn path(relative: &str) -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path.push(relative);
    path
}

/// How the server is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Soon, for looking at it; it reads the browser app from disk.
    Debug,
    /// As it is shipped, with the browser app inside.
    Release,
}

impl Profile {
    /// The release build when it is wanted.
    pub(crate) const fn release_when(wanted: bool) -> Self {
        if wanted { Self::Release } else { Self::Debug }
    }
}

/// A build of the server.
pub(crate) fn server_binary(profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => "release",
    };
    path(&format!("target/{folder}/doorstep{EXE_SUFFIX}"))
}

/// The release build, or what to do to have one.
pub(crate) fn built_server() -> Result<PathBuf> {
    let server = server_binary(Profile::Release);
    ensure!(server.is_file(), "there is no server in target/release yet: build it with `cargo xtask build`");
    Ok(server)
}

/// The built browser app, or what to do to have one.
pub(crate) fn dist() -> Result<PathBuf> {
    let dist = path(DIST);
    ensure!(
        dist.join("sign-in.html").is_file(),
        "there is no browser app in {DIST} yet: build it with `cargo xtask dist`"
    );
    Ok(dist)
}

/// The wasm-bindgen that Trunk.toml asks for.
pub(crate) fn wasm_bindgen_version() -> Result<String> {
    let trunk = toml_file("Trunk.toml")?;
    let version = trunk.get("tools").and_then(|tools| tools.get("wasm_bindgen"));
    let version = version.and_then(toml::Value::as_str);
    Ok(version.context("Trunk.toml pins no `wasm_bindgen` under `[tools]`")?.to_owned())
}

/// Reads a TOML file of the repository.
pub(crate) fn toml_file(relative: &str) -> Result<Table> {
    let text = fs::read_to_string(path(relative)).with_context(|| format!("reading {relative}"))?;
    text.parse().with_context(|| format!("reading {relative}"))
}

//! Paths of the repository, and pinned versions.

use std::{env::consts::EXE_SUFFIX, fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use toml::Table;

/// The browser apps with their compressed copies, which the server embeds.
pub(crate) const DIST: &str = "target/dist";

/// The absolute path of a file of the repository.
pub(crate) fn path(relative: &str) -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path.push(relative);
    path
}

/// The build profile of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// A debug build, which reads the browser app from disk.
    Debug,
    /// A release build, which embeds the browser app.
    Release,
}

impl Profile {
    /// `Release` if wanted.
    pub(crate) const fn release_when(wanted: bool) -> Self {
        if wanted { Self::Release } else { Self::Debug }
    }
}

/// The path of a server build.
pub(crate) fn server_binary(profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => "release",
    };
    path(&format!("target/{folder}/doorstep{EXE_SUFFIX}"))
}

/// The release build; if it is missing, the error says how to build it.
pub(crate) fn built_server() -> Result<PathBuf> {
    let server = server_binary(Profile::Release);
    ensure!(server.is_file(), "there is no server in target/release yet: build it with `cargo xtask build`");
    Ok(server)
}

/// The built browser app; if it is missing, the error says how to build it.
pub(crate) fn dist() -> Result<PathBuf> {
    let dist = path(DIST);
    ensure!(
        dist.join("sign-in.html").is_file(),
        "there is no browser app in {DIST} yet: build it with `cargo xtask dist`"
    );
    Ok(dist)
}

/// The wasm-bindgen version that Trunk.toml pins.
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

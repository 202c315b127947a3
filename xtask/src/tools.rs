//! The tools that the tasks need: found on the machine, or installed.

mod cargo_tool;
mod system;

pub(crate) use self::system::{fonts, is_root};
mod version;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use self::{
    cargo_tool::{Accept, CargoTool},
    version::Version,
};
use crate::{command, project};

/// A tool that a task needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Bundles the browser app.
    Trunk,
    /// Generates the JavaScript of the browser app.
    WasmBindgen,
    /// Rust's standard library for WebAssembly.
    WasmTarget,
    /// Builds the server's allocator.
    Make,
    /// Checks licences, sources and advisories of the dependencies.
    CargoDeny,
    /// Runs the browser tests.
    Node,
    /// The browser of the browser tests.
    Chromium,
    /// `oathtool`, `zbarimg` and `sqlite3`, which the browser tests use as an authenticator app and to change times.
    Programs,
    /// Runs a device client and schemathesis.
    Python,
    /// The database for several servers.
    Postgres,
    /// The reverse proxy.
    Nginx,
}

impl Tool {
    /// The tools for all tests.
    pub(crate) const ALL: &[Self] = &[
        Self::WasmTarget,
        Self::Trunk,
        Self::WasmBindgen,
        Self::Make,
        Self::CargoDeny,
        Self::Node,
        Self::Chromium,
        Self::Programs,
        Self::Python,
        Self::Postgres,
        Self::Nginx,
    ];
    /// The tools to build the browser app.
    pub(crate) const FOR_THE_APP: &[Self] = &[Self::WasmTarget, Self::Trunk, Self::WasmBindgen];
    /// The tools to build the server, beside Rust and its linker.
    pub(crate) const FOR_THE_SERVER: &[Self] = &[Self::Make];
    /// The tools to drive a browser.
    pub(crate) const FOR_THE_BROWSER: &[Self] = &[Self::Node, Self::Chromium, Self::Programs, Self::Python];
    /// The tools for the browser tests.
    pub(crate) const FOR_THE_BROWSER_TESTS: &[Self] =
        &[Self::Node, Self::Chromium, Self::Programs, Self::Python, Self::Postgres];
}

/// The requested tools.
#[derive(Default)]
pub(crate) struct Toolbox {
    folders: Vec<PathBuf>,
    chromium: Option<PathBuf>,
    postgres: Option<PathBuf>,
    nginx: Option<PathBuf>,
}

impl Toolbox {
    /// Finds the tools, or installs them.
    pub(crate) fn with(tools: &[Tool]) -> Result<Self> {
        let mut toolbox = Self::default();
        for tool in tools {
            toolbox.add(*tool)?;
        }
        Ok(toolbox)
    }

    /// A command with the tools of this box first on PATH.
    pub(crate) fn command(&self, name: &str) -> Result<Command> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&path));
        let mut command = command::program(name);
        command.env("PATH", env::join_paths(folders).context("putting the tools on PATH")?);
        Ok(command)
    }

    /// The path of the browser.
    pub(crate) fn chromium(&self) -> Result<&Path> {
        self.chromium.as_deref().context("the browser was not asked for")
    }

    /// The folder of PostgreSQL's programs.
    pub(crate) fn postgres(&self) -> Result<&Path> {
        self.postgres.as_deref().context("PostgreSQL was not asked for")
    }

    /// The path of nginx.
    pub(crate) fn nginx(&self) -> Result<&Path> {
        self.nginx.as_deref().context("nginx was not asked for")
    }

    fn add(&mut self, tool: Tool) -> Result<()> {
        match tool {
            Tool::Trunk => self.folders.extend(trunk().ready()?),
            Tool::WasmBindgen => self.folders.extend(wasm_bindgen()?.ready()?),
            Tool::WasmTarget => system::wasm_target()?,
            Tool::Make => system::make()?,
            Tool::CargoDeny => self.folders.extend(cargo_deny().ready()?),
            Tool::Node => system::node()?,
            Tool::Chromium => self.chromium = Some(system::chromium()?),
            Tool::Programs => system::programs()?,
            Tool::Python => system::python()?,
            Tool::Postgres => self.postgres = Some(system::postgres()?),
            Tool::Nginx => self.nginx = Some(system::nginx()?),
        }
        Ok(())
    }
}

/// 0.22 needs a newer Rust. Built without TLS and its update check, because it runs offline.
fn trunk() -> CargoTool {
    CargoTool {
        name: "trunk",
        package: "trunk",
        version: Version(0, 21, 14),
        parts: &["--no-default-features"],
        accept: Accept::ThisOnly,
        minutes: 3,
    }
}

/// Must be the version of the library, with which it shares a private protocol. Built without its test runner and TLS.
fn wasm_bindgen() -> Result<CargoTool> {
    let version = project::wasm_bindgen_version()?;
    Ok(CargoTool {
        name: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: Version::find(&version).context("Trunk.toml: wasm_bindgen is not a version")?,
        parts: &["--no-default-features", "--bin", "wasm-bindgen"],
        accept: Accept::ThisOnly,
        minutes: 2,
    })
}

fn cargo_deny() -> CargoTool {
    CargoTool {
        name: "cargo-deny",
        package: "cargo-deny",
        version: Version(0, 20, 2),
        parts: &[],
        accept: Accept::OrNewer,
        minutes: 8,
    }
}

/// The version that a program reports; `None` if it can't be started.
fn version_of(program: impl AsRef<OsStr>) -> Option<Version> {
    let printed = command::output(command::program(program).arg("--version")).ok()?;
    Version::find(&printed)
}

/// The full path of a program on PATH.
fn on_path(name: &str) -> Option<PathBuf> {
    let mut file = OsString::from(name);
    file.push(env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}

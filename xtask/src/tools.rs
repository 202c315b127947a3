//! The programs that the chores need: found where they are, installed where they are missing.

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

/// Something that must be there before a chore can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Bundles the browser app.
    Trunk,
    /// Makes the JavaScript side of the browser app.
    WasmBindgen,
    /// Rust's standard library for WebAssembly.
    WasmTarget,
    /// Builds the allocator of the server.
    Make,
    /// Checks licences, sources and advisories of the dependencies.
    CargoDeny,
    /// Runs the browser tests.
    Node,
    /// The browser that they drive.
    Chromium,
    /// What stands in for a phone with an authenticator, and for the passing of time.
    Programs,
    /// Runs a program that is let in as a device, and one that tries the API.
    Python,
    /// The database that several servers share.
    Postgres,
    /// What stands in front of servers.
    Nginx,
}

impl Tool {
    /// What running every test takes.
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
    /// What building the browser app takes.
    pub(crate) const FOR_THE_APP: &[Self] = &[Self::WasmTarget, Self::Trunk, Self::WasmBindgen];
    /// What building the server takes beside Rust and its linker.
    pub(crate) const FOR_THE_SERVER: &[Self] = &[Self::Make];
    /// What driving a browser takes.
    pub(crate) const FOR_THE_BROWSER: &[Self] = &[Self::Node, Self::Chromium, Self::Programs, Self::Python];
    /// What the browser tests take.
    pub(crate) const FOR_THE_BROWSER_TESTS: &[Self] =
        &[Self::Node, Self::Chromium, Self::Programs, Self::Python, Self::Postgres];
}

/// The tools that were asked for, ready to be used.
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

    /// A command that finds the tools of this box before any others.
    pub(crate) fn command(&self, name: &str) -> Result<Command> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&path));
        let mut command = command::program(name);
        command.env("PATH", env::join_paths(folders).context("putting the tools on PATH")?);
        Ok(command)
    }

    /// The browser to test with.
    pub(crate) fn chromium(&self) -> Result<&Path> {
        self.chromium.as_deref().context("the browser was not asked for")
    }

    /// The folder of PostgreSQL's programs.
    pub(crate) fn postgres(&self) -> Result<&Path> {
        self.postgres.as_deref().context("PostgreSQL was not asked for")
    }

    /// The program of nginx.
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

/// 0.22 needs a newer Rust than ours. It stays offline, so that it needs no TLS and looks for no newer version of itself.
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

/// The program and the library speak a private protocol: their versions must be the same. Its test runner and TLS are left out.
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

/// The version that a program reports; nothing if it can't be started.
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

//! Builds the three browser apps: a stylesheet, a Trunk build and translations for each, then compressed copies.
//!
//! Trunk has a separate folder for each app (`target/trunk/…`), because it rewrites every file in each build, and names
//! each page index.html. Changes are copied to `target/dist`, which the server embeds.

mod css;
mod imports;
mod pack;
mod script;
mod sync;
mod words;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

pub(crate) use self::sync::{BROTLI, GZIP};
use crate::{command, files, project, tools::Toolbox};

const STAGING: &str = "target/trunk";
/// What Trunk calls each page.
const INDEX: &str = "index.html";
/// The apps: the HTML page that Trunk builds, and the name that the server uses.
pub(crate) const APPS: [(&str, &str); 3] =
    [("index.html", "sign-in"), ("dashboard.html", "dashboard"), ("portal.html", "portal")];

/// Whether the apps have debug assertions, and with them the page `/ui`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assertions {
    On,
    Off,
}

impl Assertions {
    /// `On` if wanted.
    pub(crate) const fn when(wanted: bool) -> Self {
        if wanted { Self::On } else { Self::Off }
    }
}

/// Builds the browser apps into `target/dist`.
pub(crate) fn build(tools: &Toolbox, assertions: Assertions) -> Result<()> {
    css::join()?;
    fetch(tools)?;
    let staging = project::path(STAGING);
    let together = staging.join("all");
    files::make_empty(&together)?;
    for (page, name) in APPS {
        let folder = staging.join(name);
        trunk(tools, page, &folder, assertions)?;
        script::minify(&folder, INDEX)?;
        for file in files::below(&folder)? {
            let to = if file == Path::new(INDEX) { Path::new(name).with_extension("html") } else { file.clone() };
            fs::copy(folder.join(&file), together.join(to)).with_context(|| format!("copying {}", file.display()))?;
        }
    }
    words::write(&together)?;
    sync::sync(&together, &project::path(project::DIST))
}

/// Downloads the dependencies. Trunk is run offline, so that it downloads no tools by itself, and passes `--offline` on
/// to cargo.
fn fetch(tools: &Toolbox) -> Result<()> {
    let host = command::output(tools.command("rustc")?.args(["--print", "host-tuple"]))?;
    let targets = ["--target", "wasm32-unknown-unknown", "--target", host.trim()];
    command::run(tools.command("cargo")?.args(["fetch", "--quiet"]).args(targets))
}

fn trunk(tools: &Toolbox, page: &str, folder: &Path, assertions: Assertions) -> Result<()> {
    let mut trunk = tools.command("trunk")?;
    trunk.args(["build", "--quiet", "--release", "--dist"]).arg(folder).arg(page);
    // Trunk takes NO_COLOR for a boolean and refuses to start on NO_COLOR=1; RUST_LOG excludes --quiet.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    trunk.env_remove("RUST_LOG");
    trunk.env("RUSTFLAGS", rust_flags()?);
    if assertions == Assertions::On {
        // Of the profile that index.html selects.
        trunk.env("CARGO_PROFILE_SPA_DEBUG_ASSERTIONS", "true");
    }
    command::run(&mut trunk)
}

/// Panic messages contain the paths of source files: they are remapped, so that the bundle does not reveal the
/// builder's folders, and has the same size on each machine. wasm-bindgen needs the section `target_features`, which
/// stripping would remove.
fn rust_flags() -> Result<String> {
    let home =
        env::var_os("CARGO_HOME").map_or_else(|| env::home_dir().unwrap_or_default().join(".cargo"), PathBuf::from);
    // Type-erases components, so that they are compiled once and not for each combination (docs/size.md).
    let mut flags = vec!["--cfg=erase_components".to_owned(), "-Clink-arg=--keep-section=target_features".to_owned()];
    flags.push(format!("--remap-path-prefix={}/=", project::path("").display()));
    let registries = home.join("registry/src");
    if registries.is_dir() {
        for registry in fs::read_dir(&registries).with_context(|| format!("reading {}", registries.display()))? {
            flags.push(format!("--remap-path-prefix={}/=", registry?.path().display()));
        }
    }
    Ok(flags.join(" "))
}

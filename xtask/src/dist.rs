//! Building the three browser apps: one stylesheet, Trunk for each, the words, then compressed copies.
//!
//! Trunk works in a folder of its own for each app (`target/trunk/…`), because it writes every file anew each time, and
//! calls each page index.html. What changed is carried over to `target/dist`, which the server embeds.

mod css;
mod pack;
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
/// The apps: the page that says what each consists of, and the name under which the server knows it.
pub(crate) const APPS: [(&str, &str); 3] =
    [("index.html", "sign-in"), ("dashboard.html", "dashboard"), ("portal.html", "portal")];

/// Whether the apps check what they take for granted, and have the page `/ui`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assertions {
    On,
    Off,
}

impl Assertions {
    /// On when they are wanted.
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
        for file in files::below(&folder)? {
            let to =
                if file == Path::new("index.html") { Path::new(name).with_extension("html") } else { file.clone() };
            fs::copy(folder.join(&file), together.join(to)).with_context(|| format!("copying {}", file.display()))?;
        }
    }
    words::write(&together)?;
    sync::sync(&together, &project::path(project::DIST))
}

/// Downloads what the app is made of. Trunk is told to stay offline, so that it fetches no tools behind our back, and
/// tells cargo the same.
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
        // Of the profile that index.html names.
        trunk.env("CARGO_PROFILE_SPA_DEBUG_ASSERTIONS", "true");
    }
    command::run(&mut trunk)
}

/// Panic messages name source files. With the folders of this machine in them, the bundle would tell who built it, and
/// be of another size on each machine. And wasm-bindgen wants to know which features the module uses, which stripping
/// would take away.
fn rust_flags() -> Result<String> {
    let home =
        env::var_os("CARGO_HOME").map_or_else(|| env::home_dir().unwrap_or_default().join(".cargo"), PathBuf::from);
    // The views of components without their types: compiled once, not once a combination (docs/size.md).
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

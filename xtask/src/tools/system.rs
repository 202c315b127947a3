//! Tools that cargo can't build: a Rust target, Node, a browser and others.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail, ensure};

use super::{Version, on_path, version_of};
use crate::{command, term};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest version that Playwright supports.
const OLDEST_NODE: Version = Version(20, 19, 0);

/// Programs that generate and read codes and change times in a database, with their Debian packages.
const PROGRAMS: [(&str, &str); 3] = [("oathtool", "oathtool"), ("zbarimg", "zbar-tools"), ("sqlite3", "sqlite3")];

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// Installs Rust's WebAssembly target if needed.
pub(super) fn wasm_target() -> Result<()> {
    let sysroot = command::output(command::program("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    ensure!(
        on_path("rustup").is_some(),
        "Rust's standard library for {WASM_TARGET} is missing and there is no rustup to get it: install your system's \
         package of it (Debian: libstd-rust-dev-wasm32)"
    );
    command::run(command::program("rustup").args(["target", "add", WASM_TARGET]))
        .with_context(|| format!("could not install Rust's {WASM_TARGET} target: is the network reachable?"))
}

/// Installs `make` if needed. It calls the C compiler with which Rust links.
pub(super) fn make() -> Result<()> {
    if on_path("make").is_some() {
        return Ok(());
    }
    install(&["make"], || "found no make: install it (Debian: make) to build the server".to_owned())
}

/// Checks that Node and npm are installed and new enough.
pub(super) fn node() -> Result<()> {
    let found = version_of("node");
    let says = found.map_or_else(|| "no Node".to_owned(), |version| format!("Node {version}"));
    ensure!(
        found.is_some_and(|version| version >= OLDEST_NODE),
        "found {says}: install Node {OLDEST_NODE} or newer, with npm, for the browser tests"
    );
    ensure!(on_path("npm").is_some(), "found {says} without npm: install npm for the browser tests");
    Ok(())
}

/// Finds the browser, or installs it on Debian as root.
pub(super) fn chromium() -> Result<PathBuf> {
    if let Some(given) = env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(given.is_file(), "CHROMIUM names {}, which is no file", given.display());
        return Ok(given);
    }
    if let Some(found) = installed_browser() {
        return Ok(found);
    }
    let missing = || format!("found no browser ({}): install Chromium, or name one in CHROMIUM", BROWSERS.join(", "));
    install(&["chromium", "chromium-driver"], missing)?;
    installed_browser().context("Debian's chromium was installed, but is not on PATH")
}

/// Installs the programs of the browser tests if needed.
pub(super) fn programs() -> Result<()> {
    for (program, package) in PROGRAMS {
        if on_path(program).is_none() {
            install(&[package], || {
                format!("found no {program}: install it (Debian: {package}) for the browser tests")
            })?;
        }
    }
    Ok(())
}

/// Installs the fonts for the documentation's pictures if needed.
pub(crate) fn fonts() -> Result<()> {
    const FONTS: [(&str, &str); 2] = [("Inter", "fonts-inter"), ("Noto Sans CJK SC", "fonts-noto-cjk")];
    let known = command::output(command::program("fc-list").args([":", "family"]))?;
    for (family, package) in FONTS {
        if !known.contains(family) {
            install(&[package], || format!("found no font {family}: install it (Debian: {package}) for the pictures"))?;
        }
    }
    Ok(())
}

/// Installs what Python needs to create virtual environments, which Debian's Python lacks.
pub(super) fn python() -> Result<()> {
    if command::output(command::program("python3").args(["-c", "import ensurepip, venv"])).is_ok() {
        return Ok(());
    }
    install(&["python3-venv"], || {
        "found no Python with `venv`: install it (Debian: python3-venv) for the tests".to_owned()
    })
}

/// Finds the folder of PostgreSQL's programs, or installs them on Debian as root. Debian's own cluster is not touched.
pub(super) fn postgres() -> Result<PathBuf> {
    if let Some(found) = installed_postgres() {
        return Ok(found);
    }
    install(&["postgresql"], || "found no PostgreSQL: install it (Debian: postgresql), `initdb` on PATH".to_owned())?;
    installed_postgres().context("Debian's postgresql was installed, but its initdb is not there")
}

/// Debian keeps them in a folder for each version, not on PATH: the newest is used.
fn installed_postgres() -> Option<PathBuf> {
    if let Some(program) = on_path("initdb") {
        return program.parent().map(Path::to_owned);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let folders = versions.filter(|path| path.join("bin/initdb").is_file());
    Some(folders.max_by_key(version)?.join("bin"))
}

/// Finds nginx and openssl, which creates its certificate, or installs them on Debian as root.
pub(super) fn nginx() -> Result<PathBuf> {
    if on_path("openssl").is_none() || installed_nginx().is_none() {
        install(&["nginx", "openssl"], || {
            "found no nginx or no openssl: install both (Debian: nginx, openssl) to try the examples of deploy/"
                .to_owned()
        })?;
    }
    installed_nginx().context("Debian's nginx was installed, but is not there")
}

/// Debian installs it in a folder that only root has on PATH.
fn installed_nginx() -> Option<PathBuf> {
    let in_sbin = || Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file());
    on_path("nginx").or_else(in_sbin)
}

/// Installs packages on Debian as root; otherwise fails with what is missing.
fn install(packages: &[&str], missing: impl Fn() -> String) -> Result<()> {
    if !(Path::new("/etc/debian_version").exists() && is_root()) {
        bail!(missing());
    }
    term::say(&format!("installing {} from Debian: once, about a minute", packages.join(", ")));
    apt_get(&["update"])?;
    apt_get(&[&["install", "-y", "--no-install-recommends"], packages].concat())
}

fn installed_browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| on_path(name))
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut apt_get = command::program("apt-get");
    apt_get.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
    command::run(&mut apt_get).context("could not install a Debian package: is the network reachable?")
}

/// Whether the process runs as root.
pub(crate) fn is_root() -> bool {
    command::output(command::program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

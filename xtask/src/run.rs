//! `cargo xtask run`: from a fresh clone to a running server.
//!
//! Without `--release`, the server is a debug build, which reads the app from `target/dist` when it starts. So the app
//! and the server are built in parallel, and the tests reuse most of the build. The release build embeds the app, and
//! is built after it.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, anyhow};

use crate::{
    command,
    dist::{self, Assertions},
    files,
    project::{self, Profile},
    stage::Stages,
    term,
    tools::{Tool, Toolbox},
};

/// The data folder of the development server.
const DATA: &str = "target/dev-data";

/// The file in [`DATA`] with the initial password of the first operator. The server stores only its hash.
const FIRST_PASSWORD: &str = "first-password";

/// Adds sample data to an empty database.
const DEMO: &str = "--demo";

/// Builds what has changed and replaces this process by the server, so that Ctrl-C stops it.
pub(crate) fn run(port: u16, profile: Profile, assertions: Assertions, more: &[OsString]) -> Result<()> {
    check_port(port)?;
    match profile {
        Profile::Debug => build_side_by_side(assertions)?,
        Profile::Release => build(assertions)?,
    }
    let mut server = command::program(project::server_binary(profile));
    if profile == Profile::Debug {
        server.env("DOORSTEP_DIST", project::dist()?);
    }
    server.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir", DATA]).args(more);
    if !more.iter().any(|word| word == DEMO) {
        server.arg(DEMO);
    }
    match first_password(&project::path(DATA))? {
        Some(password) => {
            term::say(&format!("sign in as admin with {password} (the first password; until you change it)"));
            server.env("DOORSTEP_INITIAL_PASSWORD", password);
        }
        None => term::say(&format!(
            "sign in as you did before: {DATA}/{FIRST_PASSWORD} is gone (remove {DATA} to start afresh)"
        )),
    }
    exec(server)
}

/// Builds the release binary: the app, then the server that embeds it.
pub(crate) fn build(assertions: Assertions) -> Result<()> {
    let mut stages = Stages::new(3);
    let tools = stages.run("tools", || Toolbox::with(&[Tool::FOR_THE_APP, Tool::FOR_THE_SERVER].concat()))?;
    stages.run("browser app", || dist::build(&tools, assertions))?;
    stages.run("server", || build_server(&tools))
}

/// Builds the app and a debug build of the server in parallel.
fn build_side_by_side(assertions: Assertions) -> Result<()> {
    let mut stages = Stages::new(3);
    // First: it reports what is missing on this machine before anything takes minutes.
    let tools = stages.run("system", || Toolbox::with(Tool::FOR_THE_SERVER))?;
    // With the features of the whole workspace, so that the tests reuse the build.
    let mut server = tools.command("cargo")?;
    server.args(["build", "--quiet", "--workspace", "--bin", "doorstep"]);
    let app = || dist::build(&Toolbox::with(Tool::FOR_THE_APP)?, assertions);
    let server = || command::run(&mut server);
    stages.side_by_side([("tools and browser app", Box::new(app)), ("server", Box::new(server))])
}

/// Builds the release binary of the server, which embeds the app.
pub(crate) fn build_server(tools: &Toolbox) -> Result<()> {
    let mut cargo = tools.command("cargo")?;
    cargo.args(["build", "--release", "--package", "doorstep-server", "--bin", "doorstep"]);
    command::run(cargo.arg("--locked").env("DOORSTEP_DIST", project::dist()?))
}

/// Fails before a build of several minutes if the port is taken.
fn check_port(port: u16) -> Result<()> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop);
    free.map_err(|_| anyhow!("port {port} is taken: stop what listens there, or choose another with --port N"))
}

/// The initial password of the first operator, generated before the server's first start. `None` if there is data
/// already, but no file with its password.
fn first_password(data: &Path) -> Result<Option<String>> {
    let path = data.join(FIRST_PASSWORD);
    if let Some(password) = files::read_if_there(&path)? {
        return Ok(Some(String::from_utf8(password)?.trim().to_owned()));
    }
    fs::create_dir_all(data).with_context(|| format!("creating {}", data.display()))?;
    if fs::read_dir(data)?.next().is_some() {
        return Ok(None);
    }
    let password = random_password()?;
    let mut file = private().open(&path).with_context(|| format!("writing {}", path.display()))?;
    writeln!(file, "{password}")?;
    Ok(Some(password))
}

/// Options for a new file that only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A random password of twenty unambiguous letters and digits: 116 bits.
fn random_password() -> Result<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    let mut password = String::new();
    while password.len() < 20 {
        let mut byte = [0];
        getrandom::fill(&mut byte).map_err(|error| anyhow!("no random numbers: {error}"))?;
        // 57 characters fit four times into a byte; larger values would be biased.
        let [byte] = byte;
        let index = usize::from(byte);
        if index < ALPHABET.len() * 4 {
            password.extend(ALPHABET.get(index % ALPHABET.len()).copied().map(char::from));
        }
    }
    Ok(password)
}

#[cfg(unix)]
fn exec(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let error = server.exec();
    Err(command::not_started(&server, &error))
}

#[cfg(not(unix))]
fn exec(mut server: Command) -> Result<()> {
    command::run(&mut server)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, env, fs};

    use anyhow::Result;

    use super::{first_password, random_password};
    use crate::files;

    #[test]
    fn the_first_password_stays_the_same_and_is_private() -> Result<()> {
        let data = env::temp_dir().join(format!("doorstep-data-{}", std::process::id()));
        let (first, second) = (first_password(&data), first_password(&data));
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(data.join("first-password"))?);
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(&data)?;
        let first = first?;
        assert_eq!(first.as_ref().map(String::len), Some(20));
        assert_eq!(first, second?);
        Ok(())
    }

    #[test]
    fn no_password_is_generated_for_an_existing_database() -> Result<()> {
        let data = env::temp_dir().join(format!("doorstep-old-data-{}", std::process::id()));
        files::write(&data.join("doorstep.db"), b"")?;
        let password = first_password(&data);
        fs::remove_dir_all(&data)?;
        assert_eq!(password?, None);
        Ok(())
    }

    #[test]
    fn passwords_differ_and_are_letters_and_digits() -> Result<()> {
        let passwords = (0..50).map(|_| random_password()).collect::<Result<BTreeSet<_>>>()?;
        assert_eq!(passwords.len(), 50);
        assert!(passwords.iter().flat_map(|word| word.chars()).all(|letter| letter.is_ascii_alphanumeric()));
        Ok(())
    }
}

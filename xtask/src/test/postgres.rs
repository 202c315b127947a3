//! The HTTP tests once more, over PostgreSQL: a cluster of their own in a folder of its own, which ends with them.

use std::{
    env,
    fs::{self, DirBuilder, OpenOptions},
    io::Write as _,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

use anyhow::{Context, Result};

use crate::{
    command,
    tools::{Toolbox, is_root},
};

/// The account of the system that PostgreSQL runs as where it must not run as ours.
const ACCOUNT: &str = "postgres";

/// Runs them.
pub(super) fn test(tools: &Toolbox) -> Result<()> {
    let cluster = Cluster::start(tools.postgres()?, Durability::InMemory)?;
    let mut cargo = super::cargo_command(tools, "test --workspace --test http --test cli --test cluster")?;
    cargo.env("DOORSTEP_TEST_POSTGRES", cluster.url());
    // Cargo runs one after the other, so that one of them may restart it.
    command::run(cargo.env("DOORSTEP_TEST_POSTGRES_CONTROL", words(&cluster.program("pg_ctl"))))
}

/// Whether a commit is on disk before it is acknowledged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It is, as it is by default.
    OnDisk,
    /// It is not: what the cluster holds is lost with the machine's power.
    InMemory,
}

/// A cluster that ends, and is removed, when it is dropped.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    pub(crate) fn start(programs: &Path, durability: Durability) -> Result<Self> {
        let folder = env::temp_dir().join(format!("doorstep-postgres-{}", process::id()));
        DirBuilder::new().create(&folder).with_context(|| format!("making {}", folder.display()))?;
        // Free a moment ago is as good as it gets.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let cluster = Self { programs: programs.to_owned(), folder, port };
        if is_root() {
            command::run(command::program("chown").arg(ACCOUNT).arg(&cluster.folder))?;
        }
        let mut initdb = cluster.program("initdb");
        initdb.args(["--username=doorstep", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        command::output(&mut initdb)?;
        let mut settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nmax_connections = 300\n"
        );
        if durability == Durability::InMemory {
            settings += "fsync = off\nfull_page_writes = off\n";
        }
        let mut file = OpenOptions::new().append(true).open(cluster.folder.join("data/postgresql.conf"))?;
        file.write_all(settings.as_bytes())?;
        let mut start = cluster.program("pg_ctl");
        start.args(["start", "-w", "-l"]).arg(cluster.folder.join("log"));
        // What runs on must not hold our output open.
        command::run(start.stdout(Stdio::null()))?;
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://doorstep@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// One of PostgreSQL's programs, for the data of this cluster.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = command::program("runuser");
            command.args(["-u", ACCOUNT, "--"]).arg(program);
            command
        } else {
            command::program(program)
        };
        command.current_dir(&self.folder).arg("-D").arg(self.folder.join("data"));
        command
    }
}

/// A command, a word a line.
fn words(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join("\n")
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        let _ = command::output(stop.args(["stop", "-w", "-m", "immediate"]));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

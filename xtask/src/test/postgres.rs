//! The HTTP tests over PostgreSQL, with a temporary cluster.

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

/// The system account for PostgreSQL, which refuses to run as root.
const ACCOUNT: &str = "postgres";

/// Runs the tests.
pub(super) fn test(tools: &Toolbox) -> Result<()> {
    let cluster = Cluster::start(tools.postgres()?, Durability::InMemory)?;
    let mut cargo = super::cargo_command(tools, "test --workspace --test http --test cli --test cluster")?;
    cargo.env("DOORSTEP_TEST_POSTGRES", cluster.url());
    // Cargo runs the test binaries in sequence, so that one of them may restart the cluster.
    command::run(cargo.env("DOORSTEP_TEST_POSTGRES_CONTROL", words(&cluster.program("pg_ctl"))))
}

/// Whether commits are synchronized to disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Commits are on disk, as by default.
    OnDisk,
    /// Data is lost in a power failure.
    InMemory,
}

/// A cluster that is stopped and removed when dropped.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    pub(crate) fn start(programs: &Path, durability: Durability) -> Result<Self> {
        let folder = env::temp_dir().join(format!("doorstep-postgres-{}", process::id()));
        DirBuilder::new().create(&folder).with_context(|| format!("making {}", folder.display()))?;
        // The port may be taken by another program before the cluster starts.
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
        // The daemon must not keep our stdout open.
        command::run(start.stdout(Stdio::null()))?;
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://doorstep@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    /// A command of one of PostgreSQL's programs, for the data of this cluster.
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

/// A command, one word per line.
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

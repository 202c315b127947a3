//! The HTTP tests once more, over PostgreSQL: a cluster of their own in a folder of its own, which ends with them.

use std::{
    env,
    fs::{self, DirBuilder},
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
    let cluster = Cluster::start(tools.postgres()?)?;
    let mut cargo = super::cargo_command(tools, "test --package doorstep-server --test http --test cli")?;
    command::run(cargo.env("DOORSTEP_TEST_POSTGRES", cluster.url()))
}

/// A cluster that ends, and is removed, when it is dropped. What it holds is lost with the machine's power: it writes nothing
/// to the disk in time.
pub(super) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    pub(super) fn start(programs: &Path) -> Result<Self> {
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
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c max_connections=300 -c fsync=off \
             -c full_page_writes=off"
        );
        let mut start = cluster.program("pg_ctl");
        start.args(["start", "-w", "-o", &options, "-l"]).arg(cluster.folder.join("log"));
        // What runs on must not hold our output open.
        command::run(start.stdout(Stdio::null()))?;
        Ok(cluster)
    }

    pub(super) fn url(&self) -> String {
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

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        let _ = command::output(stop.args(["stop", "-w", "-m", "immediate"]));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

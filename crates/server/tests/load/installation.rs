//! The server under load, as a process with few descriptors.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::client::Client;

pub(crate) const PASSWORD: &str = "seven clouds over lisbon";

/// The default limit of descriptors on many systems.
const DESCRIPTORS: u32 = 1024;

pub(crate) struct Installation {
    folder: PathBuf,
    server: Child,
    address: SocketAddr,
    large_file: String,
}

impl Installation {
    /// Starts it with an account, `ada`; `None` without a built server.
    pub(crate) fn start() -> Option<Self> {
        Self::start_by("load", |_| Vec::new())
    }

    /// The same under another program, given by the words in front; `folder` is the server's.
    pub(crate) fn start_by(name: &str, program: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let binary = env::var_os("DOORSTEP_BIN")?;
        let folder = env::temp_dir().join(format!("doorstep-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        let config = folder.join("doorstep.toml");
        fs::write(&config, "trusted_proxies = [\"127.0.0.1/32\"]\n").expect("is written");
        #[cfg(unix)]
        for (path, mode) in [(&folder, 0o700), (&config, 0o600)] {
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("is set");
        }

        let limited = format!("ulimit -n {DESCRIPTORS} && exec \"$@\"");
        let mut command = clean("sh");
        command
            .args(["-c", &limited, "sh"])
            .args(program(&folder))
            .arg(&binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(&config);
        command.arg("--data-dir").arg(&folder).stdout(Stdio::piped());
        command.stderr(fs::File::create(folder.join("log")).expect("is created"));
        let mut server = command.spawn().expect("starts");
        let mut said = String::new();
        let mut lines = BufReader::new(server.stdout.take().expect("is piped"));
        while !said.contains("listening on http://") {
            assert!(lines.read_line(&mut said).expect("is read") > 0, "the server ended: {said}");
        }
        let address = said.rsplit("http://").next().expect("is stated").trim().parse().expect("is an address");
        let mut here = Self { folder, server, address, large_file: String::new() };
        here.large_file = here.find_large_file();

        let add = ["user", "add", "ada", "--email", "ada@example.org", "--data-dir"];
        let mut command = clean(&binary);
        command.args(add).arg(&here.folder).arg("--config").arg(&config).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut command = command.spawn().expect("starts");
        writeln!(command.stdin.take().expect("is piped"), "{PASSWORD}").expect("is read");
        assert!(command.wait().expect("ends").success());
        Some(here)
    }

    /// The listen address.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The id of its process.
    pub(crate) fn process(&self) -> u32 {
        self.server.id()
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A connection from the trusted proxy.
    pub(crate) fn proxied(&self) -> Client {
        self.from("127.0.0.1")
    }

    /// A connection from an address of this machine.
    pub(crate) fn from(&self, address: &str) -> Client {
        Client::connect(address.parse().expect("is an address"), self.address)
    }

    /// The path of the largest file of the app that the sign-in page loads.
    pub(crate) fn large_file(&self) -> String {
        self.large_file.clone()
    }

    fn find_large_file(&self) -> String {
        let page = self.proxied().text("/login");
        let quoted = page.split('"').filter(|text| text.starts_with("/assets/"));
        let sized = quoted.map(|path| (self.proxied().text(path).len(), path.to_owned()));
        let (size, path) = sized.max().expect("the server was built with the app");
        println!("{path}: {size} bytes");
        path
    }

    /// The peak of the resident memory, in bytes.
    pub(crate) fn most_resident(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// Whether the resident memory falls to this value. The allocator returns unused memory within seconds.
    pub(crate) fn gives_back(&self, max: u64) -> bool {
        (0..120).any(|_| {
            thread::sleep(Duration::from_millis(500));
            self.status("VmRSS:") < max
        })
    }

    /// Prints the resident memory.
    pub(crate) fn report(&self, after: &str) {
        let megabytes = |bytes: u64| bytes / 1_000_000;
        let (now, most) = (self.status("VmRSS:"), self.most_resident());
        println!("after {after}: {} MB resident, at most {} MB", megabytes(now), megabytes(most));
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id())).expect("exists");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("exists");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("is a number");
        kilobytes * 1024
    }
}

/// A command without the user's own variables; a debug build still finds the app.
fn clean(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os().filter(|(name, _)| name != "DOORSTEP_DIST") {
        if name.to_string_lossy().starts_with("DOORSTEP_") {
            command.env_remove(name);
        }
    }
    command
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        if thread::panicking() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            let requests = log.lines().filter(|line| !line.contains("\"status\""));
            println!("{}", requests.take(50).collect::<Vec<_>>().join("\n"));
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

//! Doorstep behind nginx, with the files of `deploy/`.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::client::Client;

/// The host of the public URL in the examples.
pub(crate) const HOST: &str = "login.example.org";
/// The password of `ada`, an operator.
pub(crate) const PASSWORD: &str = "seven clouds over lisbon";

/// The servers and nginx, killed when dropped.
pub(crate) struct Installation {
    folder: PathBuf,
    servers: Vec<Child>,
    nginx: Child,
    https: SocketAddr,
    http: SocketAddr,
    tls: Arc<ClientConfig>,
}

/// The built server, if it is configured.
pub(crate) fn binary() -> Option<PathBuf> {
    env::var_os("DOORSTEP_BIN").map(PathBuf::from)
}

/// The content of a file in `deploy/`.
pub(crate) fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A new folder that nginx can read.
pub(crate) fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("doorstep-deploy-{name}-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).expect("is created");
    folder
}

impl Installation {
    /// Starts servers with the configuration of `deploy/`, behind nginx with these examples; `None` without a built
    /// server, or without a database that several servers can share.
    pub(crate) fn start(examples: &[&str], servers: usize) -> Option<Self> {
        let binary = binary()?;
        let database = env::var("DOORSTEP_TEST_POSTGRES").ok();
        if servers > 1 && database.is_none() {
            return None;
        }
        let folder = folder("nginx");
        let ports: Vec<SocketAddr> = (0..servers).map(|_| free()).collect();
        let database = if servers > 1 { database.map(|url| own_database(&url, &folder)) } else { None };
        let mut started = Vec::new();
        for (number, address) in ports.iter().enumerate() {
            let config = configuration(&folder, number, *address, database.as_deref());
            started.push(serve(&binary, &config));
        }
        add_ada(&binary, &folder.join("0.toml"));
        let (https, http) = (free(), free());
        certificate(&folder);
        for example in examples {
            let adapted = adapt(&file(&format!("nginx/{example}")), &folder, &ports, https, http);
            fs::write(folder.join(example), adapted).expect("is written");
        }
        let nginx = nginx(&folder, https);
        let tls = trusting(&folder.join("certificate.pem"));
        Some(Self { folder, servers: started, nginx, https, http, tls })
    }

    /// A browser at this address that uses TLS.
    pub(crate) fn browser(&self, from: &str) -> Client {
        Client::new(from.parse().expect("is an address"), self.https, Some(Arc::clone(&self.tls)))
    }

    /// The same without TLS.
    pub(crate) fn plain(&self, from: &str) -> Client {
        Client::new(from.parse().expect("is an address"), self.http, None)
    }

    /// The log of the first server.
    pub(crate) fn log(&self) -> String {
        self.logs().swap_remove(0)
    }

    /// The logs of all servers.
    pub(crate) fn logs(&self) -> Vec<String> {
        let read = |number| fs::read_to_string(self.folder.join(format!("{number}.log"))).expect("exists");
        (0..self.servers.len()).map(read).collect()
    }

    /// The error log of nginx.
    pub(crate) fn nginx_said(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        read("nginx.log") + &read("doorstep.log")
    }

    /// Kills one of the servers (`kill -9`).
    pub(crate) fn kill(&mut self, number: usize) {
        let server = self.servers.get_mut(number).expect("exists");
        server.kill().expect("can be ended");
        server.wait().expect("ends");
    }

    /// Starts it again.
    pub(crate) fn restart(&mut self, number: usize) {
        let server = self.servers.get_mut(number).expect("exists");
        *server = serve(&binary().expect("is named"), &self.folder.join(format!("{number}.toml")));
    }

    /// The output of an operator's command.
    pub(crate) fn operate(&self, words: &[&str], input: &str) -> String {
        operate(&binary().expect("is named"), &self.folder.join("0.toml"), words, input)
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if thread::panicking() {
            let logs: Vec<_> = self.logs().iter().flat_map(|log| log.lines().map(str::to_owned)).take(50).collect();
            println!("{}\n{}", logs.join("\n"), self.nginx_said());
        }
        for child in self.servers.iter_mut().chain([&mut self.nginx]) {
            if child.try_wait().is_ok_and(|ended| ended.is_some()) {
                continue;
            }
            // Nginx stops its workers only on a graceful signal.
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// An address of this machine with a free port.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("is free")
}

/// Replaces a text, which must exist.
#[track_caller]
fn replace(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the example has no `{from}` any more");
    text.replace(from, to)
}

/// `doorstep.toml` with other paths and addresses.
fn configuration(folder: &Path, number: usize, listen: SocketAddr, database: Option<&str>) -> PathBuf {
    let data = folder.join(format!("data-{number}"));
    let text = replace(&file("doorstep.toml"), "listen = \"127.0.0.1:8080\"", &format!("listen = \"{listen}\""));
    let mut text = replace(&text, "/var/lib/doorstep", &data.display().to_string());
    if let Some(database) = database {
        let (shared, example) = (folder.join("secret-key"), "# secret_key_file = \"/etc/doorstep/secret-key\"");
        fs::write(&shared, "q8dPzN1mVxT4sKfWb7YhRj2LcGaEuC9o\n").expect("is written");
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o600)).expect("is set");
        text = replace(&text, example, &format!("secret_key_file = {:?}", shared.display().to_string()));
        let example = text.lines().find(|line| line.starts_with("# database_url = ")).expect("is shown").to_owned();
        text = replace(&text, &example, &format!("database_url = {database:?}"));
    }
    let path = folder.join(format!("{number}.toml"));
    fs::write(&path, text).expect("is written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("is set");
    path
}

/// An example with other addresses, paths and certificate.
fn adapt(text: &str, folder: &Path, servers: &[SocketAddr], https: SocketAddr, http: SocketAddr) -> String {
    let mut text = text.to_owned();
    if text.contains("upstream doorstep") {
        let examples: &[&str] =
            if servers.len() > 1 { &["10.0.0.11:8080", "10.0.0.12:8080"] } else { &["127.0.0.1:8080"] };
        for (example, server) in examples.iter().zip(servers) {
            text = replace(&text, &format!("server {example}"), &format!("server {server}"));
        }
        return text;
    }
    let place = |name: &str| folder.join(name).display().to_string();
    text = replace(&text, "listen 443 ssl http2;", &format!("listen {https} ssl http2;"));
    text = replace(&text, "listen [::]:443 ssl http2;", "");
    text = replace(&text, "/etc/letsencrypt/live/login.example.org/fullchain.pem", &place("certificate.pem"));
    text = replace(&text, "/etc/letsencrypt/live/login.example.org/privkey.pem", &place("key.pem"));
    text = replace(&text, "/var/log/nginx/doorstep.log", &place("doorstep.log"));
    if text.contains("listen 80;") {
        text = replace(&text, "listen 80;", &format!("listen {http};"));
        text = replace(&text, "listen [::]:80;", "");
    }
    text
}

/// Creates a self-signed certificate for the host.
fn certificate(folder: &Path) {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]);
    openssl.args(["-subj", "/CN=login.example.org", "-addext", "subjectAltName=DNS:login.example.org"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"]).arg(folder.join("key.pem"));
    let made = openssl.arg("-out").arg(folder.join("certificate.pem")).output().expect("openssl starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn trusting(certificate: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).expect("is valid")).expect("is valid");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Arc::new(config.expect("are known").with_root_certificates(roots).with_no_client_auth())
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

/// Starts a server and waits until it is ready; its log is beside its configuration.
fn serve(binary: &Path, config: &Path) -> Child {
    let mut command = clean(binary);
    command.args(["serve", "--config"]).arg(config).stdout(Stdio::piped());
    command.stderr(fs::File::create(config.with_extension("log")).expect("is created"));
    let mut server = command.spawn().expect("starts");
    let mut said = String::new();
    let mut lines = BufReader::new(server.stdout.take().expect("is piped"));
    while !said.contains("listening on http://") {
        let log = || fs::read_to_string(config.with_extension("log")).unwrap_or_default();
        assert!(lines.read_line(&mut said).expect("is read") > 0, "the server ended: {said}{}", log());
    }
    server
}

fn add_ada(binary: &Path, config: &Path) {
    let add = ["user", "add", "ada", "--email", "ada@example.org", "--role", "operator"];
    operate(binary, config, &add, PASSWORD);
}

fn operate(binary: &Path, config: &Path, words: &[&str], input: &str) -> String {
    let mut command = clean(binary);
    command.args(words).arg("--config").arg(config).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    // A command that reads nothing may have ended already.
    let _ = writeln!(child.stdin.take().expect("is piped"), "{input}");
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Creates another database on that PostgreSQL server.
fn own_database(url: &str, folder: &Path) -> String {
    let name = folder.file_name().expect("exists").to_string_lossy().replace('-', "_");
    let mut own: url::Url = url.parse().expect("is a URL");
    let runtime = tokio::runtime::Runtime::new().expect("starts");
    runtime.block_on(async {
        use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
        let mut connection = sqlx::PgConnection::connect(url).await.expect("answers");
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("is created");
    });
    own.set_path(&name);
    own.into()
}

/// Starts nginx with files only in the folder, and waits until it accepts connections.
fn nginx(folder: &Path, https: SocketAddr) -> Child {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary =
        temporary.map(|name| format!("{name}_temp_path {};", folder.join(format!("temp-{name}")).display()));
    let temporary = temporary.join("\n");
    let (log, pid) = (folder.join("nginx.log"), folder.join("nginx.pid"));
    let config = format!(
        "daemon off;\nworker_processes 1;\npid {};\nerror_log {} warn;\nevents {{}}\nhttp {{\n{temporary}\n\
         include {}/*.conf;\n}}\n",
        pid.display(),
        log.display(),
        folder.display()
    );
    let main = folder.join("main");
    fs::write(&main, config).expect("is written");
    // nginx interprets the variable `NGINX`.
    let program = env::var_os("NGINX_BIN").unwrap_or_else(|| "nginx".into());
    let mut command = Command::new(program);
    command.arg("-c").arg(&main).arg("-p").arg(folder).arg("-e").arg(&log).stderr(Stdio::null());
    let mut nginx = command.spawn().expect("nginx starts");
    for _ in 0..400 {
        if TcpStream::connect(https).is_ok() {
            return nginx;
        }
        let ended = nginx.try_wait().expect("is known");
        assert!(ended.is_none(), "nginx ended: {}", fs::read_to_string(&log).unwrap_or_default());
        thread::sleep(Duration::from_millis(50));
    }
    panic!("nginx accepts no connection: {}", fs::read_to_string(&log).unwrap_or_default());
}

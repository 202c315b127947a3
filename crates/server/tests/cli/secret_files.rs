//! Files of secrets, as Docker and Kubernetes mount them: in a mount namespace of its own, whose user is root.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use super::Installation;

/// Mounts a folder, copies a secret there with a mode, and becomes the rest of the command line.
const SCRIPT: &str = "set -e; mount -t tmpfs secrets \"$1\"; cp \"$2\" \"$1/secret\"; chmod \"$3\" \"$1/secret\"; \
    mount -o \"remount,$4\" \"$1\"; shift 4; exec \"$@\"";

/// An installation whose secret key, or provider's secret, is in a file that is mounted.
struct Mounted {
    here: Installation,
    mount: PathBuf,
    secret: PathBuf,
}

impl Mounted {
    fn new(settings: &str) -> Self {
        let mut here = Installation::new();
        here.serve(&[]);
        here.stop();
        let mount = here.folder.join("mounted");
        fs::create_dir(&mount).expect("is created");
        let settings = settings.replace("FILE", mount.join("secret").to_str().expect("is text"));
        fs::write(here.folder.join("settings.toml"), settings).expect("is written");
        let secret = here.folder.join("secret-key");
        Self { here, mount, secret }
    }

    fn doorstep(&self, mode: &str, mounted: &str, arguments: &[&str]) -> Command {
        let doorstep = self.here.doorstep(arguments);
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh"]).arg(&self.mount).arg(&self.secret);
        command.args([mode, mounted]).arg(doorstep.get_program()).args(doorstep.get_args());
        command.arg("--config").arg(self.here.folder.join("settings.toml"));
        for (name, _) in doorstep.get_envs().filter(|(_, value)| value.is_none()) {
            command.env_remove(name);
        }
        command
    }
}

#[test]
fn a_secret_is_read_as_containers_get_it_and_refused_where_others_may_read_it() {
    let mounted = Mounted::new("secret_key_file = \"FILE\"\n");
    for (mode, is_mounted, is_taken) in [
        // Its owner alone.
        ("0600", "rw", true),
        ("0400", "rw", true),
        // Kubernetes with `fsGroup`: root's, and readable by a group of the server.
        ("0440", "rw", true),
        ("0640", "rw", true),
        ("0660", "rw", false),
        ("0444", "rw", false),
        ("0644", "rw", false),
        // Docker, and a secret volume of Kubernetes: what decides is who gets the mount.
        ("0440", "ro", true),
        ("0444", "ro", true),
        ("0644", "ro", true),
    ] {
        let output = mounted.doorstep(mode, is_mounted, &["user", "list"]).output().expect("util-linux is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_taken, "{mode} {is_mounted}: {said}");
        let is_named = said.contains(&format!("others may read it (mode {mode}); run: chmod 600 "));
        assert_eq!(is_named, !is_taken, "{mode} {is_mounted}: {said}");
    }
}

#[test]
fn the_secret_of_a_provider_is_read_from_such_a_file_too() {
    let mut mounted = Mounted::new(
        "[[sso.providers]]\nname = \"okta\"\nissuer = \"https://okta.example.org\"\nclient_id = \"doorstep\"\n\
         client_secret_file = \"FILE\"\n",
    );
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let refused = mounted.doorstep("0444", "rw", &serve).output().expect("util-linux is installed");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("others may read it (mode 0444)"), "{said}");
    let mut command = mounted.doorstep("0444", "ro", &serve);
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
    let mut lines = BufReader::new(server.stdout.take().expect("is piped")).lines();
    mounted.here.server = Some(server);
    assert!(lines.any(|line| line.expect("is read").starts_with("listening on http://")));
}

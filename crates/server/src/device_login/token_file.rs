//! The file of a token, readable only by its owner.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use url::Url;

use crate::private_files;

/// `doorstep/HOST-PORT.json` in the user's configuration folder; `None` without one.
#[must_use]
pub fn default_path(server: &Url) -> Option<PathBuf> {
    let folder = |name| env::var_os(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let settings = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(settings.join("doorstep").join(file_name(server)))
}

fn file_name(server: &Url) -> String {
    let host: String = server.host_str().unwrap_or_default().chars().filter(|c| !matches!(c, '[' | ']')).collect();
    let host = host.replace(':', "_");
    match server.port() {
        Some(port) => format!("{host}-{port}.json"),
        None => format!("{host}.json"),
    }
}

/// Replaces the file atomically; it is never readable by others, not even temporarily.
///
/// # Errors
/// When it can't be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_files::make_folder(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = private_files::options().write(true).create_new(true).open(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // Remove the temporary file; if that fails too, the first error is the one to report.
        let _ = fs::remove_file(&beside);
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_a_file_of_its_own() {
        for (server, name) in [
            ("https://login.example.org", "login.example.org.json"),
            ("http://127.0.0.1:8080/", "127.0.0.1-8080.json"),
            ("http://[::1]:8080", "__1-8080.json"),
        ] {
            assert_eq!(file_name(&server.parse().expect("is a URL")), name);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_token_is_readable_only_by_its_owner_even_when_it_replaces_a_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = env::temp_dir().join(format!("doorstep-token-{}", std::process::id()));
        let path = folder.join("sub").join("token.json");
        fs::create_dir_all(path.parent().expect("exists")).expect("is created");
        fs::write(&path, "older, and for everybody").expect("is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("is changed");
        write(&path, "secret").expect("is written");
        assert_eq!(fs::read_to_string(&path).expect("is read"), "secret");
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().expect("exists")).expect("is read").count(), 1);
        let _ = fs::remove_dir_all(folder);
    }
}

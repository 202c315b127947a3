//! Access rights of the data folder and the configuration file.
//!
//! A data folder that every user of the machine may write to is refused: anyone could replace the database or the
//! secret key. A folder writable by a group, or readable by others, only causes a warning: container volumes are
//! often created like that, and a server that does not start after an update would not help.

use std::path::Path;

use super::{ConfigError, file::File};

/// Checks the data folder; returns a warning.
pub(super) fn of_folder(path: &Path) -> Result<Option<String>, ConfigError> {
    let Some(mode) = mode(path)? else { return Ok(None) };
    let shown = path.display();
    if mode & 0o002 != 0 {
        let problem = format!("every user may write to it (mode {mode:04o}); run: chmod 700 {shown}");
        return Err(ConfigError::File { path: path.to_owned(), problem });
    }
    let group = mode & 0o020 != 0;
    Ok(group.then(|| format!("a group may write to the data folder {shown} (mode {mode:04o}); run: chmod 700 {shown}")))
}

/// Checks a configuration file; returns a warning.
pub(super) fn of_file(path: &Path, file: &File) -> Result<Option<String>, ConfigError> {
    let (Some(mode), Some(key)) = (mode(path)?, secret_in(file)) else { return Ok(None) };
    let shown = path.display();
    let others = mode & 0o004 != 0;
    Ok(others.then(|| format!("every user may read {key} in {shown} (mode {mode:04o}); run: chmod 640 {shown}")))
}

/// The first key in the file that contains a secret.
fn secret_in(file: &File) -> Option<&'static str> {
    let with_password = |url: &str| url::Url::parse(url).is_ok_and(|url| url.password().is_some());
    if file.mail.smtp_url.as_ref().is_some_and(|url| with_password(url.reveal())) {
        return Some("mail.smtp_url");
    }
    let in_parameter = |url: &str| url.contains("password=");
    if file.database_url.as_ref().is_some_and(|url| with_password(url.reveal()) || in_parameter(url.reveal())) {
        return Some("database_url");
    }
    file.sso.providers.iter().any(|provider| provider.client_secret.is_some()).then_some("sso.providers.client_secret")
}

/// The permissions; `None` if the file does not exist.
#[cfg(unix)]
fn mode(path: &Path) -> Result<Option<u32>, ConfigError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path);
    let metadata = metadata.map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
    Ok(Some(metadata.permissions().mode() & 0o777))
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Result<Option<u32>, ConfigError> {
    Ok(None)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use doorstep_contract::secret::Secret;

    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("is set");
    }

    #[test]
    fn a_data_folder_that_all_may_write_to_is_refused() {
        let folder = std::env::temp_dir().join(format!("doorstep-permissions-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("is created");
        for (mode, refused, warned) in [
            (0o700, false, false),
            (0o755, false, false),
            (0o770, false, true),
            (0o777, true, false),
            (0o703, true, false),
        ] {
            set(&folder, mode);
            let checked = of_folder(&folder);
            assert_eq!(checked.is_err(), refused, "{mode:o}");
            assert_eq!(checked.is_ok_and(|warning| warning.is_some()), warned, "{mode:o}");
        }
        fs::remove_dir_all(&folder).expect("is removed");
    }

    #[test]
    fn a_configuration_with_a_secret_that_all_may_read_is_warned_of() {
        let path = std::env::temp_dir().join(format!("doorstep-permissions-{}.toml", std::process::id()));
        fs::write(&path, "").expect("is written");
        let mut file = File::default();
        file.mail.smtp_url = Some(Secret::new("smtps://mail.example.org".to_owned()));
        set(&path, 0o644);
        assert!(of_file(&path, &file).expect("is read").is_none(), "it holds no password");
        file.mail.smtp_url = Some(Secret::new("smtps://user:hunter2@mail.example.org".to_owned()));
        let warning = of_file(&path, &file).expect("is read").expect("is warned of");
        assert!(warning.contains("mail.smtp_url") && !warning.contains("hunter2"), "{warning}");
        for url in ["postgres://u:hunter2@db/x", "postgres://db/x?user=u&password=hunter2"] {
            let database_url = Some(Secret::new(url));
            let warning =
                of_file(&path, &File { database_url, ..File::default() }).expect("is read").expect("is warned of");
            assert!(warning.contains("database_url") && !warning.contains("hunter2"), "{warning}");
        }
        set(&path, 0o640);
        assert!(of_file(&path, &file).expect("is read").is_none());
        fs::remove_file(&path).expect("is removed");
    }
}

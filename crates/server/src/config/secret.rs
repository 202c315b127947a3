//! Finding the secret keys: in `DOORSTEP_SECRET_KEY`, in a configured file, or in a file created on first start.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

#[cfg(unix)]
use super::file_access;
use super::{ConfigError, MissingKey, text_variable};
use crate::{
    domain::{random::Random, secret_key::SecretKeys},
    private_files,
};

const VARIABLE: &str = "DOORSTEP_SECRET_KEY";
const FILE_NAME: &str = "secret-key";

/// Whether the keys are in the environment rather than in a file.
pub(super) fn is_in_environment() -> Result<bool, ConfigError> {
    Ok(text_variable(VARIABLE)?.is_some())
}

pub(super) fn load(
    configured: Option<PathBuf>,
    data_dir: &Path,
    absent: MissingKey,
) -> Result<SecretKeys, ConfigError> {
    if let Some(text) = text_variable(VARIABLE)? {
        return SecretKeys::parse(&text)
            .map_err(|error| ConfigError::Value { name: VARIABLE, problem: error.to_string() });
    }
    let made_here = configured.is_none() && absent == MissingKey::Create;
    let path = configured.unwrap_or_else(|| data_dir.join(FILE_NAME));
    let text = match read(&path) {
        Err(ConfigError::Unreadable { error, .. }) if made_here && error.kind() == ErrorKind::NotFound => make(&path)?,
        result => result?,
    };
    SecretKeys::parse(&text).map_err(|error| ConfigError::File { path, problem: error.to_string() })
}

/// Reads a file with a secret, if its access rights are restricted ([`file_access`]).
pub(super) fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |error| ConfigError::Unreadable { path: path.to_owned(), error };
    #[cfg(unix)]
    if let Some(mode) = file_access::too_open(path).map_err(unreadable)? {
        return Err(ConfigError::File {
            path: path.to_owned(),
            problem: format!("others may read it (mode {mode:04o}); run: chmod 600 {}", path.display()),
        });
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    // A byte order mark is not part of the text.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// Creates a secret of 256 random bits, in a file that only its owner can read.
fn make(path: &Path) -> Result<String, ConfigError> {
    let unwritable = |error| ConfigError::Unreadable { path: path.to_owned(), error };
    let bytes: [u8; 32] = Random::system()
        .bytes()
        .map_err(|error| ConfigError::File { path: path.to_owned(), problem: error.to_string() })?;
    let text = format!(
        "# Doorstep's secret, newest first. Anyone who has it can forge cookies.\n{}\n",
        STANDARD_NO_PAD.encode(bytes)
    );
    let mut file = private_files::options().write(true).create_new(true).open(path).map_err(unwritable)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unwritable)?;
    Ok(text)
}

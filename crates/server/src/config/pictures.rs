//! Pictures that an operator brings, as they are served.

use std::{fs, path::Path};

use doorstep_contract::paths;
use sha2::{Digest as _, Sha256};

use super::ConfigError;

/// The endings of pictures that browsers show.
const PICTURES: [&str; 5] = ["svg", "png", "webp", "jpg", "jpeg"];
/// The largest picture, in bytes: it is part of the first thing that people wait for.
const MAX_PICTURE: usize = 100_000;

/// A file by the name that it is served under.
pub(super) type NamedFile = (String, Vec<u8>);

/// The file, under a name that holds a hash of its content. `what` it is.
pub(super) fn picture(what: &str, path: &Path) -> Result<NamedFile, ConfigError> {
    let problem = |problem: String| ConfigError::File { path: path.to_owned(), problem };
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).unwrap_or_default();
    if !PICTURES.contains(&ending.as_str()) {
        return Err(problem(format!("a picture ({what}) is one of: {}", PICTURES.join(", "))));
    }
    let bytes = fs::read(path).map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
    if bytes.len() > MAX_PICTURE {
        return Err(problem(format!("{} bytes; a picture ({what}) has at most {MAX_PICTURE}", bytes.len())));
    }
    let hash = hex::encode(Sha256::digest(&bytes));
    Ok((format!("{what}-{hash:.16}.{ending}"), bytes))
}

/// Where a file is served.
pub(super) fn address((name, _): &NamedFile) -> String {
    [paths::ASSETS, name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_no_logo() {
        let error = picture("logo", Path::new("/etc/passwd")).expect_err("is refused");
        assert!(error.to_string().contains("svg, png"), "{error}");
    }
}

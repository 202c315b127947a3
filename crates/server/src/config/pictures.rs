//! The operator's images.

use std::{fs, path::Path};

use doorstep_contract::paths;
use sha2::{Digest as _, Sha256};

use super::ConfigError;

/// File extensions of images that browsers display.
const PICTURES: [&str; 5] = ["svg", "png", "webp", "jpg", "jpeg"];
/// The largest image, in bytes: it is loaded with the first page.
const MAX_PICTURE: usize = 100_000;

/// A file, with the name under which it is served.
pub(super) type NamedFile = (String, Vec<u8>);

/// Reads an image and names it by `what` and a hash of its content.
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

/// The path under which a file is served.
pub(super) fn address((name, _): &NamedFile) -> String {
    [paths::ASSETS, name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_must_be_an_image() {
        let error = picture("logo", Path::new("/etc/passwd")).expect_err("is refused");
        assert!(error.to_string().contains("svg, png"), "{error}");
    }
}

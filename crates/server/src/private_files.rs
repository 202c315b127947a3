//! Files and folders that their owner alone can look into: what holds secrets or mails is made so, and not changed later.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
};

/// How to open a file that its owner alone can read and write, once it is made.
#[must_use]
pub fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode to set"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that its owner alone can look into, and those above it; one that is there stays as it is.
///
/// # Errors
/// When it can't be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn their_owner_alone_can_look_into_them() {
        let folder = std::env::temp_dir().join(format!("doorstep-private-{}", std::process::id()));
        make_folder(&folder.join("inner")).expect("is made");
        make_folder(&folder).expect("is there");
        let file = folder.join("file");
        options().write(true).create_new(true).open(&file).expect("is made");
        let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("inner")), mode(&file)), (0o700, 0o700, 0o600));
        fs::remove_dir_all(&folder).expect("is removed");
    }
}

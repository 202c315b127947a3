//! Files and folders that only their owner can access: created with these modes rather than changed later.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
};

/// Options that create a file which only its owner can read and write.
#[must_use]
pub fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are only set on Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a folder that only its owner can access, and its parents; an existing one is not changed.
///
/// # Errors
/// When it can't be created.
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
    fn only_the_owner_can_access_them() {
        let folder = std::env::temp_dir().join(format!("doorstep-private-{}", std::process::id()));
        make_folder(&folder.join("inner")).expect("is created");
        make_folder(&folder).expect("exists");
        let file = folder.join("file");
        options().write(true).create_new(true).open(&file).expect("is created");
        let mode = |path: &Path| fs::metadata(path).expect("exists").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("inner")), mode(&file)), (0o700, 0o700, 0o600));
        fs::remove_dir_all(&folder).expect("is removed");
    }
}

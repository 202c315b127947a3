//! Access rights of files with secrets.
//!
//! Usually only the owner may read such a file. Docker and Kubernetes mount secrets differently, and an operator
//! can't change that: as files of root, readable by a group of the server's process (0440, 0640), or by every
//! process of the container (0444) on a read-only mount. There, the container runtime controls who gets the mount.

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// The mode of a file that is readable by too many; `None` if it is private enough.
pub(super) fn too_open(path: &Path) -> io::Result<Option<u32>> {
    let file = fs::metadata(path)?;
    let seen = Seen {
        mode: file.mode() & 0o777,
        owner: file.uid(),
        group_is_ours: own_groups().contains(&file.gid()),
        mount_is_read_only: fs::canonicalize(path).is_ok_and(|path| is_on_read_only_mount(&path)),
    };
    Ok((!seen.is_private()).then_some(seen.mode))
}

/// The relevant properties of a file.
#[derive(Debug, Clone, Copy)]
struct Seen {
    mode: u32,
    owner: u32,
    group_is_ours: bool,
    mount_is_read_only: bool,
}

impl Seen {
    const fn denies(self, rights: u32) -> bool {
        self.mode & rights == 0
    }

    const fn is_private(self) -> bool {
        let owner_alone = self.denies(0o077);
        // The group may only read, others have no access.
        let group_too = self.denies(0o037) && self.owner == 0 && self.group_is_ours;
        owner_alone || group_too || self.mount_is_read_only
    }
}

/// The groups of this process, from `/proc`; empty where that is not available.
fn own_groups() -> Vec<u32> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter_map(|line| line.strip_prefix("Gid:").or_else(|| line.strip_prefix("Groups:")));
    lines.flat_map(str::split_whitespace).filter_map(|group| group.parse().ok()).collect()
}

fn is_on_read_only_mount(path: &Path) -> bool {
    fs::read_to_string("/proc/self/mountinfo").is_ok_and(|mounts| is_read_only(&mounts, path))
}

/// Whether the mount that contains this path is read-only (`proc_pid_mountinfo(5)`). Later mounts on the same point
/// hide earlier ones.
fn is_read_only(mounts: &str, path: &Path) -> bool {
    let of_line = |line: &str| {
        let mut fields = line.split(' ').skip(4);
        let place = PathBuf::from(unescaped(fields.next()?));
        let read_only = fields.next()?.split(',').any(|option| option == "ro");
        path.starts_with(&place).then(|| (place.components().count(), read_only))
    };
    let mount = mounts.lines().filter_map(of_line).max_by_key(|(depth, _)| *depth);
    mount.is_some_and(|(_, read_only)| read_only)
}

/// White space and backslashes are encoded as octal numbers in that file.
fn unescaped(field: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .into_iter()
        .fold(field.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_readable_by_its_owner_or_our_group_or_on_a_read_only_mount() {
        let seen = |mode, owner, group_is_ours, mount_is_read_only| {
            Seen { mode, owner, group_is_ours, mount_is_read_only }.is_private()
        };
        for (is_private, told) in [
            (seen(0o600, 1000, true, false), true),
            (seen(0o400, 0, false, false), true),
            // Kubernetes with `fsGroup`, or a file given to the service's group.
            (seen(0o440, 0, true, false), true),
            (seen(0o640, 0, true, false), true),
            (seen(0o440, 0, false, false), false),
            (seen(0o440, 1000, true, false), false),
            (seen(0o660, 0, true, false), false),
            // Docker, and Kubernetes without `fsGroup`.
            (seen(0o444, 0, false, true), true),
            (seen(0o644, 0, false, true), true),
            (seen(0o444, 0, true, false), false),
            (seen(0o644, 1000, true, false), false),
        ] {
            assert_eq!(is_private, told);
        }
    }

    #[test]
    fn the_mount_of_a_path_says_whether_it_is_read_only() {
        let mounts = "22 1 0:20 / / rw,relatime - overlay overlay rw\n\
            23 22 0:21 / /run rw - tmpfs tmpfs rw\n\
            24 23 0:22 / /run/secrets/okta ro,relatime - tmpfs tmpfs rw\n\
            25 22 0:23 / /my\\040secrets ro - tmpfs tmpfs rw\n\
            26 22 0:24 / /shared rw - tmpfs tmpfs ro\n\
            27 22 0:25 / /covered ro - tmpfs tmpfs rw\n\
            28 27 0:26 / /covered rw - tmpfs tmpfs rw\n";
        for (path, read_only) in [
            ("/run/secrets/okta", true),
            ("/run/secrets/other", false),
            ("/run/secrets/okta2", false),
            ("/my secrets/a", true),
            ("/etc/secret", false),
            ("/shared/a", false),
            ("/covered/a", false),
        ] {
            assert_eq!(is_read_only(mounts, Path::new(path)), read_only, "{path}");
        }
        assert!(!is_read_only("", Path::new("/x")) && !is_read_only("nonsense\n\n", Path::new("/x")));
    }
}

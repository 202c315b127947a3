//! `doorstep backup`.

use std::fs;

use crate::{Installation, PASSWORD};

#[test]
fn a_backup_beside_a_running_server_is_complete_private_and_usable() {
    let mut here = Installation::new();
    here.serve(&[]);
    here.json(&["user", "add", "ada", "--email", "ada@example.org"], PASSWORD);
    let elsewhere = Installation::new();
    fs::create_dir_all(&elsewhere.folder).expect("is created");
    let copy = elsewhere.folder.join("doorstep.sqlite3");
    let copied = here.json(&["backup", &copy.display().to_string()], "");
    let metadata = fs::metadata(&copy).expect("exists");
    assert_eq!(copied["bytes"], metadata.len());
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o600);

    // Without the secret key it is unusable; with it, it is the same installation.
    fs::copy(here.folder.join("secret-key"), elsewhere.folder.join("secret-key")).expect("is copied");
    assert_eq!(elsewhere.json(&["user", "list"], ""), here.json(&["user", "list"], ""));
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_behind_on_failure() {
    let mut here = Installation::new();
    here.serve(&[]);
    let taken = here.folder.join("taken");
    fs::write(&taken, "mine").expect("is written");
    let error = here.error(&["backup", &taken.display().to_string()], "");
    assert_eq!(error, format!("doorstep: {} already exists; choose a new file", taken.display()));
    assert_eq!(fs::read_to_string(&taken).expect("exists"), "mine");
    let nowhere = here.folder.join("nowhere").join("copy");
    let error = here.error(&["backup", &nowhere.display().to_string()], "");
    assert!(error.contains("can't be written: No such file"), "{error}");
    assert!(!nowhere.exists());
}

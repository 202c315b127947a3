//! Each app has the texts that it shows: the sections that its sources use list the app in their `apps`.

#![cfg(feature = "tables")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use doorstep_locales::sections;

/// The names of the apps, as in `xtask/src/dist.rs`.
const APPS: [&str; 3] = ["sign-in", "dashboard", "portal"];

/// The sources that only the dashboard has. All others may be in the sign-in app.
const DASHBOARD_ALONE: &[&str] = &[
    "app/header.rs",
    "app/nav.rs",
    "pages/account",
    "pages/audit",
    "pages/clients",
    "pages/home",
    "pages/projects",
    "session/reauth.rs",
    "ui/callout.rs",
    "ui/cancel.rs",
    "ui/copy.rs",
    "ui/gallery.rs",
    "ui/skeleton.rs",
    "widgets/about.rs",
    "widgets/actor.rs",
    "widgets/account_notices.rs",
    "widgets/actor.rs",
    "widgets/client_status.rs",
    "widgets/confirm.rs",
    "widgets/discard_guard.rs",
    "widgets/entries.rs",
    "widgets/list",
    "widgets/one.rs",
    "widgets/project_status.rs",
    "widgets/reauth_dialog.rs",
    "widgets/unsaved.rs",
];

/// The sources of the portal.
const PORTAL: &[&str] = &["document.rs", "portal", "widgets/connection_notice.rs", "widgets/project_status.rs"];

#[test]
fn every_app_has_the_texts_that_it_shows() {
    let mut missing = Vec::new();
    for file in sources(Path::new("")) {
        let is_in = |folders: &[&str]| folders.iter().any(|folder| file.starts_with(folder));
        let apps = [!is_in(DASHBOARD_ALONE) && !is_in(&["portal"]), !is_in(&["portal"]), is_in(PORTAL)];
        for (app, _) in APPS.iter().zip(apps).filter(|(_, shows)| *shows) {
            for section in named(&read(&file)) {
                let there = sections().iter().any(|other| other.name == section && other.apps.contains(app));
                if !there {
                    missing.push(format!("{}: [{section}] is not for the {app} app", file.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_section_lists_known_apps() {
    for section in sections() {
        assert!(section.apps.iter().all(|app| APPS.contains(app)), "{section:?}");
    }
}

#[test]
fn the_listed_sources_exist() {
    for path in DASHBOARD_ALONE.iter().chain(PORTAL) {
        assert!(root().join(path).exists(), "{path}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src")
}

fn read(file: &Path) -> String {
    fs::read_to_string(root().join(file)).expect("is read")
}

/// The files below a folder of the app's sources, as relative paths.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("is read").map(|entry| entry.expect("is read"));
    let below = entries.flat_map(|entry| {
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() { sources(&path) } else { vec![path] }
    });
    below.collect()
}

/// The sections that a source uses: `words::login`, or in `words::{login, token as words}`.
fn named(source: &str) -> BTreeSet<&str> {
    let lists = source.split("words::").skip(1).map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or_default(),
        None => rest.split([';', ',', ')', ' ']).next().unwrap_or_default(),
    });
    let names = lists.flat_map(|list| list.split(',')).map(|item| {
        let is_part = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        let item = item.trim();
        item.split(|letter| !is_part(letter)).next().unwrap_or_default()
    });
    names.filter(|name| !name.is_empty()).collect()
}
